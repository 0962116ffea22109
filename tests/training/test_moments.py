"""Checkpoints of the history: complete states, at steps that do not depend on the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.training import trainer
from aestudio.training.commands import Commands
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    HistoryCheckpointTaken,
    MetricPoint,
    Paused,
    SnapshotTaken,
)
from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.recorded_steps import RecordedSteps
from tests.training.conftest import events_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint, Event

SMALL: dict[str, dict[str, Any]] = {"row-gru-ae": {"units": 8}, "denoising-conv-ae": {"channels": (4,)}}


def checkpoints_of(events: Iterable[Event]) -> dict[int, Checkpoint]:
    taken = [event.checkpoint for event in events if isinstance(event, HistoryCheckpointTaken)]
    found = {int(checkpoint.counters["step"]): checkpoint for checkpoint in taken}
    assert len(found) == len(taken)
    return found


def points(events: Iterable[Event]) -> list[MetricPoint]:
    return [event for event in events if isinstance(event, MetricPoint)]


def same(one: Checkpoint, other: Checkpoint) -> bool:
    """Bit for bit, randomness and counters included."""
    pairs = [(one.snapshot.weights, other.snapshot.weights), (one.optimiser, other.optimiser)]
    arrays = all(
        mine.keys() == theirs.keys() and all(np.array_equal(mine[name], theirs[name]) for name in mine)
        for mine, theirs in pairs
    )
    counters = np.array_equal(list(one.counters.values()), list(other.counters.values()), equal_nan=True)
    return arrays and counters and np.array_equal(one.noise, other.noise) and one.live == other.live


def test_the_steps_of_the_checkpoints(few_digits: Dataset) -> None:
    found = checkpoints_of(events_of(few_digits, epochs=3))
    assert list(found) == [*range(18), 19, 21, 23, 25, 27]
    assert all(checkpoint.snapshot.step == step for step, checkpoint in found.items())


def test_the_steps_do_not_depend_on_the_clock(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = checkpoints_of(events_of(few_digits, epochs=3))
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "CHECKPOINT_SECONDS", 0.0)
    slow = checkpoints_of(events_of(few_digits, epochs=3))
    assert list(quick) == list(slow)
    assert all(same(quick[step], slow[step]) for step in quick)


@pytest.mark.parametrize("name", ["vae", "deep-ae", "denoising-conv-ae", "row-gru-ae", "digit-classifier"])
def test_a_branch_without_changes_equals_the_run(few_digits: Dataset, name: str) -> None:
    """Points, weights, optimiser, noise and counters, from a checkpoint in the middle of an epoch."""
    settings = SMALL.get(name, {})
    straight = list(events_of(few_digits, name=name, **settings))
    taken = checkpoints_of(straight)
    for step in (0, 5, 9, 16):
        again = list(events_of(few_digits, checkpoint=taken[step], name=name, **settings))
        later = [point for point in points(straight) if point.step > step]
        assert [point for point in points(again) if point.step > step] == later
        other = checkpoints_of(again)
        assert list(other) == [one for one in taken if one >= step]
        assert all(same(other[one], taken[one]) for one in other if one > step)


def test_a_checkpoint_is_a_copy(few_digits: Dataset) -> None:
    events = events_of(few_digits)
    first = next(event for event in events if isinstance(event, HistoryCheckpointTaken))
    weights = {name: array.copy() for name, array in first.checkpoint.snapshot.weights.items()}
    list(events)
    kept = first.checkpoint.snapshot.weights
    assert all(np.array_equal(kept[name], weights[name]) for name in weights)
    assert first.checkpoint.size == sum(
        array.nbytes
        for array in (*kept.values(), *first.checkpoint.optimiser.values(), first.checkpoint.noise)
    )
    with pytest.raises(ValueError, match="read-only"):
        next(iter(first.checkpoint.optimiser.values()))[...] = 0


def test_the_end_is_a_checkpoint(few_digits: Dataset) -> None:
    commands = Commands()
    commands.advance(20)
    events = []
    for event in events_of(few_digits, commands, epochs=3):
        events.append(event)
        if isinstance(event, Paused):
            commands.stop()
    assert list(checkpoints_of(events))[-2:] == [19, 20]
    last = [event.checkpoint for event in events if isinstance(event, CheckpointTaken)][-1]
    assert same(checkpoints_of(events)[20], last)


def test_chunks_halt_at_checkpoints(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several steps at once, as on a GPU, give the same checkpoints as one at a time."""
    single = checkpoints_of(events_of(few_digits, batch_size=4, epochs=1))
    monkeypatch.setattr(RecordedSteps, "longest", 4)
    begin = TrainingLoop.__init__

    def recorded(loop: TrainingLoop, *given: Any) -> None:
        begin(loop, *given)
        loop.recorded = RecordedSteps(train_steps, loop.learner)

    monkeypatch.setattr(TrainingLoop, "__init__", recorded)
    chunked = checkpoints_of(events_of(few_digits, batch_size=4, epochs=1))
    assert list(chunked) == list(single)
    assert all(
        np.allclose(chunked[step].snapshot.weights[name], array, rtol=1e-3, atol=1e-4)
        for step in single
        for name, array in single[step].snapshot.weights.items()
    )


def test_no_checkpoint_has_weights_with_nan_or_inf(few_digits: Dataset) -> None:
    events = list(events_of(few_digits, optimiser="sgd", learning_rate=10.0, epochs=50))
    assert isinstance(events[-1], Ended)
    assert events[-1].reason == "diverged"
    for checkpoint in checkpoints_of(events).values():
        assert all(np.isfinite(array).all() for array in checkpoint.snapshot.weights.values())


def test_an_early_stop_keeps_where_it_stopped_and_shows_the_best(few_digits: Dataset) -> None:
    settings = {"learning_rate": 0.02, "epochs": 200, "patience": 3, "hidden": (256,), "latent_size": 32}
    events = list(events_of(few_digits, name="deep-ae", **settings))
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == "early_stopping"
    last = list(checkpoints_of(events).values())[-1]
    assert last.snapshot.step == last.counters["step"] == ended.last_step
    shown = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    assert shown.step == ended.step < ended.last_step
