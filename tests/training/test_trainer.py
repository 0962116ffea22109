"""The training's events: what comes, in which order, and how a run ends."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training import trainer
from aestudio.training.commands import Commands
from aestudio.training.events import (
    Checkpoint,
    CheckpointTaken,
    Ended,
    Event,
    HistoryCheckpointTaken,
    LiveChange,
    MetricPoint,
    Paused,
    Snapshot,
    SnapshotTaken,
    Started,
    TrainingProgress,
)
from aestudio.training.initial import initial_snapshot
from aestudio.training.model import build_model, load_weights
from aestudio.training.trainer import train
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def points(events: list[Event]) -> list[MetricPoint]:
    return [event for event in events if isinstance(event, MetricPoint)]


def last_snapshot(events: list[Event]) -> Snapshot:
    return [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]


def last_checkpoint(events: list[Event]) -> Checkpoint:
    return [event.checkpoint for event in events if isinstance(event, CheckpointTaken)][-1]


def equal(one: Snapshot, other: Snapshot) -> bool:
    return all(np.array_equal(one.weights[name], other.weights[name]) for name in one.weights)


def finite(snapshot: Snapshot) -> bool:
    return all(np.isfinite(array).all() for array in snapshot.weights.values())


def test_the_events_of_a_complete_run(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aestudio.training.trainer.CHECKPOINT_SECONDS", 0.0)
    events = list(events_of(few_digits))
    started, first = events[:2]
    assert isinstance(started, Started)
    assert (started.steps_per_epoch, started.epochs, started.device) == (9, 2, "cpu")
    assert (started.training_images, started.validation_images) == (270, 30)
    assert isinstance(first, SnapshotTaken)
    assert first.snapshot.step == 0
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert (ended.reason, ended.step, ended.epoch, ended.advice) == ("finished", 18, 2.0, "")
    training = [point.step for point in points(events) if point.split == "training"]
    validation = [point.step for point in points(events) if point.split == "validation"]
    assert training == list(range(1, 19))
    assert validation == [5, 9, 14, 18]
    checkpoints = [event.checkpoint for event in events if isinstance(event, CheckpointTaken)]
    assert [checkpoint.snapshot.step for checkpoint in checkpoints] == [9, 18, 18]
    assert equal(last_snapshot(events), checkpoints[-1].snapshot)
    assert isinstance(events[-2], TrainingProgress)


def test_the_loss_falls(few_digits: Dataset) -> None:
    losses = [point.terms["loss"] for point in points(list(events_of(few_digits, epochs=8)))]
    assert losses[-1] < 0.6 * losses[0]


def test_the_same_seed_twice_and_another(few_digits: Dataset) -> None:
    first, second = (list(events_of(few_digits, seed=3)) for _ in range(2))
    assert points(first) == points(second)
    assert equal(last_snapshot(first), last_snapshot(second))
    assert points(list(events_of(few_digits, seed=4))) != points(first)


def test_the_first_snapshot_is_the_initial_one(few_digits: Dataset) -> None:
    events = events_of(few_digits)
    next(events)
    first = next(events)
    assert isinstance(first, SnapshotTaken)
    assert equal(first.snapshot, initial_snapshot(small_spec().recipe, MNIST))


def test_a_training_point_is_the_mean_over_its_steps(few_digits: Dataset) -> None:
    every = points(list(events_of(few_digits, batch_size=1, epochs=1)))
    means = [point for point in every if point.split == "training"]
    assert [point.step for point in means[:3]] == [4, 8, 12]
    assert means[-1].step == 270


def test_short_epochs_do_not_all_give_a_checkpoint(few_digits: Dataset) -> None:
    """Eight epochs in well under a second: one at the first, and the last one."""
    checkpoints = [e.checkpoint for e in events_of(few_digits, epochs=8) if isinstance(e, CheckpointTaken)]
    steps = [checkpoint.snapshot.step for checkpoint in checkpoints]
    assert steps[0] == 9
    assert steps[-1] == 72
    assert len(steps) < 8


@pytest.mark.parametrize("name", ["vae", "deep-ae", "digit-classifier", "denoising-conv-ae"])
def test_a_long_epoch_is_kept_by_the_clock_and_goes_on_from_there_exactly(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settings = {"denoising-conv-ae": {"channels": (4,)}}.get(name, {})
    straight = list(events_of(few_digits, name=name, **settings))
    monkeypatch.setattr(trainer, "IN_EPOCH_SECONDS", 0.0)
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "LARGEST_SHARE", math.inf)
    often = list(events_of(few_digits, name=name, **settings))
    assert points(often) == points(straight)
    assert equal(last_snapshot(often), last_snapshot(straight))
    taken = [event.checkpoint for event in often if isinstance(event, CheckpointTaken) and event.periodic]
    assert {checkpoint.snapshot.step for checkpoint in taken} == set(range(1, 19))
    for checkpoint in taken[2:14:3]:
        again = list(events_of(few_digits, checkpoint=checkpoint, name=name, **settings))
        later = [point for point in points(straight) if point.step > checkpoint.snapshot.step]
        assert points(again) == later
        one, other = last_checkpoint(again), last_checkpoint(straight)
        assert equal(one.snapshot, other.snapshot)
        assert one.counters == other.counters
        assert np.array_equal(one.noise, other.noise)


def test_every_point_before_a_state_is_given_before_it(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that resumes from it, after a kill at the next step, has every point."""
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 1000.0)
    monkeypatch.setattr(trainer, "IN_EPOCH_SECONDS", 0.0)
    newest_step = 0
    for event in events_of(few_digits, validations_per_epoch=1):
        if isinstance(event, MetricPoint) and event.split == "training":
            newest_step = event.step
        elif isinstance(event, HistoryCheckpointTaken | CheckpointTaken):
            assert newest_step == event.checkpoint.counters["step"]


