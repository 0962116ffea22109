"""A sabotage acts from one step on, exactly as it says, and a resumed training goes on with the same bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.sabotage.sabotage import AppliedSabotage
from aestudio.sabotage.sabotage_list import find_sabotage, names
from aestudio.training.commands import Commands
from aestudio.training.events import (
    CheckpointTaken,
    HistoryCheckpointTaken,
    MetricPoint,
    Paused,
    SabotageBegun,
    SnapshotTaken,
    Started,
)
from aestudio.training.lockstep import LockstepCommands
from aestudio.training.loop import TrainingLoop
from aestudio.training.trainer import train
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint, Event

RECIPES = {"leaked_labels": ("digit-classifier", {"hidden": (16,)})}
AT = 5


def sabotaged(digits: Dataset, name: str, recipe: str, **settings: Any) -> list[Event]:
    """The events of a small training that is sabotaged after five steps."""
    commands, seen = Commands(), []
    commands.advance(AT)
    for event in train(small_spec(recipe, **settings), digits, commands):
        seen.append(event)
        if isinstance(event, Paused):
            commands.sabotage(name)
            commands.resume()
    return seen


def last_checkpoint(events: list[Event]) -> Checkpoint:
    return [event.checkpoint for event in events if isinstance(event, CheckpointTaken)][-1]


def same(one: Checkpoint, other: Checkpoint) -> bool:
    arrays = one.snapshot.weights, other.snapshot.weights
    equal = all(np.array_equal(arrays[0][name], arrays[1][name]) for name in arrays[0])
    return equal and one.counters == other.counters and np.array_equal(one.noise, other.noise)


@pytest.mark.parametrize("name", names())
def test_resumed_it_goes_on_with_the_same_bits(few_digits: Dataset, name: str) -> None:
    recipe, settings = RECIPES.get(name, ("vae", {"learning_rate": 1e-4}))
    straight = sabotaged(few_digits, name, recipe, **settings)
    (begun,) = [event for event in straight if isinstance(event, SabotageBegun)]
    assert begun.applied == AppliedSabotage(name, AT)
    first = next(
        event.checkpoint for event in straight[straight.index(begun) :] if isinstance(event, CheckpointTaken)
    )
    assert first.counters["step"] == AT
    assert first.snapshot.sabotage == name
    resumed = list(events_of(few_digits, None, first, recipe, **settings))
    assert next(event for event in resumed if isinstance(event, Started)).sabotage == begun.applied
    assert same(last_checkpoint(resumed), last_checkpoint(straight))
    assert all(event.snapshot.sabotage == name for event in resumed if isinstance(event, SnapshotTaken))


def test_the_state_before_is_kept_clean(few_digits: Dataset) -> None:
    """And what follows from it is what the training would have become."""
    events = sabotaged(few_digits, "kl_sign", "vae")
    history = {
        int(one.checkpoint.counters["step"]): one.checkpoint
        for one in events
        if isinstance(one, HistoryCheckpointTaken)
    }
    before = history[AT]
    assert not before.snapshot.sabotage
    assert not any(name.startswith("sabotage") for name in before.counters)
    honest = last_checkpoint(list(events_of(few_digits)))
    assert same(last_checkpoint(list(events_of(few_digits, None, before))), honest)
    assert not same(last_checkpoint(events), honest)


def test_a_resumed_run_does_not_replace_the_state_before(few_digits: Dataset) -> None:
    """The step where the sabotage began belongs to the history, and is in it already."""
    events = sabotaged(few_digits, "kl_sign", "vae")
    begun = next(index for index, one in enumerate(events) if isinstance(one, SabotageBegun))
    first = next(one.checkpoint for one in events[begun:] if isinstance(one, CheckpointTaken))
    again = events_of(few_digits, None, first)
    steps = [int(one.checkpoint.counters["step"]) for one in again if isinstance(one, HistoryCheckpointTaken)]
    assert steps
    assert AT not in steps


def loops(
    digits: Dataset, name: str, recipe: str = "vae", **settings: Any
) -> tuple[TrainingLoop, TrainingLoop]:
    """Two trainings of the same bits, of which the second is sabotaged from the first step on."""
    honest, broken = (TrainingLoop(small_spec(recipe, **settings), digits) for _ in range(2))
    assert not broken.sabotage_refused(name)
    broken.begin_sabotage(name)
    return honest, broken


def weights(loop: TrainingLoop) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in loop.model.state_dict().items()}


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("kl_sign", {"beta": -2.0}),
        ("kl_twice", {"beta": 4.0}),
        ("fast_learning_rate", {"learning_rate": 0.1}),
    ],
)
def test_a_wrong_number_is_that_number(few_digits: Dataset, name: str, settings: dict[str, float]) -> None:
    """The same bits as a training whose live setting has the wrong value."""
    honest, broken = loops(few_digits, name, beta=2.0)
    honest.live |= settings
    honest.advance()
    broken.advance()
    one, other = weights(honest), weights(broken)
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_validation_keeps_the_right_formula(few_digits: Dataset) -> None:
    honest, broken = loops(few_digits, "kl_sign")
    assert broken.validate().terms == honest.validate().terms
    broken.advance()
    terms = broken.validate().terms
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + terms["kl"], rel=1e-5)


def gradients(loop: TrainingLoop) -> dict[str, float]:
    """The length of the gradient of each parameter in one step, by the steps of a plain optimiser."""
    before = weights(loop)
    loop.advance()
    return {
        name: float((value.detach() - before[name]).norm()) for name, value in loop.model.named_parameters()
    }


def test_without_reparameterisation_only_the_kl_reaches_the_encoder(few_digits: Dataset) -> None:
    plain = {"optimiser": "sgd", "momentum": 0.0, "beta": 1e-30}
    honest, broken = loops(few_digits, "no_reparameterisation", **plain)
    one, other = gradients(honest), gradients(broken)
    assert all(other[name] == 0 for name in other if name.startswith("encoder"))
    assert any(one[name] > 0 for name in one if name.startswith("encoder"))
    assert all(one[name] == other[name] for name in one if name.startswith("decoder"))


def test_a_dead_layer_gives_every_image_the_same_code(few_digits: Dataset) -> None:
    _, broken = loops(few_digits, "dead_relu")
    for _ in range(4):
        broken.advance()
    images = torch.rand(6, 1, 28, 28)
    with torch.no_grad():
        codes = broken.model.encode(images).mean
    assert torch.equal(codes, codes[:1].expand_as(codes))


@pytest.mark.parametrize("recipe", ["vae", "conv-ae"])
def test_a_weak_decoder_stays_weak(few_digits: Dataset, recipe: str) -> None:
    from aestudio.sabotage.kinds.weak_decoder import LEFT
    from aestudio.sabotage.preconditions import first_product, outputs_first

    small = {} if recipe == "vae" else {"channels": (4,), "dense_units": 16}
    _, broken = loops(few_digits, "weak_decoder", recipe, **small)
    for _ in range(3):
        broken.advance()
    assert broken.model.decoder is not None
    product = first_product(broken.model.decoder)
    used = outputs_first(product).flatten(1).abs().sum(1).detach()
    assert (used[:LEFT] > 0).all()
    assert not used[LEFT:].any()
    assert not product.bias[LEFT:].any()


def test_images_are_changed_as_declared() -> None:
    noise = torch.Generator().manual_seed(3)
    images, labels = torch.rand(5, 1, 28, 28, generator=noise), torch.tensor([0, 3, 9, -1, 1])
    scaled = find_sabotage("wrong_normalisation").images(images, labels, noise)
    assert torch.equal(scaled, 2 * images - 1)
    noisy = find_sabotage("noisy_target").images(torch.full_like(images, 0.5), labels, noise)
    assert 0.25 < float(noisy.std()) < 0.4  # 0.4, cut at 0 and 1
    marked = find_sabotage("leaked_labels").images(images, labels, noise)
    assert torch.equal(marked[:, :, 1:], images[:, :, 1:])
    assert torch.equal(marked[3], images[3]), "a hidden label stays hidden"
    for row, label in ((0, 0), (1, 3), (2, 9), (4, 1)):
        assert torch.equal(marked[row, 0, 0], torch.eye(28)[label])


@pytest.mark.parametrize("name", ["leaked_labels", "nothing_of_this_name"])
def test_what_does_not_fit_is_passed_over(few_digits: Dataset, name: str) -> None:
    events = sabotaged(few_digits, name, "vae")
    assert not [event for event in events if isinstance(event, SabotageBegun)]
    assert same(last_checkpoint(events), last_checkpoint(list(events_of(few_digits))))


def test_only_nan_ends_a_training_that_is_broken_on_purpose(few_digits: Dataset) -> None:
    """It is to be seen; a finite loss, however large, ends it no more."""
    _, broken = loops(few_digits, "kl_sign")
    for step, loss in enumerate((200.0, 1e9, 1e12, 1e15), 1):
        broken.divergence.add_training_losses(100 * step, {"loss": loss})
        broken.divergence.add_validation_losses(100 * step, {"loss": loss})
    assert not broken.divergence.diverged
    assert not broken.divergence.in_spike
    broken.divergence.add_training_losses(500, {"loss": float("nan")})
    assert broken.divergence.diverged


def test_one_sabotage_at_a_time(few_digits: Dataset) -> None:
    _, broken = loops(few_digits, "kl_sign")
    assert broken.sabotage_refused("noisy_target")


def test_compared_trainings_are_not_sabotaged() -> None:
    several, single = LockstepCommands(2), LockstepCommands(1)
    several.sabotage("kl_sign")
    single.sabotage("kl_sign")
    assert not several.waiting
    assert single.waiting
    assert (single.take_sabotage(), single.take_sabotage(), single.waiting) == ("kl_sign", "", False)


def test_it_is_caught_by_its_diagnostic(few_digits: Dataset) -> None:
    """A few seconds of training show three of them in numbers."""

    def points(name: str, split: str, recipe: str = "vae", **settings: Any) -> list[MetricPoint]:
        events = sabotaged(few_digits, name, recipe, epochs=6, **settings)
        return [one for one in events if isinstance(one, MetricPoint) and one.split == split]

    risen = points("kl_sign", "training")[-1].terms
    assert risen["kl"] > 2 * points("kl_twice", "training")[-1].terms["kl"]
    twice = points("kl_twice", "training")[-1].terms
    assert twice["loss"] == pytest.approx(twice["negative_elbo"] + twice["kl"], rel=1e-3)
    noisy = points("noisy_target", "training")[-1], points("noisy_target", "validation")[-1]
    assert noisy[0].terms["loss"] > 1.05 * noisy[1].terms["loss"]
