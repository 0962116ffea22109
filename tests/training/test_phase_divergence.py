"""Divergence of several phases: one that diverges is enough; the first one decides about early stopping."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from aestudio.recipes.phase import SINGLE, Phase
from aestudio.training.divergence import DivergenceMonitor
from aestudio.training.phase_divergence import PhaseDivergence

PHASES = (Phase("autoencoder"), Phase("critic", loss="critic_loss", every=3))
# A spike may last ten points: of each step for the first phase, of each third one for the critic.
LONGEST, OF_THE_CRITIC = 10, 30


def monitor() -> PhaseDivergence:
    return PhaseDivergence(PHASES, 1, 10)


def test_one_phase_is_one_monitor() -> None:
    several, single = PhaseDivergence(SINGLE, 1, 10), DivergenceMonitor(LONGEST)
    losses = [5.0, 4.0, 900.0, 3.0, *[800.0] * (LONGEST + 1)]
    for step, loss in enumerate(losses, 1):
        several.add_training_losses(step, {"loss": loss, "kl": 1.0})
        single.add_training_loss(step, loss)
        assert several.add_validation_losses(step, {"loss": loss}) == single.add_validation_loss(step, loss)
        assert several.counters() == single.counters()
        assert (several.diverged, several.in_spike) == (single.diverged, single.in_spike)
    assert several.diverged


@pytest.mark.parametrize("loss", ["loss", "critic_loss"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_any_phase_may_diverge(loss: str, value: float) -> None:
    found = monitor()
    found.add_training_losses(1, {"loss": 2.0, "critic_loss": 1.0})
    assert not found.diverged
    found.add_training_losses(2, {"loss": 2.0, "critic_loss": 1.0, loss: value})
    assert found.diverged
    found.add_training_losses(3, {"loss": 2.0, "critic_loss": 1.0})
    assert found.diverged, "it stays so"


def test_losses_out_of_bounds_for_too_long() -> None:
    """Steps count, not points: the critic has a loss in every third step only."""
    found = monitor()
    for step in range(1, 38):
        terms = {"loss": 1.0}
        if step % 3 == 1:
            terms["critic_loss"] = 1.0 if step < 4 else 1e6
        found.add_training_losses(step, terms)
        assert found.in_spike == (step >= 4)
        assert found.diverged == (step >= 4 + OF_THE_CRITIC), step
        assert found.last_step == step
    assert not found.first.in_spike


def test_a_spike_ends() -> None:
    found = monitor()
    found.add_training_losses(1, {"loss": 1.0, "critic_loss": 1.0})
    found.add_training_losses(2, {"critic_loss": 1e6})
    assert found.in_spike
    found.add_training_losses(3, {"loss": 1.0})
    assert found.in_spike, "of the critic nothing is known since"
    found.add_training_losses(4, {"critic_loss": 2.0})
    assert not found.in_spike
    assert not found.diverged


def test_early_stopping_waits_for_the_first_phase() -> None:
    found = monitor()
    assert found.add_validation_losses(1, {"loss": 5.0, "critic_loss": 1.0})
    assert not found.add_validation_losses(2, {"loss": 6.0, "critic_loss": 0.5})
    assert found.without_progress == 1
    assert found.add_validation_losses(3, {"loss": 4.0, "critic_loss": 9.0})
    assert found.without_progress == 0
    assert not found.validation_in_spike
    found.add_validation_losses(4, {"loss": 3.0, "critic_loss": 1e6})
    assert found.validation_in_spike


def test_counters_round_trip() -> None:
    one, other = monitor(), monitor()
    for step in range(1, 8):
        terms = {"loss": 10.0 - step} | ({"critic_loss": 1.0 if step < 4 else 1e6} if step % 3 == 1 else {})
        one.add_training_losses(step, terms)
        one.add_validation_losses(step, {"loss": 20.0 - step, "critic_loss": 3.0})
    counters = one.counters()
    assert {name for name in counters if not name.startswith("critic/")} == set(
        DivergenceMonitor(1).counters()
    )
    other.restore(counters | {"step": 7.0}, patience=0)
    assert other.counters() == counters
    assert other.in_spike
    assert other.last_step == 7
    for step in (8, 9, 4 + OF_THE_CRITIC):
        for each in (one, other):
            each.add_training_losses(step, {"loss": 1.0} | ({"critic_loss": 1e6} if step > 9 else {}))
        assert one.counters() == other.counters()
        assert one.diverged == other.diverged
    assert one.diverged


def test_after_a_changed_weight_losses_are_compared_anew() -> None:
    found = monitor()
    found.add_training_losses(1, {"loss": 1.0, "critic_loss": 1.0})
    found.reset(2)
    found.add_training_losses(2, {"loss": 1e6, "critic_loss": 1e6})
    found.add_training_losses(99, {"loss": 1e6, "critic_loss": 1e6})
    assert not found.in_spike
    assert not found.diverged


def later() -> PhaseDivergence:
    """The critic begins with step 20, counted from 0: ten steps are an epoch."""
    return PhaseDivergence((PHASES[0], replace(PHASES[1], every=1, begins=2.0)), 1, 10)


def test_validation_losses_of_a_phase_count_once_it_has_begun() -> None:
    """Before, what it will change stays as it is, while that which it looks at moves."""
    found = later()
    for step, critic in ((5, 1.0), (10, math.nan), (15, 1e9), (20, 1e9)):
        found.add_validation_losses(step, {"loss": 3.0, "critic_loss": critic})
    assert not found.validation_in_spike
    assert not found.diverged
    found.add_validation_losses(21, {"loss": 3.0, "critic_loss": 1.0})
    found.add_validation_losses(25, {"loss": 3.0, "critic_loss": 1e9})
    assert found.validation_in_spike
    found.add_validation_losses(26, {"loss": 3.0, "critic_loss": math.nan})
    assert found.diverged


def test_early_stopping_waits_until_all_phases_have_begun() -> None:
    """Weights from before would be kept, in which the later phase has trained nothing."""
    found = later()
    losses = ((5, 1.0), (10, 2.0), (15, 3.0), (20, 4.0), (25, 5.0), (30, 6.0), (35, 4.5))
    best = [found.add_validation_losses(step, {"loss": loss, "critic_loss": 1.0}) for step, loss in losses]
    assert best == [True, True, True, True, True, False, True]
    found.add_validation_losses(40, {"loss": 4.6, "critic_loss": 1.0})
    assert found.without_progress == 1


def test_a_nan_of_the_first_phase_counts_from_the_beginning() -> None:
    found = later()
    found.add_validation_losses(5, {"loss": math.nan, "critic_loss": 1.0})
    assert found.diverged
