"""Intents about kept runs: list, open, rename, remove; and the shipped model that greets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.model_state import ExploredModel, GivenCodes
from aestudio.gui.state.series import Series
from aestudio.gui.state.subject import home_of
from aestudio.gui.state.training_state import TrainingState
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.errors import StudioError
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.drawings_file import NamedDrawing
    from aestudio.runs.index import KeptRun
    from aestudio.runs.metrics_file import Point
    from aestudio.runs.model_preview import ModelPreview
    from aestudio.training.checkpoint_history import HistoryCheckpoint
    from aestudio.training.events import Checkpoint, Snapshot

translate = QCoreApplication.translate

EXPORT = "export"
Split = Literal["test", "train", "all"]


@dataclass(frozen=True, eq=False)
class Opened:
    """A run read from its folder.

    checkpoint:  the newest whole state, to go on from; None where there is none
    passed_over: what to tell of newer ones that cannot be read
    """

    run: KeptRun
    snapshot: Snapshot
    checkpoint: Checkpoint | None
    training: Series
    validation: Series
    exhibit: ModelPreview | None
    moments: tuple[HistoryCheckpoint, ...] = ()
    pins: tuple[NamedDrawing, ...] = ()
    pins_problem: StudioError | None = None
    parent: Series = field(default_factory=Series)
    passed_over: StudioError | None = None


class RunsController:
    """What the window may ask of the kept runs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def refresh(self) -> None:
        """Read the list of runs again."""

        def read(progress: Progress) -> tuple[KeptRun, ...]:  # noqa: ARG001 - quick
            from aestudio.runs.index import list_runs

            return list_runs()

        self._session.run_task("runs", "the runs were being listed", read, self._listed)

    def _listed(self, letter: TaskDone) -> None:
        if letter.value is not None:
            self._session.update(runs=letter.value)
        elif letter.problem is not None:
            self._session.say(str(letter.problem), "bad")

    def open(self, word: str) -> None:
        """Show a kept run, by name or folder, or a shipped model, exactly as it was."""
        if self._session.state.training.active or self._session.state.twins.active:
            self._session.say(
                translate("session", "A training runs: stop it before opening another run."), "warn"
            )
            return

        def read(progress: Progress) -> Opened:  # noqa: ARG001 - quick
            return read_run(word)

        self._session.run_task("open", "the run was being opened", read, self._opened)

    def _opened(self, letter: TaskDone) -> None:
        session = self._session
        if letter.problem is not None:
            session.say(str(letter.problem), "bad")
        # A training that was started meanwhile goes first.
        if letter.value is not None and not session.state.training.active:
            self.show(letter.value)

    def show(self, opened: Opened) -> None:
        """Take over a run that was read."""
        session = self._session
        complete = opened.run.status in ("finished", "early_stopping")
        checkpoint = None if complete else opened.checkpoint
        exhibit, shipped = opened.exhibit, opened.run.shipped
        ranges = exhibit.ranges if exhibit is not None else None
        given = GivenCodes(exhibit.codes, exhibit.labels) if exhibit is not None else None
        training = TrainingState(
            run=opened.run.name, folder=opened.run.folder,
            training=opened.training, validation=opened.validation,
            checkpoint=checkpoint, live=MappingProxyType(dict(checkpoint.live) if checkpoint else {}),
            parent=opened.parent,
        )  # fmt: skip
        session.update(
            recipe=opened.snapshot.recipe,
            model=ExploredModel(
                opened.snapshot, opened.run.title, "shipped" if shipped else "kept", ranges, given
            ),
            sample=exhibit.digits if exhibit is not None else session.state.sample,
            training=training,
            timeline=session.state.timeline.of_run(opened.run.name, opened.run.folder, opened.moments),
        )
        session.pins.opened(opened.run.folder, opened.pins, damaged=opened.pins_problem is not None)
        if opened.pins_problem is not None:
            session.say(str(opened.pins_problem), "warn")
        elif opened.passed_over is not None and not complete:
            session.say(str(opened.passed_over), "warn")
        else:
            session.say(_opened_words(opened.run.title, checkpoint))
        if not shipped and session.state.data.phase != "none":
            session.data.choose_for(opened.run)

    def rename(self, run: KeptRun, title: str) -> None:
        """Give a run another title."""
        done = translate("session", "The run was renamed.")
        self._change(done, lambda: run.rename(title))

    def remove(self, run: KeptRun) -> None:
        """Move a run to the trash folder beside the runs."""
        self._change(translate("session", "The run was moved to the trash folder."), run.move_to_trash)

    def _change(self, done: str, change: Callable[[], object]) -> None:
        def work(progress: Progress) -> object:  # noqa: ARG001 - quick
            return change()

        def after(letter: TaskDone) -> None:
            problem = letter.problem
            self._session.say(str(problem) if problem else done, "bad" if problem else "plain")
            self.refresh()

        self._session.run_task("change run", "the run was being changed", work, after)

    def export_features(self, path: Path, split: Split = "test") -> None:
        """Write the codes of a whole split of the dataset, or of all of it, as features.npz."""
        state = self._session.state
        if state.snapshot is None or state.data.dataset is None:
            self._session.say(translate("session", "There is no dataset to encode yet."), "warn")
            return
        snapshot = state.snapshot
        dataset = state.data.dataset
        digits = dataset if split == "all" else dataset.test if split == "test" else dataset.train

        def work(progress: Progress) -> int:
            from aestudio.export.features import export_features
            from aestudio.training.threads import use_threads

            use_threads()  # a new thread begins with as many as the last training chose
            return export_features(snapshot, digits, path, progress, split)

        def after(letter: TaskDone) -> None:
            if letter.problem is not None:
                self._session.say(str(letter.problem), "bad")
            elif letter.cancelled:
                self._session.say(translate("session", "The export was cancelled; no file was written."))
            else:
                self._session.say(
                    translate("session", "Wrote {} codes to {}.").format(f"{letter.value:,}", path), "good"
                )

        self._session.run_task(EXPORT, "the codes were being written", work, after)

    def cancel_export(self) -> None:
        """Stop writing codes; no file is left."""
        self._session.tasks.cancel(EXPORT)


