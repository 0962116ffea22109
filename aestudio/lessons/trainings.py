"""The state of each step of a lesson: which run is at which step of which training. Pure functions.

A training is told by its recipe, its seed and the live changes so far, so a step's state is the same in
whatever order the steps are seen: it follows from the actions before it in the file, and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from aestudio.lessons.actions import (
    Action,
    Advance,
    Branch,
    Change,
    Compare,
    GoTo,
    MoveSlider,
    Open,
    Overlay,
    SelectDigit,
    SettingValue,
    Start,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aestudio.lessons.declared_lesson import Lesson, StartingState, Step
    from aestudio.lessons.guesses import MeasureOf


class UnclearState(Exception):
    """An action that the state before it does not allow. place: in the lesson's tables; what: a sentence"""

    def __init__(self, place: tuple[str | int, ...], what: str) -> None:
        super().__init__(what)
        self.place = place
        self.what = what


@dataclass(frozen=True)
class MadeChange:
    """A live setting that was changed at a step: it counts from the next one on."""

    step: int
    setting: str
    value: float


@dataclass(frozen=True)
class Branched:
    """Where a training left another one. settings: what differs, by name, in order"""

    base: Training
    step: int
    settings: tuple[tuple[str, SettingValue], ...]


@dataclass(frozen=True)
class Training:
    """What decides all bits of a run: the declared run, the branch, and the changes in order."""

    run: str
    branch: Branched | None = None
    changes: tuple[MadeChange, ...] = ()

    def until(self, step: int) -> Training:
        """The training with the changes that count at this step."""
        return replace(self, changes=tuple(one for one in self.changes if one.step < step))


@dataclass(frozen=True)
class TrainingPoint:
    """A run of the lesson at a step. name: as the lesson calls it; the step of a shipped model is -1"""

    name: str
    training: Training
    step: int


SHIPPED_STEP = -1


@dataclass(frozen=True)
class StepState:
    """What a step of a lesson shows at its end.

    shown:    the name of the run in front, "" before the first
    points:   where each run is that was begun; reached: the furthest step of each
    compared: the runs side by side; digit: the number of the selected test image
    sliders:  numbers of the code that were moved, by their number from 0 on
    """

    shown: str = ""
    points: Mapping[str, TrainingPoint] = field(default_factory=lambda: MappingProxyType({}))
    reached: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    compared: tuple[str, ...] = ()
    digit: int | None = None
    sliders: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    overlay: str = "none"

    @property
    def point(self) -> TrainingPoint | None:
        """Where the run in front is."""
        return self.points.get(self.shown)


def states_of(lesson: Lesson) -> tuple[StepState, ...]:
    """The state at the end of each step; raises UnclearState for an action that its state does not allow."""
    state = StepState()
    states: list[StepState] = []
    for index, step in enumerate(lesson.steps):
        state = _after_step(state, lesson, step, index)
        states.append(state)
    return tuple(states)


def _after_step(state: StepState, lesson: Lesson, step: Step, index: int) -> StepState:
    if step.start is not None:
        state = _started(state, lesson, step.start, ("steps", index, "start"))
    for number, action in enumerate(step.actions):
        state = after_action(state, lesson, action, ("steps", index, "actions", number))
    return state


def _started(
    state: StepState, lesson: Lesson, start: StartingState, place: tuple[str | int, ...]
) -> StepState:
    state = replace(state, sliders=MappingProxyType({}), compared=())
    if start.compare:
        return _compared(state, lesson, start.compare, place)
    assert start.run is not None
    state = _opened(state, lesson, start.run, place)
    point = state.points[start.run]
    if point.step == SHIPPED_STEP:
        return state
    fresh = point.training.branch.step if point.training.branch is not None else 0
    return _at_step(state, max(start.step, fresh))


def after_action(state: StepState, lesson: Lesson, action: Action, place: tuple[str | int, ...]) -> StepState:
    """The state after one action; raises UnclearState."""
    match action:
        case Open() | Start():
            state = _opened(state, lesson, action.run, place)
            if isinstance(action, Start):
                _trainable(state, place)
                state = _at_step(state, 0)
            return replace(state, compared=())
        case Advance():
            return _at_step(state, _trainable(state, place).step + action.steps)
        case Change():
            point = _trainable(state, place)
            change = MadeChange(point.step, action.setting, action.value)
            before = point.training.until(point.step)
            at_step = [one for one in point.training.changes if one.step == point.step]
            others = [one for one in at_step if one.setting != action.setting]
            changed = replace(before, changes=(*before.changes, *others, change))
            return _with_point(state, replace(point, training=changed))
        case GoTo():
            _trainable(state, place)
            if action.step > state.reached[state.shown]:
                raise UnclearState(
                    (*place, "step"),
                    f"{state.shown} has only reached step {state.reached[state.shown]:,} here: advance first",
                )
            return _at_step(state, action.step)
        case Branch():
            return _branched(state, lesson, action, place)
        case Compare():
            return _compared(state, lesson, action.runs, place)
        case _:
            return _shown(state, action)


