"""Which weights are kept if a training diverges: of snapshots without a training, and without torch."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.library import find_recipe
from aestudio.recipes.phase import SINGLE
from aestudio.training.divergence import SPIKE_POINTS
from aestudio.training.events import Checkpoint, Snapshot
from aestudio.training.last_good import LastGood, is_finite
from aestudio.training.phase_divergence import PhaseDivergence

NEVER = -1
BROKEN = 1e9


def snapshot(step: int, weight: float = 1.0) -> Snapshot:
    weights = {"bias": np.zeros(2, np.float32), "weight": np.array([0.5, weight], np.float32)}
    return Snapshot("run", find_recipe("vae"), step, step / 9, weights, data=MNIST)


def checkpoint(step: int, weight: float = 1.0) -> Checkpoint:
    return Checkpoint(snapshot(step, weight), {}, np.zeros(4, np.uint8), {"step": step}, {})


class Training:
    """Its losses, and what is taken of it, in the order of the steps."""

    def __init__(self) -> None:
        self.divergence = PhaseDivergence(SINGLE, 1, 9)
        self.good = LastGood(self.divergence, checkpoint(0))

    def losses(self, *losses: float) -> None:
        for loss in losses:
            self.divergence.add_training_losses(self.divergence.last_step + 1, {"loss": loss})

    def validate(self, step: int, loss: float = 1.0) -> None:
        self.divergence.add_validation_losses(step, {"loss": loss})


@pytest.fixture
def training() -> Training:
    return Training()


def test_the_weights_of_the_start_are_good(training: Training) -> None:
    assert training.good.snapshot.step == 0
    assert training.good.checkpoint_to_restore() is None


def test_new_weights_are_not_good_yet(training: Training) -> None:
    training.losses(1.0, 1.0, 1.0)
    assert training.good.accept(snapshot(3), NEVER)
    assert training.good.snapshot.step == 0


def test_a_later_loss_confirms_the_weights_before_it(training: Training) -> None:
    """A loss at step 3 is of the weights after step 2: it says nothing of those after step 3."""
    for step in (1, 2, 3):
        training.losses(1.0)
        assert training.good.accept(snapshot(step), NEVER)
    assert training.good.snapshot.step == 2


def test_their_own_validation_confirms_weights(training: Training) -> None:
    training.losses(1.0, 1.0, 1.0)
    training.validate(3)
    assert training.good.accept(snapshot(3), last_validation=3)
    assert training.good.snapshot.step == 3


def test_the_validation_of_other_weights_does_not(training: Training) -> None:
    training.losses(1.0, 1.0, 1.0, 1.0)
    training.validate(3)
    assert training.good.accept(snapshot(4), last_validation=3)
    assert training.good.snapshot.step == 0


def test_two_takes_of_one_step_confirm_nothing(training: Training) -> None:
    training.losses(1.0, 1.0)
    assert training.good.accept(snapshot(2), NEVER)
    assert training.good.accept(snapshot(2), NEVER)
    assert training.good.snapshot.step == 0


@pytest.mark.parametrize("loss", [BROKEN, math.nan, math.inf])
def test_nothing_is_accepted_while_losses_are_out_of_bounds(training: Training, loss: float) -> None:
    training.losses(1.0)
    training.good.accept(snapshot(1), NEVER)
    training.losses(loss)
    assert training.good.suspect
    assert not training.good.accept(snapshot(2), NEVER)
    assert not training.good.accept_checkpoint(checkpoint(2), NEVER)
    assert training.good.snapshot.step == 0


def test_after_a_spike_weights_are_accepted_again(training: Training) -> None:
    training.losses(1.0, BROKEN)
    assert not training.good.accept(snapshot(2), NEVER)
    training.losses(1.0)
    assert not training.good.suspect
    assert training.good.accept(snapshot(3), NEVER)
    training.losses(1.0)
    assert training.good.accept(snapshot(4), NEVER)
    assert training.good.snapshot.step == 3


def test_after_a_divergence_they_are_not(training: Training) -> None:
    training.losses(1.0, *[BROKEN] * (SPIKE_POINTS + 1), 1.0)
    assert training.divergence.diverged
    assert not training.divergence.in_spike
    assert not training.good.accept(snapshot(13), NEVER)


def test_a_validation_out_of_bounds_counts_until_the_next_loss(training: Training) -> None:
    training.losses(1.0)
    training.validate(1)
    training.losses(1.0)
    training.validate(2, BROKEN)
    assert not training.good.accept(snapshot(2), last_validation=2)
    training.losses(1.0)
    assert training.good.accept(snapshot(3), last_validation=2)


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf])
def test_weights_with_nan_or_inf_are_never_accepted(training: Training, weight: float) -> None:
    assert not is_finite(snapshot(1, weight))
    assert not training.good.accept(snapshot(1, weight), last_validation=1)
    assert not training.good.accept_checkpoint(checkpoint(1, weight), last_validation=1)
    assert training.good.snapshot.step == 0


def test_a_checkpoint_of_broken_weights_is_taken_back(training: Training) -> None:
    """Finite weights were broken by step 6 and kept at a pause; the losses after them tell."""
    training.losses(*[1.0] * 3)
    training.validate(3)
    kept = checkpoint(3)
    assert training.good.accept_checkpoint(kept, last_validation=3)
    training.losses(*[1.0] * 3)
    assert training.good.accept_checkpoint(checkpoint(6), last_validation=3)
    training.losses(math.nan)
    assert training.divergence.diverged
    assert training.good.snapshot.step == 3
    assert training.good.checkpoint_to_restore() is kept


def test_a_good_checkpoint_stays(training: Training) -> None:
    training.losses(*[1.0] * 3)
    training.validate(3)
    assert training.good.accept_checkpoint(checkpoint(3), last_validation=3)
    training.losses(math.nan)
    assert training.good.snapshot.step == 3
    assert training.good.checkpoint_to_restore() is None


def test_a_later_snapshot_confirms_a_checkpoint(training: Training) -> None:
    training.losses(1.0, 1.0)
    assert training.good.accept_checkpoint(checkpoint(2), NEVER)
    assert training.good.checkpoint_to_restore() is not None
    training.losses(1.0)
    assert training.good.accept(snapshot(3), NEVER)
    assert training.good.snapshot.step == 2
    assert training.good.checkpoint_to_restore() is None


def test_it_needs_no_torch() -> None:
    code = "import sys, aestudio.training.last_good; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