def read_run(word: str) -> Opened:
    """All that is shown of a run, by name or folder; raises BadChoice, StudioError."""
    from aestudio.runs.index import find_run

    run = find_run(word)
    _ = run.exhibit  # read here, on the task's thread, and kept by the run
    newest = run.newest_state()
    points = run.points()
    by_split = {split: _series(points, split) for split in ("training", "validation")}
    snapshot = replace(run.snapshot(), home=home_of(run.name, run.folder))
    return Opened(
        run, snapshot, newest.checkpoint, by_split["training"], by_split["validation"], run.exhibit,
        run.moments(), *_pins_of(run.folder), parent=_parent_of(run), passed_over=newest.passed_over,
    )  # fmt: skip


def _opened_words(title: str, checkpoint: Checkpoint | None) -> str:
    """What was opened, and from which step the run can go on, if it can."""
    if checkpoint is None:
        return translate("session", "Opened {}.").format(title)
    step = int(checkpoint.counters["step"])
    return translate("session", "Opened {}. Go on continues from step {}.").format(title, f"{step:,}")


def _series(points: tuple[Point, ...], split: str, after: int = -1) -> Series:
    wanted = [p for p in points if isinstance(p, MetricPoint) and p.split == split and p.step > after]
    return Series().with_points(wanted)


def _parent_of(run: KeptRun) -> Series:
    """How the run went on that a branch has left: its training points from there on, where they still are."""
    from aestudio.errors import StudioError
    from aestudio.runs.metrics_file import read_points

    origin = run.sound.branched_from
    if origin is None:
        return Series()
    try:
        return _series(read_points(run.folder.parent / origin.run), "training", origin.step)
    except StudioError:
        return Series()


def _pins_of(folder: Path) -> tuple[tuple[NamedDrawing, ...], StudioError | None]:
    """The run's drawings; a damaged file of them is told, and keeps nobody from opening the run."""
    from aestudio.errors import StudioError
    from aestudio.runs.drawings_file import read_drawings

    try:
        return read_drawings(folder), None
    except StudioError as problem:
        return (), problem
