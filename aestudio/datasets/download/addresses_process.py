"""Imports torchvision in a separate process, for the addresses and checksums of its data sets.

The import takes 5 s on two cores and holds the interpreter's lock for up to 0.4 s at a time: in the window's
process it would freeze a window that has just opened, and its memory would stay. In a separate process
nobody notices, and cancelling ends it at once.
"""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.helper_processes import ADDRESSES_PROCESS, helper_command, helper_flags

if TYPE_CHECKING:
    from aestudio.progress import Progress

_MOST_SECONDS = 120.0  # a cold import from a slow disk takes 30 s
_TICK = 0.1  # seconds between two calls of the progress callback
_ADVICE = (
    "Install torch and torchvision from the same place, or choose a folder that already holds the data, "
    "or use the built-in digits."
)


def read_addresses(progress: Progress, what: str) -> bytes:
    """What the process prints, one line of JSON; calls progress(0, None, what) ten times a second.

    What the callback raises ends the process and is raised here. Raises StudioError if the process cannot be
    started, takes too long, or cannot import torchvision.
    """
    started = time.monotonic()
    with _started() as process:
        try:
            while True:
                progress(0, None, what)
                if time.monotonic() - started > _MOST_SECONDS:
                    raise unusable(f"importing it took more than {_MOST_SECONDS:.0f} s")
                try:
                    output, errors = process.communicate(timeout=_TICK)
                    break
                except subprocess.TimeoutExpired:
                    continue
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        lines = errors.decode(errors="replace").split("\n")
        reason = next((line.strip() for line in reversed(lines) if line.strip()), "")
        raise unusable(reason or f"the process that imports it ended with code {process.returncode}")
    return output


def unusable(reason: str) -> StudioError:
    """The error for a torchvision that does not give the addresses."""
    return StudioError(
        f"torchvision, which lists the servers and checksums, cannot be used ({reason})"[:400],
        where="torchvision",
        advice=_ADVICE,
    )


def _started() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            helper_command(ADDRESSES_PROCESS, "aestudio.datasets.download.addresses_child"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=helper_flags(),
        )
    except (OSError, ValueError) as error:
        raise unusable(f"no process can be started: {error}") from error
