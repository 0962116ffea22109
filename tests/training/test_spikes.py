"""Whether a training has diverged depends on the training alone, not on when its losses are read."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch

from aestudio.training import trainer
from aestudio.training.commands import Commands
from aestudio.training.divergence import SPIKE_POINTS, DivergenceMonitor
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    HistoryCheckpointTaken,
    MetricPoint,
    Paused,
    SnapshotTaken,
)
from aestudio.training.lockstep import LockstepCommands, in_lockstep
from aestudio.training.loop import TrainingLoop
from aestudio.training.trainer import train
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event

# Seconds between two looks at the losses, and between two checkpoints by the clock.
PACES = {"every step": (0.0, 1e9), "epochs only": (1e9, 1e9), "with checkpoints": (0.0, 0.0)}
AFTER_SPIKE, STEPS_PER_EPOCH = 27, 9
SETTINGS: dict[str, Any] = {"name": "deep-ae", "hidden": (24,), "latent_size": 3, "epochs": 5}


def spike(monkeypatch: pytest.MonkeyPatch, first: int, steps: int, scale: float = 20.0) -> None:
    """Blow the weights up before the loss of step `first`, and bring them back so many steps later."""
    real = TrainingLoop.advance
    before: list[torch.Tensor] = []  # all loops of a test have the same weights then

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        with torch.no_grad():
            parameters = list(loop.model.parameters())
            if loop.step == first - 1:
                before[:] = [parameter.clone() for parameter in parameters]
                for parameter in parameters:
                    parameter.mul_(scale)
            if loop.step == first - 1 + steps:
                for parameter, kept in zip(parameters, before, strict=True):
                    parameter.copy_(kept)
        real(loop, most, phase)

    monkeypatch.setattr(TrainingLoop, "advance", advance)


def at_pace(monkeypatch: pytest.MonkeyPatch, pace: str) -> None:
    pulse, checkpoint = PACES[pace]
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", pulse)
    monkeypatch.setattr(trainer, "IN_EPOCH_SECONDS", checkpoint)
    monkeypatch.setattr(trainer, "LARGEST_SHARE", 1e9)


def reason(events: Iterator[Event] | list[Event]) -> str:
    last = list(events)[-1]
    assert isinstance(last, Ended)
    return last.reason


def losses(events: list[Event]) -> dict[int, float]:
    found = (e for e in events if isinstance(e, MetricPoint) and e.split == "training")
    return {point.step: point.terms["loss"] for point in found}


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize(
    ("first", "steps", "end"),
    [
        (14, 1, "finished"),
        (18, 1, "finished"),  # the last loss of an epoch; the validation is of weights that came back
        (14, SPIKE_POINTS, "finished"),
        (17, 2, "finished"),  # a validation in it
        (14, SPIKE_POINTS + 1, "diverged"),
        (44, 1, "finished"),
        (45, 99, "diverged"),  # at the end there is nothing to come back
    ],
)
def test_the_same_verdict_at_every_pace(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, pace: str, first: int, steps: int, end: str
) -> None:
    spike(monkeypatch, first, steps)
    at_pace(monkeypatch, pace)
    events = list(events_of(few_digits, **SETTINGS))
    assert reason(events) == end
    losses_by_step = losses(events)
    assert losses_by_step[first] > losses_by_step[1] + 50 * (losses_by_step[1] + 1), "it is a spike"
    assert all(math.isfinite(loss) for loss in losses_by_step.values())


# Before, at the beginning of, in, at the end of and after the spike; each other step is slow.
QUICK_HALTS = (12, 14, 15, 18, 23, 24, 25, 30)
HALTS = [
    halt if halt in QUICK_HALTS else pytest.param(halt, marks=pytest.mark.slow)
    for halt in [*range(12, 26), 30]
]


@pytest.mark.parametrize(("steps", "end"), [(SPIKE_POINTS, "finished"), (SPIKE_POINTS + 1, "diverged")])
@pytest.mark.parametrize("halt", HALTS)
def test_the_same_verdict_after_going_on(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, halt: int, steps: int, end: str
) -> None:
    """A training is stopped before, in or after a spike, and resumed from its checkpoint."""
    spike(monkeypatch, 14, steps)
    at_pace(monkeypatch, "epochs only")
    first, kept = [], None
    commands = Commands()
    commands.advance(halt)
    for event in events_of(few_digits, commands, **SETTINGS):
        first.append(event)
        if isinstance(event, Paused):
            commands.stop()
        if isinstance(event, CheckpointTaken):
            kept = event.checkpoint
    if reason(first) == "diverged":
        assert end == "diverged"
        assert halt >= 24
        return
    assert kept is not None
    assert kept.counters["step"] == halt
    assert reason(events_of(few_digits, checkpoint=kept, **SETTINGS)) == end


@pytest.mark.thorough
@pytest.mark.parametrize("pace", PACES)
def test_the_same_verdict_from_every_state_that_is_given(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, pace: str
) -> None:
    """From each step before, in and soon after the spike, and from the ends of the epochs after it."""
    spike(monkeypatch, 14, SPIKE_POINTS)
    at_pace(monkeypatch, pace)
    events = list(events_of(few_digits, **SETTINGS))
    given = [e.checkpoint for e in events if isinstance(e, CheckpointTaken | HistoryCheckpointTaken)]
    by_step = {int(state.counters["step"]): state for state in given}
    states = [state for step, state in by_step.items() if step <= AFTER_SPIKE or step % STEPS_PER_EPOCH == 0]
    assert len(states) >= 5
    assert {reason(events_of(few_digits, checkpoint=state, **SETTINGS)) for state in states} == {"finished"}


def given(events: list[Event]) -> set[int]:
    return {int(e.checkpoint.counters["step"]) for e in events if isinstance(e, HistoryCheckpointTaken)}


def test_the_same_checkpoints_at_every_pace(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is of a spike: a run that resumes from a checkpoint has good weights."""
    spike(monkeypatch, 14, 5)
    found = []
    for pace in PACES:
        at_pace(monkeypatch, pace)
        found.append(given(list(events_of(few_digits, **SETTINGS))))
    assert found[0] == found[1] == found[2]
    assert not found[0] & set(range(14, 19))
    assert {12, 45} <= found[0]


