"""Warnings about a run that cannot be recorded completely; each is given once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.storage.os_errors import is_full

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.errors import OnProblem


class RecordingWarnings:
    """Calls `on_problem` once for each problem, when it starts."""

    def __init__(self, on_problem: OnProblem) -> None:
        self._on_problem = on_problem
        self._save_problem: StudioError | None = None
        self._lost: StudioError | None = None
        self._reported: set[str] = set()

    @property
    def problem(self) -> StudioError | None:
        """The warning for the end of the run: its newest state is not kept, or is in another folder."""
        return self._save_problem or self._lost

    @property
    def refused(self) -> bool:
        """Whether the newest state could not be written the last time."""
        return self._save_problem is not None

    def save_failed(self, folder: Path, problem: StudioError) -> None:
        """The newest state could not be written."""
        new = self._save_problem is None
        self._save_problem = StudioError(
            f"The newest state of this run is not kept ({problem.what})",
            where=str(folder),
            advice="Free some space or give permission. Writing is tried again while the training runs.",
        )
        if new:
            self._on_problem(self._save_problem)

    def end(self, there: bool) -> None:
        """The training is over: what is not written now never will be. there: whether its folder exists"""
        if self._save_problem is not None:
            advice = (
                "Free some space or give permission, then resume this run: what came after its last "
                "checkpoint is trained again."
                if there
                else "Its folder was moved or deleted and no other one could be written: "
                "what came since is lost."
            )
            self._save_problem = StudioError(
                self._save_problem.what, where=self._save_problem.where, advice=advice
            )

    def kept(self) -> None:
        """Writing succeeds again."""
        self._save_problem = None

    def moved(self, lost: Path, folder: Path) -> None:
        """The folder was gone; the run is kept in another folder."""
        self._report_lost(
            StudioError(
                "The folder of this run was moved or deleted while it was trained",
                where=str(lost),
                advice=f'Its newest checkpoint and its curves are kept in "{folder}" instead; '
                "its history starts again there.",
            )
        )

    def deleted(self, folder: Path) -> None:
        """The folder exists, but its files were deleted."""
        self._reported.add("history")  # which states are gone is part of this
        self._report_lost(
            StudioError(
                "Files of this run were deleted while it was trained",
                where=str(folder),
                advice="Its newest checkpoint and its curves were written again; earlier "
                "checkpoints of its history are lost if they were deleted.",
            )
        )

    def no_space(self, folder: Path, size: int) -> None:
        """What the end of the training writes, `size` bytes, could not be reserved."""
        self._report_once(
            "room",
            StudioError(
                "The disk may have no room for the end of this training",
                where=str(folder),
                advice=f"Free {math.ceil(size / 1e6)} MB before it ends.",
            ),
        )

    def history_shortened(self, folder: Path, problem: StudioError | None = None) -> None:
        """A checkpoint of the history was not kept. problem: why; None if it was deleted for a newer one."""
        if problem is not None and not is_full(problem):
            what, advice = (
                f"A checkpoint of this run's history is not kept ({problem.what})",
                "The training continues.",
            )
        else:
            what = "The disk is full, so earlier checkpoints of this run's history are deleted for newer ones"
            advice = "Free some space to keep more of them. The training continues."
        self._report_once("history", StudioError(what, where=str(folder), advice=advice))

    def _report_lost(self, lost: StudioError) -> None:
        new, self._lost = self._lost is None or self._lost.where != lost.where, lost
        if new:
            self._on_problem(lost)

    def _report_once(self, subject: str, new: StudioError) -> None:
        """Report a lesser problem, unless the newest state has one."""
        if self._save_problem is None and subject not in self._reported:
            self._reported.add(subject)
            self._on_problem(new)
