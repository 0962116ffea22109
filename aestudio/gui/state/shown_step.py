"""Which step a part of the window shows, and how old that is. Pure functions, without Qt and torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from aestudio.gui.state.step_times import StepTimes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.subject import Subject
    from aestudio.training.events import RunKey, Snapshot


@dataclass(frozen=True)
class ShownStep:
    """What a part shows of a run.

    step:    of the weights that it was computed with; None if it shows nothing of a run
    now:     the step that is shown; None without a run
    since:   when the window got the part's step, by `time.monotonic()`; None if that is not known, or if an
             earlier step is shown, so that the age of the part says nothing
    follows: whether steps follow one another: the part catches up and falls behind all the time
    """

    step: int | None
    now: int | None
    since: float | None = None
    follows: bool = False


def step_of_channels(state: StudioState, *channels: str) -> ShownStep:
    """The step of a part that shows the values of these channels: of the one that is farthest behind."""
    subjects = [
        result.request.subject
        for channel in channels
        if (result := state.results.get(channel)) is not None and result.value is not None
    ]
    about = [subject for subject in subjects if subject.step is not None and subject.runs]
    if not about:
        return ShownStep(None, newest_step(state))
    return max((_of_subject(state, subject) for subject in about), key=_behind)


def step_of_point(state: StudioState) -> ShownStep:
    """The step of the decoded image of the point in the latent space."""
    exploration, snapshot = state.exploration, state.snapshot
    if snapshot is None or exploration.image is None or exploration.step is None:
        return ShownStep(None, newest_step(state))
    run = (snapshot.run_key,)
    return _of_run(state, run, exploration.step, snapshot.step, follows=state.step_advances)


def other_step(step: int | None, state: StudioState) -> int | None:
    """The step of an image that was decoded once and kept, if everything else is of another step."""
    return None if step == newest_step(state) else step


def newest_step(state: StudioState) -> int | None:
    """The step that everything belongs to."""
    return None if state.snapshot is None else state.snapshot.step


def _of_subject(state: StudioState, subject: Subject) -> ShownStep:
    if subject.comparison:
        now = max((snapshot.step for snapshot in state.comparison.snapshots), default=None)
        follows = state.comparison.phase == "running"
    else:
        now, follows = newest_step(state), state.step_advances
    return _of_run(state, subject.runs, subject.step, now, follows=follows)


def _of_run(
    state: StudioState, runs: tuple[RunKey, ...], step: int | None, now: int | None, *, follows: bool
) -> ShownStep:
    if step is None or now is None or step > now or state.history.step is not None:
        return ShownStep(step, now, None, follows)
    known = [times.of(step) for run, times in state.step_times.items() if run in runs]
    return ShownStep(step, now, next((time for time in known if time is not None), None), follows)


def _behind(shown: ShownStep) -> int:
    return 0 if shown.step is None or shown.now is None else abs(shown.now - shown.step)


def with_step_times(before: StudioState, after: StudioState, now: float) -> StudioState:
    """`after` with the time of each step that the trained runs have just reached."""
    parts = (
        (after.model, before.model),
        (after.history, before.history),
        (after.comparison, before.comparison),
        (after.hidden_training, before.hidden_training),
    )
    if all(new is old for new, old in parts):
        return after
    newest = {snapshot.run_key: snapshot.step for snapshot in _trained(after)}
    times = {run: after.step_times.get(run, StepTimes()).at(step, now) for run, step in newest.items()}
    if times.keys() == after.step_times.keys() and all(
        known is after.step_times[run] for run, known in times.items()
    ):
        return after
    return replace(after, step_times=MappingProxyType(times))


def _trained(state: StudioState) -> Iterator[Snapshot]:
    """The newest snapshots of the runs that are, or were, trained in this window."""
    model = state.training_model
    if state.hidden_training is None and state.history.step is not None:
        model = state.history.present
    if model is not None and model.origin == "training":
        yield model.snapshot
    yield from state.comparison.snapshots
