"""Any exception of a thread as a problem that can be shown."""

from __future__ import annotations

import logging

from aestudio.errors import StudioError, is_disk_full, is_out_of_memory

log = logging.getLogger(__name__)


def as_problem(error: BaseException, doing: str) -> StudioError:
    """The error itself if it is a StudioError; otherwise a new one that says what was being done.

    The unexpected ones go to the log with their traceback.
    """
    if isinstance(error, StudioError):
        return error
    log.error("while %s", doing, exc_info=error)
    if is_out_of_memory(error):
        return StudioError(
            f"Memory ran out while {doing}", advice="Try a smaller batch size, or another device."
        )
    if is_disk_full(error):
        return StudioError(
            f"The disk is full, while {doing}",
            where=str(getattr(error, "filename", None) or ""),
            advice="Free some space and retry.",
        )
    return StudioError(
        f"Something unexpected happened while {doing} ({type(error).__name__}: {error})",
        advice="Please report it; the log has the details.",
    )
