"""Trainings in lockstep: the same numbers as alone, always at the same step, whatever commands arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.training import lockstep
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    Event,
    LiveChange,
    MetricPoint,
    Paused,
    Snapshot,
    SnapshotTaken,
    Started,
    Yielded,
)
from aestudio.training.lockstep import LockstepCommands, in_lockstep
from aestudio.training.trainer import train
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset

VAE: dict[str, Any] = {"name": "vae"}
COMPARISON: tuple[dict[str, Any], ...] = (
    {"name": "vae", "beta": 0.5},
    {"name": "vae", "beta": 4.0},
    {"name": "denoising-conv-ae", "latent_size": 3, "channels": (4,), "dense_units": 8},
)
NumberedEvents = list[tuple[int, Event]]


def comparison(
    digits: Dataset, *settings: dict[str, Any], every: int = 2
) -> tuple[LockstepCommands, Iterator[tuple[int, Event]]]:
    commands = LockstepCommands(len(settings))
    trainings = [
        train(small_spec(**one), digits, each, yield_every=every)
        for one, each in zip(settings, commands.each, strict=True)
    ]
    return commands, in_lockstep(trainings, commands)


def of(events_of_all: NumberedEvents, number: int, kind: type[Event]) -> list[Any]:
    return [event for one, event in events_of_all if one == number and isinstance(event, kind)]


def weights(events: list[SnapshotTaken]) -> Snapshot:
    return events[-1].snapshot


def same(one: Snapshot, other: Snapshot) -> bool:
    return one.weights.keys() == other.weights.keys() and all(
        np.array_equal(one.weights[name], other.weights[name]) for name in one.weights
    )


def test_each_training_equals_a_single_training(few_digits: Dataset) -> None:
    events_of_all: NumberedEvents = list(comparison(few_digits, *COMPARISON)[1])
    for number, settings in enumerate(COMPARISON):
        alone = list(events_of(few_digits, **settings))
        snapshots = [event for event in alone if isinstance(event, SnapshotTaken)]
        assert same(weights(of(events_of_all, number, SnapshotTaken)), weights(snapshots))
        assert of(events_of_all, number, MetricPoint) == [
            event for event in alone if isinstance(event, MetricPoint)
        ]
        assert of(events_of_all, number, Ended)[0].reason == "finished"


def test_no_training_is_ahead_by_more_than_a_round(few_digits: Dataset) -> None:
    at = [0, 0, 0]
    for number, event in comparison(few_digits, *COMPARISON, every=3)[1]:
        if isinstance(event, Yielded):
            assert event.step == at[number] + 3
            at[number] = event.step
            assert max(at) - min(at) in (0, 3)
    assert at == [18, 18, 18]


def test_snapshots_of_all_are_of_the_same_step(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockstep, "SNAPSHOT_SECONDS", 0.0)
    events_of_all = list(comparison(few_digits, *COMPARISON, every=4)[1])
    steps = [
        [event.snapshot.step for event in of(events_of_all, number, SnapshotTaken)] for number in range(3)
    ]
    assert steps[0] == [0, 0, 4, 8, 12, 16, 18]
    assert steps[1] == steps[0] == steps[2]


def test_pause_and_single_steps_at_equal_steps_change_nothing(few_digits: Dataset) -> None:
    commands, events = comparison(few_digits, *COMPARISON, every=4)
    events_of_all: NumberedEvents = []
    halts: list[int] = []
    for number, event in events:
        events_of_all.append((number, event))
        if isinstance(event, Yielded) and event.step == 4 and number == 0:
            commands.pause()
        if isinstance(event, Paused) and number == 2:  # the last of a round
            assert [of(events_of_all, one, Paused)[-1].step for one in range(3)] == [event.step] * 3
            halts.append(event.step)
            if len(halts) < 4:
                commands.advance(1)
            else:
                commands.resume()
    assert halts == [4, 5, 6, 7]
    for number, settings in enumerate(COMPARISON):
        alone = [event for event in events_of(few_digits, **settings) if isinstance(event, SnapshotTaken)]
        assert same(weights(of(events_of_all, number, SnapshotTaken)), weights(alone))


def test_stop_ends_all_at_the_same_step_and_keeps_them(few_digits: Dataset) -> None:
    commands, events = comparison(few_digits, *COMPARISON, every=2)
    events_of_all: NumberedEvents = []
    for number, event in events:
        events_of_all.append((number, event))
        if number == 1 and isinstance(event, Yielded) and event.step == 6:
            commands.stop()
    for number in range(3):
        ended = of(events_of_all, number, Ended)[0]
        assert (ended.reason, ended.step) == ("stopped", 6)
        assert of(events_of_all, number, CheckpointTaken)[-1].checkpoint.snapshot.step == 6


def test_a_diverged_training_does_not_stop_the_others(few_digits: Dataset) -> None:
    blown: dict[str, Any] = {"name": "vae", "optimiser": "sgd", "learning_rate": 10.0}
    events_of_all = list(comparison(few_digits, blown, VAE)[1])
    assert of(events_of_all, 0, Ended)[0].reason == "diverged"
    assert (of(events_of_all, 1, Ended)[0].reason, of(events_of_all, 1, Ended)[0].step) == ("finished", 18)
    alone = [event for event in events_of(few_digits, **VAE) if isinstance(event, SnapshotTaken)]
    assert same(weights(of(events_of_all, 1, SnapshotTaken)), weights(alone))


@pytest.mark.parametrize("halted", [False, True])
def test_live_changes_reach_all_that_have_them_at_the_same_step(few_digits: Dataset, halted: bool) -> None:
    commands, events = comparison(few_digits, COMPARISON[2], VAE, every=2)
    events_of_all: NumberedEvents = []
    for number, event in events:
        events_of_all.append((number, event))
        if number == 0 and isinstance(event, Yielded) and event.step == 4:
            if halted:
                commands.pause()
            else:
                commands.change("learning_rate", 0.01)
                commands.change("beta", 3.0)
        if number == 1 and isinstance(event, Paused):
            if of(events_of_all, 1, LiveChange):
                commands.resume()
            elif len(of(events_of_all, 1, Paused)) == 1:
                commands.change("learning_rate", 0.01)
                commands.change("beta", 3.0)
    assert of(events_of_all, 0, LiveChange) == [LiveChange(4, "learning_rate", 0.01)]
    assert of(events_of_all, 1, LiveChange) == [
        LiveChange(4, "learning_rate", 0.01),
        LiveChange(4, "beta", 3.0),
    ]
    assert [of(events_of_all, number, Ended)[0].step for number in (0, 1)] == [18, 18]


def test_a_problem_of_one_closes_all(few_digits: Dataset) -> None:
    closed: list[str] = []

    def broken() -> Iterator[Event]:
        yield from events_of(few_digits, **VAE)
        raise AssertionError("not reached")

    def fails() -> Iterator[Event]:
        raise OSError("no room")
        yield Yielded(0)

    def watched() -> Iterator[Event]:
        try:
            yield from broken()
        finally:
            closed.append("first")

    with pytest.raises(OSError, match="no room"):
        list(in_lockstep([watched(), fails()], LockstepCommands(2)))
    assert closed == ["first"]


def test_each_keeps_its_own_number_of_threads(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums are split otherwise with another number: a training must not use that of the other."""
    wanted = iter((2, 1))
    monkeypatch.setattr("aestudio.training.loop.choose_threads", lambda *_: next(wanted))
    seen: dict[int, set[int]] = {0: set(), 1: set()}
    before = torch.get_num_threads()
    try:
        short = VAE | {"epochs": 1, "batch_size": 90}  # more threads than cores are slow
        for number, event in comparison(few_digits, short, short, every=1)[1]:
            if isinstance(event, Yielded):
                seen[number].add(torch.get_num_threads())
    finally:
        torch.set_num_threads(before)
    assert seen == {0: {2}, 1: {1}}


def test_a_single_training_obeys_the_commands_itself(few_digits: Dataset) -> None:
    """Nothing stops it for others: it takes its own snapshots and never yields a turn."""
    commands, events = comparison(few_digits, VAE, every=0)
    assert commands.each == (commands,)
    commands.advance(5)
    events_of_all: NumberedEvents = []
    for number, event in events:
        events_of_all.append((number, event))
        if isinstance(event, Paused):
            commands.change("beta", 3.0)
            commands.resume()
    assert [event.step for event in of(events_of_all, 0, Paused)] == [5]
    assert of(events_of_all, 0, LiveChange) == [LiveChange(5, "beta", 3.0)]
    assert of(events_of_all, 0, Ended)[0].step == 18
    assert not of(events_of_all, 0, Yielded)


def test_closing_closes_a_single_training(few_digits: Dataset) -> None:
    training = iter(events_of(few_digits, **VAE))
    alone = in_lockstep([training], LockstepCommands(1))
    assert isinstance(next(alone)[1], Started)
    alone.close()  # type: ignore[attr-defined]
    assert list(training) == []
