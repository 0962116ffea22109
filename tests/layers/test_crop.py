"""The middle of maps."""

from __future__ import annotations

import pytest
import torch

from aestudio.layers.crop import Crop
from tests.layers.support import check, check_refused, some


@pytest.mark.parametrize(
    ("inputs", "sides", "top", "left"),
    [
        ((3, 33, 17), (31, 15), 1, 1),
        ((1, 8, 9), (5, 8), 1, 0),
        ((2, 4, 4), (4, 4), 0, 0),
        ((1, 9, 9), (1, 1), 4, 4),
    ],
)
def test_as_much_is_left_out_at_both_ends(
    inputs: tuple[int, ...], sides: tuple[int, int], top: int, left: int
) -> None:
    module, values = check(Crop(sides), inputs), some(2, *inputs)
    expected = values[:, :, top : top + sides[0], left : left + sides[1]]
    assert torch.equal(module(values), expected)


@pytest.mark.parametrize("inputs", [(1, 4, 9), (1, 9, 4), (36,)], ids=str)
def test_what_has_no_such_middle_is_refused(inputs: tuple[int, ...]) -> None:
    check_refused(Crop((5, 5)), inputs)
