"""The weights to show of a run, whichever file holds the newest that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.newest_state import newest_state
from aestudio.runs.run_record import UNDER_WAY
from aestudio.runs.weights_file import WEIGHTS, checkpoint_step, read_checkpoint, read_snapshot, weights_step

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.errors import OnProblem
    from aestudio.runs.newest_state import NewestState
    from aestudio.runs.run_record import RunRecord, Status
    from aestudio.training.events import Snapshot


def newest_weights(
    folder: Path, run: str, record: RunRecord, status: Status | None, on_problem: OnProblem
) -> Snapshot:
    """The newest weights of a run, after an early stop the best ones.

    A run whose writer is gone has the weights that it would resume from, if they are the newest.

    status: as `KeptRun.status`
    on_problem: receives why weights are not read from the file that should hold them
    Raises StudioError if they cannot be read, and no checkpoint holds weights as new.
    """
    return _WeightsFinder(folder, run, record, on_problem).find(status)


@dataclass(frozen=True, eq=False)
class _WeightsFinder:
    """The files of one run."""

    folder: Path
    run: str
    record: RunRecord
    on_problem: OnProblem

    def find(self, status: Status | None) -> Snapshot:
        if status == "interrupted":
            newest = self._newest_state()
            checkpoint = newest.checkpoint
            if checkpoint is not None and self._resumes_from(checkpoint.snapshot):
                problem = newest.newer_problem or self._lost_weights(checkpoint.snapshot)
                if problem is not None:
                    self.on_problem(problem)
                return checkpoint.snapshot
        if self.record.status == "early_stopping":
            return self._best()
        return self._newest()

    def _newest_state(self) -> NewestState:
        return newest_state(self.folder, self.run, self.record)

    def _resumes_from(self, snapshot: Snapshot) -> bool:
        """Whether no newer weights than these can be used."""
        return self._unreadable_weights() or snapshot.step >= self._weights_step()

    def _unreadable_weights(self) -> bool:
        return (self.folder / WEIGHTS).exists() and weights_step(self.folder) is None

    def _lost_weights(self, snapshot: Snapshot) -> StudioError | None:
        """The warning that the run was further than these weights, whose successors cannot be read."""
        if snapshot.step >= self.record.step or not self._unreadable_weights():
            return None
        return StudioError(
            f"The weights of step {self.record.step:,} of this run cannot be read; those of step "
            f"{snapshot.step:,} are used, from which it resumes",
            where=str(self.folder / WEIGHTS),
            advice="Restore the file from a copy.",
        )

    def _weights_step(self) -> int:
        """The step of the weights, 0 without any; of a file whose step cannot be read, the record's step."""
        if not (self.folder / WEIGHTS).exists():
            return 0
        step = weights_step(self.folder)
        return self.record.step if step is None else step

    def _newest(self) -> Snapshot:
        architecture = self.record.architecture
        checkpointed = checkpoint_step(self.folder)
        try:
            snapshot = read_snapshot(self.folder, self.run, architecture)
        except StudioError as problem:
            if checkpointed is None:
                return self._from_history()
            # A training writes no weights so far, and its record before a checkpoint that waits for the disk.
            lost = self.record.status not in UNDER_WAY or (self.folder / WEIGHTS).exists()
            if lost and checkpointed < self.record.step:
                raise  # metrics of an older step would pass for those of this run
            replacement = read_checkpoint(self.folder, self.run, architecture).snapshot
            if lost:
                self.on_problem(_replaced(problem, replacement))
            return replacement
        # Checkpoints come more often than weights.
        if checkpointed is not None and checkpointed > snapshot.step:
            return read_checkpoint(self.folder, self.run, architecture).snapshot
        return snapshot

    def _from_history(self) -> Snapshot:
        """If there are neither weights nor a checkpoint yet: the newest checkpoint of the history."""
        newest = self._newest_state().checkpoint if self.record.status in UNDER_WAY else None
        if newest is None or newest.snapshot.step < self._weights_step():
            # Raises the error that explains it.
            return read_snapshot(self.folder, self.run, self.record.architecture)
        return newest.snapshot

    def _best(self) -> Snapshot:
        """The weights of an early stop; its checkpoint is of the last step and has them as well."""
        try:
            return read_snapshot(self.folder, self.run, self.record.architecture)
        except StudioError as problem:
            best = read_checkpoint(self.folder, self.run, self.record.architecture).best
            if best is None:
                raise
            self.on_problem(_replaced(problem, best))
            return best


def _replaced(problem: StudioError, replacement: Snapshot) -> StudioError:
    """The warning that weights come from the checkpoint, because of the problem with their own file."""
    return StudioError(
        f"The weights of this run cannot be read ({problem.what}); "
        f"those of step {replacement.step:,} in its checkpoint are used",
        where=problem.where,
        advice="Restore the file from a copy.",
    )
