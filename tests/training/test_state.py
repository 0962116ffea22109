"""The state of a training: copied for a checkpoint, restored from one, without a loop around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.errors import StudioError
from aestudio.training.loop import TrainingLoop
from aestudio.training.spec import RunSpec
from aestudio.training.state import NOISE_SEED, TrainingState
from tests.phased_recipes import normalised_two_phases
from tests.training.conftest import small_spec
from tests.training.test_side_stream import Later

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint


def two_phases() -> RunSpec:
    return RunSpec("run", normalised_two_phases(), "builtin", "cpu")


def stepped(spec: RunSpec, digits: Dataset, steps: int) -> TrainingLoop:
    loop = TrainingLoop(spec, digits)
    for _ in range(steps):
        loop.advance()
    return loop


def assert_same(one: Checkpoint, other: Checkpoint) -> None:
    """Bit for bit, in the same order."""
    assert one.snapshot.step == other.snapshot.step
    assert one.snapshot.epoch == other.snapshot.epoch
    for mine, theirs in ((one.snapshot.weights, other.snapshot.weights), (one.optimiser, other.optimiser)):
        assert list(mine) == list(theirs)
        for name, array in mine.items():
            np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    assert np.array_equal(one.noise, other.noise)
    assert list(one.counters) == list(other.counters)
    np.testing.assert_array_equal(list(one.counters.values()), list(other.counters.values()))
    assert one.live == other.live


@pytest.mark.parametrize(
    "spec_of", [small_spec, lambda: small_spec("deep-ae", optimiser="rmsprop"), two_phases]
)
def test_restored_it_is_the_same_state(few_digits: Dataset, spec_of: Callable[[], RunSpec]) -> None:
    """In the middle of a point, after a validation and a changed setting."""
    spec = spec_of()
    loop = stepped(spec, few_digits, 5)
    loop.validate()
    loop.change_setting("learning_rate", 0.02)
    loop.advance()
    kept = loop.checkpoint()
    restored = TrainingState(spec, few_digits, kept)
    restored.threads = loop.threads
    assert restored.step == 6
    assert restored.live["learning_rate"] == 0.02
    assert restored.last_validation == 5
    assert_same(restored.checkpoint(), kept)


def test_a_checkpoint_is_of_the_step_at_which_it_was_begun(few_digits: Dataset) -> None:
    """The device copies it later; the steps that follow do not change what it gets."""
    loop = stepped(two_phases(), few_digits, 4)
    expected = loop.checkpoint()
    loop.side_stream = Later(torch.device("cpu"))
    pending = loop.begin_checkpoint()
    snapshot = loop.begin_snapshot()
    for _ in range(3):
        loop.advance()
    assert_same(pending.value(), expected)
    assert snapshot.value().step == 4


def test_names_begin_with_the_phase_from_the_second_on(few_digits: Dataset) -> None:
    kept = stepped(two_phases(), few_digits, 1).checkpoint()
    assert "encoder.0.weight/exp_avg" in kept.optimiser
    assert "probe/objective.probe.0.weight/momentum_buffer" in kept.optimiser
    assert {"first_loss", "probe/first_loss"} <= kept.counters.keys()


def test_nothing_of_it_can_be_written_to(few_digits: Dataset) -> None:
    kept = stepped(small_spec(), few_digits, 1).checkpoint()
    for array in (*kept.snapshot.weights.values(), *kept.optimiser.values()):
        assert not array.flags.writeable


def test_another_device_gets_noise_of_its_own(few_digits: Dataset) -> None:
    """The state of a GPU's generator has another length; seed and step decide then."""
    kept = replace(stepped(small_spec(seed=5), few_digits, 3).checkpoint(), noise=np.zeros(16, np.uint8))
    restored = TrainingState(small_spec(seed=5), few_digits, kept)
    expected = torch.Generator().manual_seed((NOISE_SEED ^ 5) + (3 << 32))
    assert torch.equal(restored.noise.get_state(), expected.get_state())


@pytest.mark.parametrize("change", [{"hidden": (25,)}, {"latent_size": 4}])
def test_a_checkpoint_of_another_model_is_reported(few_digits: Dataset, change: dict[str, Any]) -> None:
    kept = stepped(small_spec(), few_digits, 1).checkpoint()
    with pytest.raises(StudioError, match="fit the recipe"):
        TrainingState(small_spec(**change), few_digits, kept)


def test_a_changed_loss_begins_the_comparison_of_losses_anew(few_digits: Dataset) -> None:
    loop = stepped(small_spec(patience=2), few_digits, 2)
    loop.validate()
    assert loop.best is not None
    loop.change_setting("learning_rate", 0.5)
    loop.change_setting("beta", loop.live["beta"])
    assert loop.best is not None
    loop.change_setting("beta", 7.0)
    assert loop.best is None
    assert loop.live["beta"] == 7.0
    assert loop.checkpoint().counters["compared_from"] == 2 + loop.log_every
