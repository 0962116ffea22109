"""The newest complete state of a run, in whichever file: its checkpoint, or a checkpoint of its history.

A process can be killed at any time, so that either file may hold the newer state. A run resumes from the
newest state that can be read. Newer files that cannot be read are moved aside, never deleted.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aestudio.errors import StudioError
from aestudio.runs.history_files import history_files
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS, read_checkpoint_file, read_table, weights_step
from aestudio.storage.files import free_name
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.recipes.architecture import Architecture
    from aestudio.runs.run_record import RunRecord
    from aestudio.training.events import Checkpoint

SET_ASIDE_FOLDER = "aside"


@dataclass(frozen=True)
class StateFile:
    """A file that should hold a complete state. step: of the training loop; None if it cannot be read."""

    path: Path
    step: int | None

    def newer_than(self, step: int) -> bool:
        """Whether it holds, or may hold, a later state than this step."""
        return self.step is None or self.step > step


@dataclass(frozen=True, eq=False)
class NewestState:
    """The checkpoint that a run can resume from.

    checkpoint: the newest complete state, None if none was kept
    problems:   why newer ones cannot be read, the newest first
    """

    checkpoint: Checkpoint | None
    problems: tuple[StudioError, ...] = ()

    @property
    def step(self) -> int:
        """The step that the run resumes from, 0 if it starts again."""
        return 0 if self.checkpoint is None else int(self.checkpoint.counters["step"])

    @property
    def newer_problem(self) -> StudioError | None:
        """The warning about states that were skipped, None if there are none."""
        if not self.problems:
            return None
        first = self.problems[0]
        left = (
            "no other is left"
            if self.checkpoint is None
            else f"the newest that can be used is of step {self.step:,}"
        )
        return StudioError(
            f"The newest state of this run cannot be used ({first.what}); {left}",
            where=first.where,
            advice=f"Resuming moves what is newer into the run's folder '{SET_ASIDE_FOLDER}'.",
        )


def state_files(folder: Path) -> list[StateFile]:
    """The files that should hold a complete state, newest first; those without a readable step come first."""
    files = [StateFile(path, step) for step, path in history_files(folder)]
    path = folder / CHECKPOINT
    if path.exists():
        files.append(StateFile(path, _loop_step(path)))

    def order(file: StateFile) -> tuple[bool, int, bool]:
        return file.step is None, file.step or 0, file.path == path

    return sorted(files, key=order, reverse=True)


def newest_state(folder: Path, run: str, record: RunRecord) -> NewestState:
    """The newest state that can be read, as a state of the run of this name.

    A diverged run has states on their way to infinity: none that is newer than its good weights is taken.

    Raises StudioError if a state cannot be read for lack of permission: it may be complete.
    """
    return _newest(folder, run, record)[0]


def newest_state_file(folder: Path, run: str, record: RunRecord) -> Path | None:
    """The file that holds this state, None if there is none that can be read; raises as `newest_state`."""
    return _newest(folder, run, record)[1]


def _newest(folder: Path, run: str, record: RunRecord) -> tuple[NewestState, Path | None]:
    until = _last_good(folder, record)
    problems: list[StudioError] = []
    for file in state_files(folder):
        if until is not None and file.newer_than(until):
            continue
        try:
            return NewestState(_read(file, run, record.architecture), tuple(problems)), file.path
        except StudioError as problem:
            if isinstance(problem.__cause__, PermissionError):
                raise
            problems.append(problem)
    return NewestState(None, tuple(problems)), None


def would_undo(folder: Path, step: int, record: RunRecord) -> bool:
    """Whether the run is further than this step, from which it is to be resumed.

    For a start at step 0, any complete state counts; for a later step, a newer checkpoint file. A training
    that broke leaves newer checkpoints in the history beside an older checkpoint file: these are moved aside.
    """
    until = _last_good(folder, record)
    for file in state_files(folder):
        if not file.newer_than(step) or (until is not None and file.newer_than(until)):
            continue
        if step == 0 or file.path.name == CHECKPOINT:
            with suppress(StudioError):
                _read(file, record.name, record.architecture)
                return True
    return False


def holds_state(folder: Path, step: int) -> bool:
    """Whether a file with this step exists."""
    return any(file.step == step for file in state_files(folder))


def live_settings(folder: Path, step: int) -> Mapping[str, float]:
    """The values of the changed live settings in the state of this step; {} without such a state."""
    for file in state_files(folder):
        table = read_table(file.path) if file.step == step else None
        live = table.get("live") if table else None
        if isinstance(live, dict):
            return cast("dict[str, float]", live)  # compared only, so that other values do no harm
    return {}


def move_aside(folder: Path, step: int) -> Path | None:
    """Move files newer than this step into a new folder within the run's, and copy the metrics there.

    Returns the folder, None if nothing is newer. Raises StudioError.
    """
    newer = [file.path for file in state_files(folder) if file.newer_than(step)]
    weights = StateFile(folder / WEIGHTS, weights_step(folder))
    if weights.path.exists() and weights.newer_than(step):
        newer.append(weights.path)
    if not newer:
        return None
    target = free_name(folder, SET_ASIDE_FOLDER)
    with writing(target):
        target.mkdir()
        if (folder / METRICS).exists():
            shutil.copyfile(folder / METRICS, target / METRICS)
        for path in newer:
            path.replace(target / path.name)
    return target


def _read(file: StateFile, run: str, architecture: Architecture) -> Checkpoint:
    checkpoint = read_checkpoint_file(file.path, run, architecture)
    if file.step is None or int(checkpoint.counters["step"]) != file.step:
        raise StudioError("This checkpoint is not of the step in its name", where=str(file.path))
    return checkpoint


def _loop_step(path: Path) -> int | None:
    """The step that the loop had reached: after an early stop the weights are of an earlier one."""
    table = read_table(path)
    try:
        return None if table is None else int(float(table["counters"]["step"]))
    except (ValueError, TypeError, KeyError, OverflowError):
        return None


def _last_good(folder: Path, record: RunRecord) -> int | None:
    """The step after which a run diverged, None if it did not."""
    return weights_step(folder) if record.status == "diverged" else None
