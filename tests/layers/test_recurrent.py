"""Recurrent layers against torch's cells, row by row."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
from torch import nn

from aestudio.layers.recurrent import Recurrent
from tests.layers.support import check, check_refused, some

CELLS = pytest.mark.parametrize("cell", ["gru", "lstm"])
INPUTS = pytest.mark.parametrize("inputs", [(28, 28), (28, 20), (33, 51), (8, 8), (1, 5)], ids=str)


@CELLS
@INPUTS
def test_rows_are_read_from_top_to_bottom(cell: Literal["gru", "lstm"], inputs: tuple[int, int]) -> None:
    module = check(Recurrent(6, cell), inputs)
    values = some(3, *inputs)
    single = (nn.GRUCell if cell == "gru" else nn.LSTMCell)(inputs[1], 6)
    single.load_state_dict({name.removesuffix("_l0"): one for name, one in module.state_dict().items()})
    state = torch.zeros(3, 6)
    cells = torch.zeros(3, 6)
    with torch.no_grad():
        found = module(values)
        for row in range(inputs[0]):
            if cell == "gru":
                state = single(values[:, row], state)
            else:
                state, cells = single(values[:, row], (state, cells))
            torch.testing.assert_close(found[:, row], state, rtol=1e-4, atol=1e-5)


@CELLS
@INPUTS
def test_the_last_state_is_that_of_the_last_row(
    cell: Literal["gru", "lstm"], inputs: tuple[int, int]
) -> None:
    last, whole = check(Recurrent(6, cell, "last"), inputs), Recurrent(6, cell).build(inputs)
    whole.load_state_dict(last.state_dict())
    values = some(3, *inputs)
    torch.testing.assert_close(last(values), whole(values)[:, -1])


@pytest.mark.parametrize("inputs", [(9,), (1, 28, 28)], ids=str)
def test_only_sequences_are_taken(inputs: tuple[int, ...]) -> None:
    assert "sequence" in check_refused(Recurrent(4), inputs)
