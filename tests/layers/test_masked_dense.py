"""Masked layers: what each output depends on, and a distribution that sums to 1."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
import torch

from aestudio.layers.masked_dense import MaskedDense, degrees
from aestudio.layers.sequence import build_sequence
from tests.layers.support import check, check_refused

if TYPE_CHECKING:
    from torch import nn

    from aestudio.layers.layer import Layer


def stack(numbers: int, hidden: tuple[int, ...]) -> nn.Sequential:
    """Masked layers from the numbers of an image to their logits, in double precision."""
    layers: list[Layer] = [
        MaskedDense(units, numbers, first=index == 0) for index, units in enumerate(hidden)
    ]
    last = MaskedDense(numbers, numbers, first=not hidden, last=True)
    return build_sequence((*layers, last), (numbers,)).double()


@pytest.mark.parametrize("hidden", [(), (9,), (4, 30, 7)], ids=str)
@pytest.mark.parametrize("numbers", [1, 2, 12])
def test_an_output_depends_on_the_numbers_before_it_alone(numbers: int, hidden: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    module = stack(numbers, hidden)
    slopes = torch.autograd.functional.jacobian(module, torch.rand(numbers, dtype=torch.float64))
    assert isinstance(slopes, torch.Tensor)
    assert not slopes.triu().any()
    if len(hidden) < 2 and (not hidden or hidden[0] >= numbers - 1):
        assert slopes.tril(-1).count_nonzero() == numbers * (numbers - 1) // 2, "and on all of these"


def test_hidden_units_see_all_lengths_of_beginnings() -> None:
    assert degrees(4, 5) == [1, 2, 3, 4]
    assert degrees(8, 5) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert degrees(2, 9) == [1, 5]
    assert degrees(3, 1) == [1, 1, 1]


def test_the_probabilities_of_all_images_sum_to_one() -> None:
    torch.manual_seed(1)
    module = stack(6, (10, 10))
    images = torch.tensor(list(itertools.product((0.0, 1.0), repeat=6)), dtype=torch.float64)
    with torch.no_grad():
        p = module(images).sigmoid()
    total = torch.where(images > 0, p, 1 - p).prod(1).sum()
    assert float(total) == pytest.approx(1.0, abs=1e-12)
    weight = module[0].get_parameter("weight")
    with torch.no_grad():
        weight.add_(1.0)  # also what should be hidden
    assert weight.count_nonzero() == weight.numel()
    p = module(images).sigmoid()
    assert float(torch.where(images > 0, p, 1 - p).prod(1).sum().detach()) == pytest.approx(1.0, abs=1e-12)


def test_what_is_hidden_stays_zero_in_training() -> None:
    module = MaskedDense(7, 5, first=True).build((5,))
    mask = module.get_buffer("mask") == 1
    assert 0 < int(mask.sum()) < mask.numel()
    assert list(module.state_dict()) == ["weight", "bias"]
    optimiser = torch.optim.AdamW(module.parameters(), 0.1)
    for _ in range(3):
        module(torch.rand(4, 5)).square().sum().backward()
        optimiser.step()
    weight = module.get_parameter("weight")
    assert not weight[~mask].any()
    assert weight[mask].count_nonzero() == mask.sum()


def test_declared_is_what_is_built() -> None:
    check(MaskedDense(7, 5, first=True), (5,))
    check(MaskedDense(5, 5, last=True), (7,))
    assert "5 numbers" in check_refused(MaskedDense(7, 5, first=True), (6,))
    check_refused(MaskedDense(7, 5), (1, 5))
