"""Dropout: how many, how large the others become, and whose random numbers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from aestudio.layers.dropout import Dropout, lend_generator
from tests.layers.support import IMAGES, check, some


@pytest.mark.parametrize("inputs", [(9,), (4, 5), *IMAGES])
def test_shapes(inputs: tuple[int, ...]) -> None:
    check(Dropout(0.3), inputs)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9])
def test_a_share_is_0_and_the_mean_stays(share: float) -> None:
    module = Dropout(share).build((1000,))
    lend_generator(module, torch.Generator().manual_seed(0))
    values = torch.ones(40, 1000)
    dropped = module(values)
    assert float((dropped == 0).float().mean()) == pytest.approx(share, abs=0.01)
    assert torch.equal(dropped[dropped != 0], torch.full_like(dropped[dropped != 0], 1 / (1 - share)))
    assert float(dropped.mean()) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("share", [1.0, -0.1, float("nan")])
def test_other_shares_are_refused(share: float) -> None:
    """If all units were 0, none could be scaled up: the outputs would be no numbers."""
    with pytest.raises(ValueError, match="from 0 to less than 1"):
        Dropout(share)


def test_it_is_the_identity_in_evaluation() -> None:
    module = Dropout(0.5).build((7,)).eval()
    values = some(3, 7)
    assert module(values) is values


def test_the_numbers_are_the_runs_own() -> None:
    model = nn.Sequential(nn.Linear(4, 50), Dropout(0.5).build((50,)))
    values, before = some(2, 4), torch.get_rng_state()
    results = []
    for seed in (1, 1, 2):
        lend_generator(model, torch.Generator().manual_seed(seed))
        results.append(model(values))
    assert torch.equal(results[0], results[1])
    assert not torch.equal(results[0], results[2])
    assert torch.equal(before, torch.get_rng_state())


def test_a_network_called_generator_is_no_random_generator() -> None:
    """As a part of a user's own objective may be called."""
    model = nn.Sequential(Dropout(0.5).build((4,)))
    model.add_module("generator", nn.Linear(4, 4))
    lent = torch.Generator()
    lend_generator(model, lent)
    assert isinstance(model.get_submodule("generator"), nn.Linear)
    assert model[0].generator is lent
    lend_generator(model, None)
    assert model[0].generator is None
