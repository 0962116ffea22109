"""What counts as divergence, and what is kept when it happens."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
import torch

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.training.batches import ResidentImages
from aestudio.training.commands import Commands
from aestudio.training.evaluation import mean_terms
from aestudio.training.events import CheckpointTaken, Ended, LiveChange, MetricPoint, Paused, SnapshotTaken
from aestudio.training.loop import TrainingLoop
from aestudio.training.model import build_model, load_weights
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event, Snapshot


def moved(
    digits: Dataset, at: int, name: str, value: float, recipe: str = "vae", **settings: Any
) -> Iterator[Event]:
    """A training in which a setting is moved after so many steps."""
    commands = Commands()
    commands.advance(at)
    for event in events_of(digits, commands, name=recipe, **settings):
        yield event
        if isinstance(event, Paused):
            commands.change(name, value)
            commands.resume()


def ended(events: list[Event]) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


def loss_of(snapshot: Snapshot, digits: Dataset) -> float:
    model = build_model(Architecture(snapshot.recipe, MNIST))
    load_weights(model, snapshot.weights)
    live = {"beta": 1.0}
    return mean_terms(model, ResidentImages.of(digits.train, torch.device("cpu")), live)["loss"]


@pytest.mark.parametrize("at", [9 * 20, 9 * 20 + 4])
def test_a_weight_that_is_moved_far_up_is_no_divergence(few_digits: Dataset, at: int) -> None:
    """Without a price the KL grows to hundreds of nats; beta = 100 then makes the loss jump, rightly."""
    settings = {"beta": 0.0, "learning_rate": 0.02, "latent_size": 128, "epochs": 25}
    events = list(moved(few_digits, at, "beta", 100.0, **settings))
    losses = [e.terms["loss"] for e in events if isinstance(e, MetricPoint) and e.split == "training"]
    assert max(losses) > losses[0] + 50 * (abs(losses[0]) + 1)  # it would have counted as one
    assert ended(events).reason == "finished"


def test_an_explosion_after_a_move_is_still_seen(few_digits: Dataset) -> None:
    events = list(moved(few_digits, 9, "beta", 2.0, optimiser="sgd", learning_rate=1e-4, epochs=2))
    assert ended(events).reason == "finished"
    commands = Commands()
    commands.advance(9)
    events = []
    for event in events_of(few_digits, commands, optimiser="sgd", learning_rate=1e-4, epochs=40):
        events.append(event)
        if isinstance(event, Paused):
            commands.change("beta", 2.0)
            commands.change("learning_rate", 1.0)
            commands.resume()
    assert ended(events).reason == "diverged"


def test_losses_before_and_after_a_moved_weight_are_not_compared(few_digits: Dataset) -> None:
    """Early stopping would end the run: with the higher price no validation loss is as low as before."""
    events = list(moved(few_digits, 45, "beta", 20.0, beta=0.0, patience=3, epochs=10))
    last = ended(events)
    assert last.reason == "finished"
    assert [event.value for event in events if isinstance(event, LiveChange)] == [20.0]


def test_a_moved_learning_rate_changes_nothing_about_patience(few_digits: Dataset) -> None:
    settings = {"patience": 3, "hidden": (256,), "latent_size": 32, "learning_rate": 0.02, "epochs": 200}
    straight = ended(list(events_of(few_digits, name="deep-ae", **settings)))
    same = ended(list(moved(few_digits, 18, "learning_rate", 0.02, "deep-ae", **settings)))
    assert (straight.reason, straight.step) == (same.reason, same.step)
    assert straight.reason == "early_stopping"


def test_a_negative_loss_may_fall_and_rise(few_digits: Dataset) -> None:
    settings = {"likelihood": "gaussian", "pixel_variance": 0.05, "learning_rate": 3e-3, "epochs": 15}
    events = list(events_of(few_digits, **settings))
    losses = [e.terms["loss"] for e in events if isinstance(e, MetricPoint) and e.split == "training"]
    assert min(losses) < 0 < losses[0]
    assert ended(events).reason == "finished"


def breaks_at(step: int, scale: float) -> Callable[..., None]:
    """An `advance` whose step of this number blows the weights up, finite as they stay."""
    real = TrainingLoop.advance

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        real(loop, most, phase)
        if loop.step == step:
            with torch.no_grad():
                for parameter in loop.model.parameters():
                    parameter.mul_(scale)

    return advance


def test_the_last_good_snapshot_is_from_before_the_explosion(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights may be broken and finite: only the losses after them tell. Every step takes a snapshot."""
    monkeypatch.setattr(TrainingLoop, "advance", breaks_at(13, 30.0))
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr("aestudio.training.report_clock.SNAPSHOT_SECONDS", 0.0)
    events = list(events_of(few_digits, epochs=4))
    assert ended(events).reason == "diverged"
    final = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    assert 9 <= final.step < 13
    assert loss_of(final, few_digits) < 1000


def test_an_epoch_that_ends_broken_gives_no_checkpoint(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last step of an epoch breaks the weights; the validation that follows is what tells of it.

    The losses after it are no numbers soon, which ends the training by the next validation.
    """
    monkeypatch.setattr(TrainingLoop, "advance", breaks_at(18, 30.0))
    events = list(events_of(few_digits, epochs=4))
    last = ended(events)
    assert (last.reason, last.step) == ("diverged", 9)
    assert 18 < last.last_step <= 27
    checkpoints = [event.checkpoint for event in events if isinstance(event, CheckpointTaken)]
    assert [checkpoint.snapshot.step for checkpoint in checkpoints] == [9]
    final = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    assert loss_of(final, few_digits) < 1000


def test_speed_counts_images_and_not_places_in_batches(few_digits: Dataset) -> None:
    loop = TrainingLoop(small_spec(batch_size=10_000), few_digits)
    assert loop.images_per_step == 270
    loop = TrainingLoop(small_spec(batch_size=32), few_digits)
    assert loop.images_per_step == pytest.approx(30)
    assert math.isclose(loop.images_per_step * loop.steps_per_epoch, 270)


def test_going_on_after_an_early_stop_has_its_patience_anew(few_digits: Dataset) -> None:
    settings = {"patience": 2, "hidden": (256,), "latent_size": 32, "learning_rate": 0.02, "epochs": 200}
    first = list(events_of(few_digits, name="deep-ae", **settings))
    assert ended(first).reason == "early_stopping"
    checkpoint = [event.checkpoint for event in first if isinstance(event, CheckpointTaken)][-1]
    second = ended(list(events_of(few_digits, checkpoint=checkpoint, name="deep-ae", **settings)))
    assert second.last_step - ended(first).last_step > 5  # two validations at least, not the first step's end


def test_a_pause_on_broken_weights_is_not_what_the_run_goes_on_from(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a pause nothing is known of the weights yet; the losses that follow tell."""
    monkeypatch.setattr("aestudio.training.trainer.CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(TrainingLoop, "advance", breaks_at(13, 30.0))
    commands = Commands()
    commands.advance(13)
    events = []
    for event in events_of(few_digits, commands, epochs=4):
        events.append(event)
        if isinstance(event, Paused):
            commands.resume()
    assert ended(events).reason == "diverged"
    checkpoints = [event.checkpoint for event in events if isinstance(event, CheckpointTaken)]
    assert [checkpoint.snapshot.step for checkpoint in checkpoints] == [9, 13, 9]
    assert checkpoints[0] is checkpoints[-1]
    final = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    assert 9 <= final.step < 13, "a newer one may have been shown before they broke"
