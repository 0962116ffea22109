"""The lesson that is given: which step, which guesses were committed, what was measured. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from aestudio.lessons.lesson_record import KeptGuess, LessonRecord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.errors import StudioError
    from aestudio.lessons.declared_lesson import Step
    from aestudio.lessons.lesson_file import LessonFile
    from aestudio.lessons.prepared import Prepared
    from aestudio.lessons.scores import Outcome
    from aestudio.lessons.texts import StepTexts

LessonPage = Literal["closed", "list", "preparing", "step"]


@dataclass(frozen=True, eq=False)
class LessonState:
    """What the panel of lessons shows.

    page:      closed, the list of lessons, one that is to be prepared, or a step of one
    listed:    the lessons that there are; problems: why files of the user cannot be used
    problem:   why the lesson could not be read, prepared or opened; None if it could
    wanted:    the step that is being opened; shown: the one that is open, -1 before the first
    openings:  how many steps were opened so far: with each, the window is set up as it says
    answer:    to the question of the open step, not committed yet; None for none
    committed, outcomes: by the number of the step that asks
    numbers:   measured numbers in the texts of the open step, by name
    spreads:   of all codes on the map, by the number of a step that asks for a point
    record:    what is kept of it, in the file `record_path`
    """

    page: LessonPage = "closed"
    listed: tuple[LessonFile, ...] = ()
    problems: tuple[StudioError, ...] = ()
    problem: StudioError | None = None
    file: LessonFile | None = None
    prepared: Prepared | None = None
    wanted: int = 0
    shown: int = -1
    openings: int = 0
    answer: Any = None
    committed: Mapping[int, Any] = field(default_factory=lambda: MappingProxyType({}))
    outcomes: Mapping[int, Outcome] = field(default_factory=lambda: MappingProxyType({}))
    numbers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    spreads: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    record: LessonRecord | None = None
    record_path: Path | None = None

    @property
    def step(self) -> Step | None:
        """The step that is open."""
        return None if self.file is None or self.shown < 0 else self.file.lesson.steps[self.shown]

    @property
    def texts(self) -> StepTexts | None:
        """Its texts."""
        return None if self.step is None or self.file is None else self.file.texts.steps[self.step.id]

    @property
    def must_guess(self) -> bool:
        """Whether the open step waits for a guess: nothing is explained before it is committed."""
        return self.step is not None and self.step.guess is not None and self.shown not in self.committed

    @property
    def revealed(self) -> tuple[int, ...]:
        """The steps whose guesses are compared with what was measured in the open one."""
        if self.file is None:
            return ()
        lesson = self.file.lesson
        return tuple(index for index in sorted(self.outcomes) if lesson.reveal_of(index) == self.shown)


def with_list(
    state: LessonState, listed: tuple[LessonFile, ...], problems: tuple[StudioError, ...]
) -> LessonState:
    """The list of lessons in front."""
    return replace(state, page="list", listed=listed, problems=problems, problem=None)


def with_lesson(
    state: LessonState, file: LessonFile, prepared: Prepared | None, record: LessonRecord, path: Path
) -> LessonState:
    """A lesson is given from its first step on, or waits to be prepared."""
    return LessonState(
        page="step" if prepared is not None else "preparing",
        listed=state.listed,
        problems=state.problems,
        file=file,
        prepared=prepared,
        openings=state.openings,
        record=record,
        record_path=path,
    )


def reachable(state: LessonState, index: int) -> int:
    """The step that can be opened on the way to this one: none behind a guess that is not committed."""
    if state.file is None:
        return 0
    steps = state.file.lesson.steps
    wanted = max(0, min(index, len(steps) - 1))
    open_guesses = (
        place for place in range(wanted) if steps[place].guess is not None and place not in state.committed
    )
    return next(open_guesses, wanted)


def with_step(
    state: LessonState,
    index: int,
    numbers: Mapping[str, str],
    outcomes: Mapping[int, Outcome],
    spreads: Mapping[int, float],
) -> LessonState:
    """A step is open, with its measured numbers, and the outcomes of the guesses that it reveals."""
    record = state.record
    if record is not None and state.file is not None:
        for place, outcome in outcomes.items():
            record = record.with_measured(state.file.lesson.steps[place].id, outcome.measured, outcome.score)
    return replace(
        state,
        page="step",
        problem=None,
        wanted=index,
        shown=index,
        openings=state.openings + 1,
        answer=state.committed.get(index),
        numbers=MappingProxyType(dict(numbers)),
        outcomes=MappingProxyType({**state.outcomes, **outcomes}),
        spreads=MappingProxyType({**state.spreads, **spreads}),
        record=record,
    )


def with_answer(state: LessonState, answer: Any) -> LessonState:
    """An answer to the open question, as long as none is committed."""
    return replace(state, answer=answer) if state.must_guess else state


def with_commitment(state: LessonState, now: str) -> LessonState:
    """The answer is committed and does not change any more. now: the present time, ISO 8601"""
    step, texts = state.step, state.texts
    if not state.must_guess or state.answer is None or step is None or texts is None:
        return state
    assert step.guess is not None, "a step that waits for a guess has one"
    kept = KeptGuess(step.id, texts.question, step.guess.kind, state.answer, now)
    return replace(
        state,
        committed=MappingProxyType({**state.committed, state.shown: state.answer}),
        record=None if state.record is None else state.record.with_guess(kept),
    )
