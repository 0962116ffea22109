"""Trains one run of a lesson ahead, and keeps a checkpoint at each step that the lesson stops at.

On the CPU, on one thread, in float32: the same numbers each time, whatever the machine does beside it.
"""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.lessons.lesson_checks import recipe_of
from aestudio.runs.branch import branch_run
from aestudio.runs.history_files import history_path
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import versions
from aestudio.runs.start import resume_run, start_run
from aestudio.runs.weights_file import write_checkpoint_file
from aestudio.storage.digest import digest_of_texts
from aestudio.storage.files import read_bytes, replace_file, to_text
from aestudio.storage.json_text import number, parse_json, table_of
from aestudio.storage.os_errors import writing
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, Ended, HistoryCheckpointTaken, Paused, Started

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.lessons.lesson_file import LessonFile
    from aestudio.lessons.trainings import MadeChange, Training
    from aestudio.progress import Progress
    from aestudio.runs.start import RunEvents
    from aestudio.training.events import Checkpoint

READY = "ready.json"
MOST_BYTES = 1_000_000
EVERY_CORE = 1_000
"""Cores that are left free, so that one thread is left: how many there are must change no number."""
DEVICE = "cpu"


@dataclass(frozen=True)
class TrainedAhead:
    """A run that was trained ahead.

    run:     its folder, an ordinary run whose history has a checkpoint at each of the steps
    seconds: of training from its beginning, by step
    """

    run: KeptRun
    seconds: dict[int, float]


def training_key(lesson: LessonFile, training: Training) -> str:
    """The name of a training: another one if anything differs that could change a bit."""
    recipe = recipe_of(lesson.lesson.runs[training.run])
    assert recipe is not None, "a shipped model is not trained"
    branch = training.branch
    parts = [
        recipe.model_dump_json(),
        lesson.lesson.dataset,
        to_text([[one.step, one.setting, one.value] for one in training.changes]),
        to_text(versions()),
    ]
    if branch is not None:
        parts += [training_key(lesson, branch.base), str(branch.step), to_text(list(branch.settings))]
    return f"{training.run}-{digest_of_texts(parts)[:12]}"


def read_trained(folder: Path) -> TrainedAhead | None:
    """What was trained ahead in this folder; None if that is not there, or not whole."""
    try:
        table = table_of(parse_json(read_bytes(folder / READY, MOST_BYTES)))
        seconds = {int(step): number(value) for step, value in table_of(table["seconds"]).items()}
        run = KeptRun.at(folder / str(table["run"]))
        there = {entry.step for entry in run.history_checkpoints()}
    except (OSError, ValueError, KeyError, StudioError):
        return None
    return TrainedAhead(run, seconds) if seconds.keys() <= there else None


def train_ahead(
    lesson: LessonFile,
    training: Training,
    steps: tuple[int, ...],
    folder: Path,
    dataset: Dataset,
    base: KeptRun | None,
    progress: Progress,
) -> TrainedAhead:
    """Train it into this folder, replacing what is there; what is left of a failed try is removed.

    steps: those to be kept; base: the run that a branch leaves
    Raises StudioError, BadChoice, and what `progress` raises.
    """
    with writing(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        trained = _train(lesson, training, steps, folder, dataset, base, progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    table = {
        "run": trained.run.name,
        "seconds": {str(step): value for step, value in trained.seconds.items()},
    }
    replace_file(folder / READY, to_text(table, indent=1).encode())
    return trained


def _train(
    lesson: LessonFile,
    training: Training,
    steps: tuple[int, ...],
    folder: Path,
    dataset: Dataset,
    base: KeptRun | None,
    progress: Progress,
) -> TrainedAhead:
    recipe = recipe_of(lesson.lesson.runs[training.run])
    assert recipe is not None, "a shipped model is not trained"
    follower = _Follower(training.changes, steps, lesson.run_title(training.run), progress)
    if training.branch is None:
        title = f"{lesson.texts.title}: {lesson.run_title(training.run)}"
        events = start_run(
            recipe,
            dataset,
            follower.commands,
            folder=folder / training.run,
            title=title,
            device=DEVICE,
            spare_cores=EVERY_CORE,
        )
    else:
        assert base is not None, "what a branch leaves is trained before it"
        kept = branch_run(base, training.branch.step, dict(training.branch.settings), folder)
        events = resume_run(kept, dataset, follower.commands, device=DEVICE, spare_cores=EVERY_CORE)
    with closing(events):
        follower.follow(events)
    for step, checkpoint in follower.kept.items():
        path = history_path(events.folder, step)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_checkpoint_file(path, checkpoint)
    return TrainedAhead(KeptRun.at(events.folder), follower.seconds)


@dataclass
class _Follower:
    """Pulls the events of a training that stops at some steps, and keeps the checkpoint of each."""

    changes: tuple[MadeChange, ...]
    steps: tuple[int, ...]
    title: str
    progress: Progress
    commands: Commands = field(default_factory=Commands)
    kept: dict[int, Checkpoint] = field(default_factory=dict[int, "Checkpoint"])
    seconds: dict[int, float] = field(default_factory=dict[int, float])

    def follow(self, events: RunEvents) -> None:
        """Raises StudioError if the training ends before the last step."""
        stops = sorted({*self.steps, *(change.step for change in self.changes)})
        newest: Checkpoint | None = None
        spent, since = 0.0, time.monotonic()
        self.commands.pause()
        for event in events:
            match event:
                case Started():
                    self._require_length(event)
                    since = time.monotonic()
                case CheckpointTaken():
                    newest = event.checkpoint
                case HistoryCheckpointTaken():
                    self._keep(event.checkpoint, spent + time.monotonic() - since)
                case Paused():
                    spent += time.monotonic() - since
                    if newest is not None:
                        self._keep(newest, spent)
                    self.progress(event.step, stops[-1], f"Training {self.title}")
                    self._go_on(event.step, [step for step in stops if step > event.step])
                    since = time.monotonic()
                case Ended():
                    if newest is not None:
                        self._keep(newest, spent + time.monotonic() - since)
                    self._require_kept(event)
                case _:
                    pass

    def _keep(self, checkpoint: Checkpoint, seconds: float) -> None:
        step = checkpoint.snapshot.step
        if step in self.steps and step not in self.kept:
            self.kept[step] = checkpoint
            self.seconds[step] = seconds

    def _go_on(self, step: int, later: list[int]) -> None:
        """What follows the stop at a step."""
        for change in self.changes:
            if change.step == step:
                self.commands.change(change.setting, change.value)
        if later:
            self.commands.advance(later[0] - step)
        else:
            self.commands.stop()

    def _require_length(self, started: Started) -> None:
        total = started.epochs * started.steps_per_epoch
        if self.steps[-1] > total:
            raise StudioError(
                f"The lesson trains {self.title} to step {self.steps[-1]:,}, but it ends at {total:,}",
                where=self.title,
                advice=f"An epoch has {started.steps_per_epoch:,} steps: raise epochs in its settings, "
                "or advance by fewer steps.",
            )

    def _require_kept(self, ended: Ended) -> None:
        if ended.problem is not None:
            raise ended.problem
        missing = [step for step in self.steps if step not in self.kept]
        if missing:
            raise StudioError(
                f"The training of {self.title} ended at step {ended.last_step:,} ({ended.reason}), "
                f"before step {missing[0]:,} of the lesson",
                where=self.title,
                advice=ended.advice or "Change its settings.",
            )
