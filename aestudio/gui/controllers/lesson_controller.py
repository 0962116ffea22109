"""Intents about lessons: list, prepare and give one; go to a step; guess."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.errors import BadChoice
from aestudio.gui.state.effects.reactions import WriteLessonRecord
from aestudio.gui.state.lesson_state import (
    LessonState,
    reachable,
    with_answer,
    with_commitment,
    with_lesson,
    with_list,
    with_step,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.gui.workers.opened_run import OpenedRun
    from aestudio.lessons.lesson_file import LessonFile
    from aestudio.lessons.prepared import Prepared
    from aestudio.lessons.scores import Outcome
    from aestudio.progress import Progress

translate = QCoreApplication.translate

LIST, READ, PREPARE, OPEN, WRITE = (
    "list lessons",
    "read lesson",
    "prepare lesson",
    "open lesson step",
    "write lesson record",
)


@dataclass(frozen=True, eq=False)
class OpenedStep:
    """A step that was read on a task's thread. run: the one that it shows, None if it is shown already"""

    index: int
    run: OpenedRun | None
    numbers: Mapping[str, str]
    outcomes: Mapping[int, Outcome]
    spreads: Mapping[int, float]


class LessonController:
    """Gives lessons: what a step shows is read on a task's thread, from what was prepared."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.react_with(WriteLessonRecord, self._write_record)

    @property
    def _state(self) -> LessonState:
        return self._store.state.lesson

    def _become(self, state: LessonState) -> None:
        self._store.update(lesson=state)

    # ---- which lesson -----------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the lessons that there are."""

        def work(progress: Progress) -> Any:  # noqa: ARG001 - quick
            from aestudio.lessons.lesson_library import list_lessons

            return list_lessons()

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                self._become(with_list(self._state, *message.value))

        self._store.run_task(LIST, "the lessons were being listed", work, after, urgent=True)

    def close(self) -> None:
        """Close the panel; the run stays on the screen. What was committed is in its file."""
        self._store.tasks.cancel(PREPARE)
        self._become(LessonState(openings=self._state.openings))

    def give(self, name_or_path: str) -> None:
        """Begin a lesson, by its name or file; one that is not prepared yet waits for that."""

        def work(progress: Progress) -> tuple[LessonFile, Prepared | None]:  # noqa: ARG001 - quick
            from aestudio.lessons.lesson_library import find_lesson
            from aestudio.lessons.prepared import read_prepared

            file = find_lesson(name_or_path)
            return file, read_prepared(file)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                self._begin(*message.value)

        self._store.run_task(READ, "the lesson was being read", work, after, urgent=True)

    def _begin(self, file: LessonFile, prepared: Prepared | None) -> None:
        from aestudio.lessons.lesson_record import LessonRecord, now_text, record_path

        record = LessonRecord(file.name, now_text())
        self._become(with_lesson(self._state, file, prepared, record, record_path(record)))
        if prepared is not None:
            self.go_to(0)

    def prepare(self) -> None:
        """Train and measure ahead what the lesson shows; not beside a training."""
        file, store = self._state.file, self._store
        if file is None:
            return
        if store.state.trained_phase not in ("idle", "ended"):
            store.show_message(
                translate("session", "A lesson is prepared when no training runs: stop it first."), "warn"
            )
            return
        folder = store.state.data.folder

        def work(progress: Progress) -> Prepared:
            from aestudio.lessons.prepared import prepare
            from aestudio.training.threads import use_threads

            use_threads()
            return prepare(file, progress, data_dir=folder)

        def after(message: TaskDone) -> None:
            if self._state.file is not file:
                return  # another lesson was chosen meanwhile
            if message.problem is not None:
                self._become(replace(self._state, problem=message.problem))
            elif message.value is not None:
                self._become(replace(self._state, prepared=message.value, problem=None))
                self.go_to(0)

        self._become(replace(self._state, problem=None))
        store.run_task(PREPARE, "the lesson was being prepared", work, after)

    def stop_preparing(self) -> None:
        """Stop; what was trained until now is used the next time."""
        self._store.tasks.cancel(PREPARE)

    # ---- steps ------------------------------------------------------------------------------------

    def forward(self) -> None:
        """Open the next step; a question must be answered first."""
        if self._state.must_guess:
            self._store.show_message(
                translate("session", "Commit a guess first: nothing is shown before it."), "warn"
            )
        else:
            self.go_to(self._state.wanted + 1)

    def back(self) -> None:
        """Open the step before."""
        self.go_to(self._state.wanted - 1)

    def go_to(self, index: int) -> None:
        """Open a step, by its number from 0 on; a guess on the way that is not committed stops it."""
        lesson, prepared = self._state, self._state.prepared
        if prepared is None:
            return
        wanted = reachable(lesson, index)
        if wanted != index and 0 <= index < len(prepared.file.lesson.steps):
            self._store.show_message(
                translate("session", "Commit the guess of step {} first.").format(wanted + 1), "warn"
            )
        self._become(replace(lesson, wanted=wanted))
        state = self._store.state
        run, snapshot = state.shown_run, state.snapshot
        shown = run.folder, -1 if snapshot is None or state.history.step is not None else snapshot.step
        committed = {
            place: answer
            for place, answer in lesson.committed.items()
            if prepared.file.lesson.reveal_of(place) == wanted
        }

        def work(progress: Progress) -> OpenedStep:  # noqa: ARG001 - less than a second
            return _read_step(prepared, wanted, shown, committed)

        def after(message: TaskDone) -> None:
            if self._state.prepared is not prepared or self._state.wanted != wanted:
                return
            if message.problem is not None:
                self._become(replace(self._state, problem=message.problem))
            elif message.value is not None:
                self._show(message.value)

        self._store.run_task(OPEN, "a step was being opened", work, after, urgent=True)

    def _show(self, opened: OpenedStep) -> None:
        store, prepared = self._store, self._state.prepared
        assert prepared is not None
        if opened.run is not None:
            if store.state.trained_phase == "preparing":
                store.show_message(
                    translate("session", "A training is getting ready: go on once it has begun."), "warn"
                )
                return
            store.intents.show_run(opened.run)
        state = prepared.state(opened.index)
        if state.digit is not None:
            store.intents.select_image(state.digit)
        self._become(with_step(self._state, opened.index, opened.numbers, opened.outcomes, opened.spreads))

    # ---- guesses ----------------------------------------------------------------------------------

    def answer(self, answer: Any) -> None:
        """Answer the open question, as long as nothing is committed; None for no answer. Raises BadChoice."""
        step = self._state.step
        if step is None or step.guess is None:
            return
        from aestudio.lessons.scores import checked_answer

        taken = None if answer is None else checked_answer(step.guess, answer)
        self._become(with_answer(self._state, taken))

    def choose(self, number: int) -> None:
        """Answer a choice, by the number of the option from 1 on; other numbers do nothing."""
        try:
            self.answer(number - 1)
        except BadChoice:
            return

    def commit(self) -> None:
        """Commit the answer: it does not change any more, and what follows can be seen."""
        from aestudio.lessons.lesson_record import now_text

        if self._state.must_guess and self._state.answer is None:
            self._store.show_message(translate("session", "Guess first, then commit."), "warn")
            return
        self._become(with_commitment(self._state, now_text()))

    def _write_record(self, reaction: WriteLessonRecord) -> None:
        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            from aestudio.lessons.lesson_record import write_lesson_record

            write_lesson_record(reaction.record, reaction.path)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")

        self._store.run_task(WRITE, "the guesses were being written", work, after, urgent=True)


def _read_step(
    prepared: Prepared, index: int, shown: tuple[object, int], committed: Mapping[int, Any]
) -> OpenedStep:
    """What a step shows; raises StudioError. shown: folder and step of the run on the screen"""
    from aestudio.gui.workers.opened_run import read_run, read_run_until
    from aestudio.lessons.guesses import PointGuess
    from aestudio.lessons.trainings import SHIPPED_STEP

    point, steps = prepared.state(index).point, prepared.file.lesson.steps
    opened = None
    if point is not None:
        run = prepared.run_of(point)
        if point.step == SHIPPED_STEP:
            opened = None if run.folder == shown[0] else read_run(run)
        elif (run.folder, point.step) != shown:
            opened = read_run_until(run, point.step)
    outcomes = {place: prepared.outcome(place, answer) for place, answer in committed.items()}
    points = [place for place in (index, *committed) if isinstance(steps[place].guess, PointGuess)]
    spreads = {place: prepared.measured_of(place)[1] for place in points}
    return OpenedStep(index, opened, prepared.numbers(index), outcomes, spreads)