@pytest.mark.parametrize("pace", PACES)
def test_nothing_of_a_spike_is_kept(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, pace: str) -> None:
    spike(monkeypatch, 14, 3)
    at_pace(monkeypatch, pace)
    monkeypatch.setattr("aestudio.training.report_clock.SNAPSHOT_SECONDS", 0.0)
    events = list(events_of(few_digits, **SETTINGS))
    steps = [event.checkpoint.snapshot.step for event in events if isinstance(event, CheckpointTaken)]
    steps += [event.snapshot.step for event in events if isinstance(event, SnapshotTaken)]
    assert not set(steps) & {14, 15, 16}


@pytest.mark.parametrize("pace", PACES)
def test_nan_ends_a_training_soon(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, pace: str) -> None:
    spike(monkeypatch, 14, 99, scale=math.nan)
    at_pace(monkeypatch, pace)
    events = list(events_of(few_digits, **SETTINGS))
    assert reason(events) == "diverged"
    assert isinstance(events[-1], Ended)
    assert events[-1].last_step <= (18 if pace == "epochs only" else 15)
    assert events[-1].step < 14


@pytest.mark.parametrize("pace", ["every step", "epochs only"])
def test_a_moved_weight_does_not_make_an_explosion_undone(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, pace: str
) -> None:
    """Earlier losses are compared with earlier losses, also if they were not read yet."""
    monkeypatch.setattr("aestudio.training.phase_divergence.SPIKE_POINTS", 3)
    spike(monkeypatch, 11, 5)
    at_pace(monkeypatch, pace)
    commands = Commands()
    settings: dict[str, Any] = SETTINGS | {"name": "vae", "epochs": 5}
    events = []
    for event in events_of(few_digits, commands, **settings):
        events.append(event)
        if isinstance(event, MetricPoint) and (event.split, event.step) == ("validation", 9):
            commands.advance(8)  # to step 17
        if isinstance(event, Paused):
            commands.change("beta", 3.0)
            commands.resume()
    assert reason(events) == "diverged"