def test_a_checkpoint_that_takes_long_comes_less_often(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "IN_EPOCH_SECONDS", 0.0)
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "LARGEST_SHARE", 1e-9)
    events = [event for event in events_of(few_digits) if isinstance(event, CheckpointTaken)]
    assert [event.checkpoint.snapshot.step for event in events if event.periodic] == [1]


@pytest.mark.parametrize("name", ["vae", "deep-ae", "digit-classifier", "conv-vae", "denoising-conv-ae"])
def test_one_step_is_torchs(few_digits: Dataset, name: str) -> None:
    """The first step of SGD, computed directly: w - rate * gradient."""
    settings = {"optimiser": "sgd", "momentum": 0.0, "learning_rate": 0.01, "epochs": 1}
    settings["schedule"] = "constant"
    if "dropout" in find_recipe(name).network.model_dump():
        settings["dropout"] = 0.0
    commands = Commands()
    commands.advance(1)
    found = None
    for event in events_of(few_digits, commands, name=name, **settings):
        if isinstance(event, SnapshotTaken) and event.snapshot.step == 1:
            found = event.snapshot
        if isinstance(event, Paused):
            commands.stop()
    assert found is not None
    from aestudio.objectives.objective_module import Batch
    from aestudio.training.batches import ResidentImages, epoch_order
    from aestudio.training.spec import live_values
    from aestudio.training.state import NOISE_SEED

    spec = small_spec(name, **settings)
    model = build_model(Architecture(spec.recipe, MNIST))
    digits, _ = ResidentImages.of(few_digits.train, torch.device("cpu")).split(30)
    images, labels, _ = digits.gather(epoch_order(270, 0, 0, torch.device("cpu"))[:32])
    noise = torch.Generator().manual_seed(NOISE_SEED ^ 0)
    model.terms(Batch(images, labels, noise, live_values(spec.recipe)))["loss"].backward()
    for key, parameter in model.named_parameters():
        assert parameter.grad is not None
        expected = (parameter - 0.01 * parameter.grad).detach().numpy()
        assert np.allclose(found.weights[key], expected, rtol=1e-5, atol=1e-7)


def test_single_steps_and_pauses_change_nothing(few_digits: Dataset) -> None:
    straight = list(events_of(few_digits))
    commands, stepped, paused_at = Commands(), [], []
    commands.advance(1)
    for event in events_of(few_digits, commands):
        stepped.append(event)
        if isinstance(event, Paused):
            paused_at.append(event.step)
            if event.step < 7:
                commands.advance(2 if event.step == 3 else 1)
            else:
                commands.resume()
    assert paused_at == [1, 2, 3, 5, 6, 7]
    assert points(stepped) == points(straight)
    assert equal(last_snapshot(stepped), last_snapshot(straight))


def test_a_pause_gives_snapshot_and_checkpoint(few_digits: Dataset) -> None:
    commands = Commands()
    commands.advance(4)
    before: list[Event] = []
    for event in events_of(few_digits, commands):
        if isinstance(event, Paused):
            commands.stop()
            break
        before.append(event)
    assert last_snapshot(before).step == last_checkpoint(before).snapshot.step == 4
    assert points(before)[-1].step == 4


def test_stop_keeps_the_state(few_digits: Dataset) -> None:
    commands = Commands()
    events = []
    for event in events_of(few_digits, commands):
        events.append(event)
        if isinstance(event, MetricPoint) and event.step == 5:
            commands.stop()
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == "stopped"
    assert last_checkpoint(events).snapshot.step == ended.step < 18