def _shown(state: StepState, action: Action) -> StepState:
    """What changes only what is seen of a run."""
    match action:
        case SelectDigit():
            return replace(state, digit=action.index, sliders=MappingProxyType({}))
        case MoveSlider():
            moved = {**state.sliders, action.slider: action.value}
            return replace(state, sliders=MappingProxyType(moved))
        case Overlay():
            return replace(state, overlay=action.what)
        case _:
            return state


def _opened(state: StepState, lesson: Lesson, name: str, place: tuple[str | int, ...]) -> StepState:
    """The state with this run in front: where it was left, or fresh."""
    if name in state.points:
        return replace(state, shown=name)
    declared = lesson.runs.get(name)
    if declared is None:
        raise UnclearState(place, f"there is no run called {name} here: {_named(lesson, state)}")
    step = 0 if declared.model is None else SHIPPED_STEP
    return _with_point(replace(state, shown=name), TrainingPoint(name, Training(name), step))


def _named(lesson: Lesson, state: StepState) -> str:
    return ", ".join(dict.fromkeys((*lesson.runs, *state.points)))


def _compared(
    state: StepState, lesson: Lesson, names: tuple[str, ...], place: tuple[str | int, ...]
) -> StepState:
    front = state.shown
    for name in names:
        state = _opened(state, lesson, name, place)
    return replace(state, shown=front or names[0], compared=names)


def _branched(state: StepState, lesson: Lesson, action: Branch, place: tuple[str | int, ...]) -> StepState:
    point = _trainable(state, place)
    if action.run in state.points or action.run in lesson.runs:
        raise UnclearState((*place, "run"), f"a run called {action.run} is there already: name it otherwise")
    branch = Branched(point.training.until(point.step), point.step, tuple(sorted(action.settings.items())))
    training = Training(point.training.run, branch)
    shown = replace(state, shown=action.run, compared=())
    return _with_point(shown, TrainingPoint(action.run, training, point.step))


def _trainable(state: StepState, place: tuple[str | int, ...]) -> TrainingPoint:
    point = state.point
    if point is None:
        raise UnclearState(place, "no run is shown here: start or open one first")
    if point.step == SHIPPED_STEP:
        raise UnclearState(place, f"{point.name} is a shipped model, which cannot be trained further")
    return point


def _at_step(state: StepState, step: int) -> StepState:
    point = state.points[state.shown]
    return _with_point(state, replace(point, training=point.training.until(step), step=step))


def _with_point(state: StepState, point: TrainingPoint) -> StepState:
    reached = max(point.step, state.reached.get(point.name, 0))
    return replace(
        state,
        points=MappingProxyType({**state.points, point.name: point}),
        reached=MappingProxyType({**state.reached, point.name: reached}),
    )


def measured_points(state: StepState, measured: MeasureOf) -> tuple[TrainingPoint, ...]:
    """Where a number is measured in this state, and second where the one is that it is relative to.

    Raises KeyError if a run has not begun.
    """
    name = measured.run or state.shown
    own = _at(state.points[name], measured.step)
    if not measured.relative:
        return (own,)
    return own, _at(state.points[measured.relative_to or name], measured.relative_step)


def _at(point: TrainingPoint, step: int | None) -> TrainingPoint:
    if step is None or point.step == SHIPPED_STEP:
        return point
    return replace(point, training=point.training.until(step), step=step)


def is_on(point: TrainingPoint, training: Training) -> bool:
    """Whether a training passes through this point."""
    own, others = point.training.changes, training.changes
    if (point.training.run, point.training.branch) != (training.run, training.branch):
        return False
    if others[: len(own)] != own:
        return False
    return len(others) == len(own) or point.step <= others[len(own)].step


def needed_trainings(points: Iterable[TrainingPoint]) -> dict[Training, tuple[int, ...]]:
    """The fewest trainings that pass through all these points, with the steps that must be kept of each.

    What is branched off comes after what it leaves.
    """
    wanted = [point for point in points if point.step != SHIPPED_STEP]
    for point in list(wanted):
        branch = point.training.branch
        while branch is not None:
            wanted.append(TrainingPoint(point.name, branch.base, branch.step))
            branch = branch.base.branch
    longest = sorted(dict.fromkeys(point.training for point in wanted), key=lambda one: -len(one.changes))
    steps: dict[Training, set[int]] = {}
    for training in longest:
        own = [point for point in wanted if point.training == training]
        home = next((one for one in steps if all(is_on(point, one) for point in own)), training)
        steps.setdefault(home, set()).update(point.step for point in own)
    ordered = sorted(steps, key=_depth)
    return {training: tuple(sorted(steps[training])) for training in ordered}


def _depth(training: Training) -> int:
    return 0 if training.branch is None else 1 + _depth(training.branch.base)
