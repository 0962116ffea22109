"""Removed runs: in the folder `trash` beside the runs they can be restored; then they go to the system's.

Undo must bring back a run of any size at once and on every system. That is a rename, and no system's trash
offers it: the ways to put something there do not tell reliably how to get it back. So a removed run first
stays here, and the oldest go to the system's trash when they take more than a gigabyte together.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError, ignore_problem
from aestudio.paths import runs_folder
from aestudio.progress import silent
from aestudio.runs.kept_run import TRASH, KeptRun
from aestudio.runs.removal_note import FILE as NOTE
from aestudio.runs.removal_note import RemovalNote, read_removal
from aestudio.runs.run_size import size_of
from aestudio.storage.files import free_name
from aestudio.storage.os_errors import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from aestudio.errors import OnProblem
    from aestudio.progress import Progress

LIMIT = 1_000_000_000  # bytes of all removed runs, about fifteen large ones


@dataclass(frozen=True, eq=False)
class RemovedRun:
    """A run in the trash folder. run: as it lies there; note: its former name, and when it was removed."""

    run: KeptRun
    note: RemovalNote

    @property
    def name(self) -> str:
        """The name that its folder had."""
        return self.note.name

    @property
    def title(self) -> str:
        """Its name for people."""
        run = self.run
        begun_with = run.record is None or run.record.title == run.name
        return self.name if run.labels.title is None and begun_with else run.title

    @property
    def date(self) -> datetime:
        """When it was removed."""
        return self.note.date

    @cached_property
    def size(self) -> int:
        """Bytes of its files."""
        return size_of(self.run.folder)


def removed_runs(folder: Path | None = None) -> tuple[RemovedRun, ...]:
    """The removed runs, the last removed first.

    folder: that of the kept runs beside which they lie; None for the user's own. Raises StudioError.
    """
    trash = (runs_folder() if folder is None else folder) / TRASH
    if not trash.is_dir():
        return ()
    with reading(trash):
        folders = [path for path in trash.iterdir() if path.is_dir()]
    return tuple(sorted(map(removed_run, folders), key=lambda one: (one.date, one.run.name), reverse=True))


def removed_run(folder: Path) -> RemovedRun:
    """The run in this folder within the trash folder."""
    return RemovedRun(KeptRun.at(folder), read_removal(folder))


def find_removed(name: str, folder: Path | None = None) -> RemovedRun:
    """The run of this former name, title or name in the trash folder, the last removed of several.

    Raises BadChoice if there is none.
    """
    removed = removed_runs(folder)
    ranks = ([one.name == name, one.title == name, one.run.name == name] for one in removed)
    found = [(rank.index(True), one) for rank, one in zip(ranks, removed, strict=True) if any(rank)]
    if found:
        return min(found, key=lambda one: one[0])[1]
    raise BadChoice("removed run", name, [one.name for one in removed[:12]] or "none was removed")


def remove(
    run: KeptRun,
    on_problem: OnProblem = ignore_problem,
    limit: int = LIMIT,
    to_system: Callable[[Path], None] | None = None,
) -> Path:
    """Move a run to the trash folder beside it; returns its new path, which `restore` takes.

    The oldest removed runs may go to the system's trash for it; `on_problem` receives why they do not.
    limit:     bytes of all removed runs
    to_system: moves a folder to the system's trash; None for `to_system_trash`
    Raises StudioError for a shipped model, and for a run that is being trained.
    """
    target = run.move_to_trash()
    try:
        hand_over(run.folder.parent, limit, to_system=to_system)
    except StudioError as problem:
        on_problem(problem)
    return target


def restore(folder: Path) -> KeptRun:
    """Move a removed run back beside the others, under its former name if that is free.

    folder: where it lies in the trash folder. Raises StudioError if it is not there.
    """
    if folder.parent.name != TRASH or not folder.is_dir():
        raise StudioError(
            "This run is not in the trash folder any more",
            where=str(folder),
            advice="Look for it in the system's trash.",
        )
    runs = folder.parent.parent
    with writing(runs):
        target = free_name(runs, read_removal(folder).name)
        shutil.move(folder, target)
    with suppress(OSError):
        (target / NOTE).unlink(missing_ok=True)
    return KeptRun.at(target)


def hand_over(
    folder: Path | None = None,
    limit: int = LIMIT,
    progress: Progress = silent,
    to_system: Callable[[Path], None] | None = None,
) -> tuple[RemovedRun, ...]:
    """Move the oldest removed runs to the system's trash until the others take at most `limit` bytes.

    The last removed one stays, so that its removal can be undone. Returns those that went. A limit of 0
    leaves only that one. Raises StudioError if the system takes one no more: it stays here.
    """
    send = to_system_trash if to_system is None else to_system
    gone: list[RemovedRun] = []
    removed = removed_runs(folder)
    total = sum(one.size for one in removed)
    for one in reversed(removed[1:]):
        if total <= limit:
            break
        progress(len(gone), None, "Moving removed runs to the system's trash")
        send(one.run.folder)
        total -= one.size
        gone.append(one)
    return tuple(gone)


def to_system_trash(folder: Path) -> None:
    """Move a folder to the trash of the user's system; raises StudioError if it has none for it."""
    from send2trash import send2trash

    try:
        send2trash(folder)
    except OSError as error:
        raise StudioError(
            f"The system's trash does not take this folder ({error.strerror or error})",
            where=str(folder),
            advice="It stays there: delete it yourself when you need the space.",
        ) from error