def test_stop_before_the_first_step(few_digits: Dataset) -> None:
    commands = Commands()
    commands.stop()
    events = list(events_of(few_digits, commands))
    assert isinstance(events[-1], Ended)
    assert (events[-1].reason, events[-1].step) == ("stopped", 0)
    straight = list(events_of(few_digits))
    assert points(list(events_of(few_digits, checkpoint=last_checkpoint(events)))) == points(straight)


def test_closing_ends_quietly(few_digits: Dataset) -> None:
    events = events_of(few_digits)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert list(events) == []


@pytest.mark.parametrize("name", ["vae", "digit-classifier", "denoising-conv-ae", "row-gru-ae"])
def test_from_a_checkpoint_exactly(few_digits: Dataset, name: str) -> None:
    small: dict[str, Any] = {"row-gru-ae": {"units": 8}, "denoising-conv-ae": {"channels": (4,)}}.get(
        name, {}
    )
    straight = list(events_of(few_digits, name=name, **small))
    commands = Commands()
    commands.advance(7)
    first = []
    for event in events_of(few_digits, commands, name=name, **small):
        first.append(event)
        if isinstance(event, Paused):
            commands.stop()
    second = list(events_of(few_digits, checkpoint=last_checkpoint(first), name=name, **small))
    assert isinstance(second[0], Started)
    assert second[0].step == 7
    assert points(first) + points(second) == points(straight)
    assert equal(last_snapshot(second), last_snapshot(straight))
    one, other = last_checkpoint(second), last_checkpoint(straight)
    assert one.counters == other.counters
    assert np.array_equal(one.noise, other.noise)


def test_a_checkpoint_is_a_copy(few_digits: Dataset) -> None:
    events = events_of(few_digits)
    for event in events:
        if isinstance(event, CheckpointTaken):
            taken = event.checkpoint
            break
    before = {name: array.copy() for name, array in {**taken.snapshot.weights, **taken.optimiser}.items()}
    noise = taken.noise.copy()
    list(events)
    after = {**taken.snapshot.weights, **taken.optimiser}
    assert all(np.array_equal(before[name], after[name]) for name in before)
    assert np.array_equal(noise, taken.noise)


def test_live_settings_act_from_their_step_on(few_digits: Dataset) -> None:
    straight = points(list(events_of(few_digits)))
    commands = Commands()
    commands.advance(4)
    events = []
    for event in events_of(few_digits, commands):
        events.append(event)
        if isinstance(event, Paused):
            commands.change("learning_rate", 0.0)
            commands.change("beta", 0.0)
            commands.resume()
    changes = [event for event in events if isinstance(event, LiveChange)]
    assert changes == [LiveChange(4, "learning_rate", 0.0), LiveChange(4, "beta", 0.0)]
    found = points(events)
    assert found[:4] == straight[:4]
    assert all(point.terms["loss"] == point.terms["reconstruction"] for point in found if point.step > 4)
    at_four = [
        event.snapshot for event in events if isinstance(event, SnapshotTaken) and event.snapshot.step == 4
    ]
    assert equal(at_four[0], last_snapshot(events))
    assert last_checkpoint(events).live["beta"] == 0.0
    pulses = [event for event in events if isinstance(event, TrainingProgress)]
    assert pulses[-1].learning_rate == 0.0


def test_live_values_survive_a_checkpoint(few_digits: Dataset) -> None:
    commands = Commands()
    commands.change("beta", 2.5)
    commands.advance(3)
    first = []
    for event in events_of(few_digits, commands):
        first.append(event)
        if isinstance(event, Paused):
            commands.stop()
    second = points(list(events_of(few_digits, checkpoint=last_checkpoint(first))))
    terms = second[0].terms
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + 2.5 * terms["kl"], rel=1e-5)


@pytest.mark.parametrize("rate", [10.0, 0.5])
def test_divergence_stops_with_the_last_good_snapshot(few_digits: Dataset, rate: float) -> None:
    events = list(events_of(few_digits, optimiser="sgd", learning_rate=rate, epochs=50))
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == "diverged"
    assert ended.epoch < 50
    assert f"{rate / 10:.0e}" in ended.advice
    assert finite(last_snapshot(events))
    assert all(finite(event.checkpoint.snapshot) for event in events if isinstance(event, CheckpointTaken))
    assert all(finite(event.snapshot) for event in events if isinstance(event, SnapshotTaken))