def test_a_checkpoint_of_an_earlier_version_has_no_spike(few_digits: Dataset) -> None:
    """Earlier versions kept no state of one."""
    short: dict[str, Any] = SETTINGS | {"epochs": 2}
    first = list(events_of(few_digits, **short))
    kept = [event.checkpoint for event in first if isinstance(event, CheckpointTaken)][-1]
    old = {name: value for name, value in kept.counters.items() if "spike" not in name}
    assert len(old) == len(kept.counters) - 2
    went_on = events_of(few_digits, checkpoint=replace(kept, counters=old), **SETTINGS)
    assert reason(went_on) == "finished"


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize(("steps", "end"), [(1, "finished"), (99, "diverged")])
def test_the_same_verdict_in_lockstep(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, pace: str, steps: int, end: str
) -> None:
    spike(monkeypatch, 14, steps)
    at_pace(monkeypatch, pace)
    commands = LockstepCommands(2)
    spec = small_spec(**SETTINGS)
    trainings = [train(spec, few_digits, each, yield_every=4) for each in commands.each]
    ended = [event for _, event in in_lockstep(trainings, commands) if isinstance(event, Ended)]
    assert [event.reason for event in ended] == [end, end]


# ---- the watch alone ---------------------------------------------------------------------------------


def watched(training: list[float], validation: dict[int, float] | None = None) -> DivergenceMonitor:
    watch = DivergenceMonitor(longest_spike=4)
    for step, loss in enumerate(training, start=1):
        watch.add_training_loss(step, loss)
        if validation and step in validation:
            watch.add_validation_loss(step, validation[step])
    return watch


def test_a_validation_may_be_a_spike_too() -> None:
    assert not watched([1.0] * 12, {4: 1.0, 6: 1e6, 8: 1.0, 10: 1e6}).diverged
    assert not watched([1.0] * 6, {2: 1.0, 6: 1e6}).diverged
    assert watched([1.0] * 12, {2: 1.0, 6: 1e6, 10: 1e6}).diverged
    assert watched([1.0] * 6, {2: 1.0, 6: math.inf}).diverged


def test_a_validation_is_doubted_until_a_loss_after_it() -> None:
    assert watched([1.0] * 6, {2: 1.0, 6: 1e6}).in_spike
    assert not watched([1.0] * 7, {2: 1.0, 6: 1e6}).in_spike


def test_a_training_that_has_diverged_does_not_come_back() -> None:
    assert watched([1.0, math.nan, 1.0, 1.0]).diverged
    assert watched([1.0, *[1e6] * 5, 1.0, 1.0]).diverged
    assert not watched([1.0, *[1e6] * 4, 1.0, *[1e6] * 4, 1.0]).diverged


def test_every_loss_counts_once() -> None:
    watch = watched([1.0, 1e6, 1e6])
    for _ in range(3):
        watch.add_training_loss(3, 1e6)
    watch.add_training_loss(2, 1.0)
    assert watch.in_spike
    assert not watch.diverged


def test_a_spike_is_kept_in_the_counters() -> None:
    first = watched([1.0, 1e6, 1e6])
    second = DivergenceMonitor(longest_spike=4)
    second.restore(first.counters() | {"step": 3.0}, patience=0)
    for step in (4, 5):
        second.add_training_loss(step, 1e6)
        assert not second.diverged
    second.add_training_loss(6, 1e6)
    assert second.diverged