def test_weights_with_nan_or_inf_never_become_a_checkpoint(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very last step of an epoch breaks the weights: its loss was still fine."""
    from aestudio.training.loop import TrainingLoop

    real = TrainingLoop.advance

    def breaking(loop: TrainingLoop, most: int | None = None) -> None:
        real(loop, most)
        if loop.step == 18:
            with torch.no_grad():
                next(loop.model.parameters()).fill_(math.nan)

    monkeypatch.setattr(TrainingLoop, "advance", breaking)
    events = list(events_of(few_digits))
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == "diverged"
    checkpoints = [event.checkpoint for event in events if isinstance(event, CheckpointTaken)]
    assert [checkpoint.snapshot.step for checkpoint in checkpoints] == [9]
    # What is shown at the end is not older than what the run can go on from.
    assert last_snapshot(events).step >= 9
    assert finite(last_snapshot(events))


def test_early_stopping_restores_the_best_weights(few_digits: Dataset) -> None:
    settings = {"learning_rate": 0.02, "epochs": 200, "patience": 3, "hidden": (256,), "latent_size": 32}
    events = list(events_of(few_digits, name="deep-ae", **settings))
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == "early_stopping"
    losses = [point.terms["loss"] for point in points(events) if point.split == "validation"]
    best = int(np.argmin(losses))
    assert len(losses) - 1 - best == 3
    snapshot = last_snapshot(events)
    from aestudio.training.batches import ResidentImages
    from aestudio.training.evaluation import mean_terms

    model = build_model(Architecture(snapshot.recipe, MNIST))
    load_weights(model, snapshot.weights)
    _, held_back = ResidentImages.of(few_digits.train, torch.device("cpu")).split(30)
    assert mean_terms(model, held_back, {})["loss"] == pytest.approx(losses[best], rel=1e-6)
    kept = last_checkpoint(events)
    assert kept.best is not None
    assert equal(kept.best, snapshot)


def test_training_without_validation_images(few_digits: Dataset) -> None:
    events = list(events_of(few_digits, validation_images=0))
    assert isinstance(events[0], Started)
    assert (events[0].training_images, events[0].validation_images) == (300, 0)
    assert [point.step for point in points(events) if point.split == "validation"] == [5, 10, 15, 20]


def test_gradient_clipping_shortens_steps(few_digits: Dataset) -> None:
    settings = {"optimiser": "sgd", "momentum": 0.0, "learning_rate": 1.0, "gradient_clip": 0.01, "epochs": 1}
    events = list(events_of(few_digits, **settings))
    first, last = initial_snapshot(small_spec().recipe, MNIST), last_snapshot(events)
    moved = math.sqrt(sum(float(((last.weights[k] - first.weights[k]) ** 2).sum()) for k in last.weights))
    assert 0 < moved <= 9 * 0.01 * 1.001


def test_kl_warm_up(few_digits: Dataset) -> None:
    found = points(list(events_of(few_digits, warmup_epochs=1.0, beta=2.0)))
    for point in (point for point in found if point.split == "training"):
        weight = 2.0 * min(1.0, (point.step - 1) / 9)
        assert point.terms["loss"] == pytest.approx(
            point.terms["reconstruction"] + weight * point.terms["kl"], rel=1e-5
        )


def test_progress_events_report_speed_and_remaining_time(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(10**6))
    monkeypatch.setattr(trainer.time, "monotonic", lambda: float(next(ticks)))
    pulses = [event for event in events_of(few_digits) if isinstance(event, TrainingProgress)]
    assert len(pulses) > 10
    assert pulses[5].images_per_second == pytest.approx(30.0)  # one step a second, 270 images in 9 of them
    assert pulses[5].seconds_left == pytest.approx(18 - pulses[5].step)
    assert pulses[0].memory > 1_000_000


def test_impossible_trainings_are_refused(few_digits: Dataset) -> None:
    with pytest.raises(BadChoice, match="device"):
        next(train(replace(small_spec(), device="abacus"), few_digits))
    nothing = ImageSet(np.zeros((0, 1, 28, 28), np.uint8))
    with pytest.raises(StudioError, match="no image to train on"):
        next(train(small_spec(), replace(few_digits, train=nothing)))
    unlabelled = replace(few_digits, train=ImageSet(few_digits.train.images))
    with pytest.raises(StudioError, match="needs labels"):
        list(train(small_spec("digit-classifier"), unlabelled))


def test_evaluating_changes_nothing(few_digits: Dataset) -> None:
    often = points(list(events_of(few_digits, validations_per_epoch=9)))
    once = points(list(events_of(few_digits, validations_per_epoch=1)))
    assert [p for p in often if p.split == "training"] == [p for p in once if p.split == "training"]


def test_a_pause_is_no_training_time(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(trainer.time, "monotonic", lambda: now[0])
    commands = Commands()
    monkeypatch.setattr(commands, "wait_while_paused", lambda: now.__setitem__(0, now[0] + 100.0))
    commands.advance(2)
    ended = None
    for event in events_of(few_digits, commands):
        now[0] += 0.01
        if isinstance(event, Paused):
            commands.stop()
        elif isinstance(event, Ended):
            ended = event
    assert ended is not None
    assert 0 < ended.seconds < 1
