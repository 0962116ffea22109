"""A transformer block against its formula."""

from __future__ import annotations

import torch
from torch.nn import functional

from aestudio.layers.transformer_block import TransformerBlock
from tests.layers.support import check, check_refused, some


def test_it_is_attention_and_two_dense_layers_each_added_to_what_came_in() -> None:
    width, heads = 12, 3
    module = check(TransformerBlock(heads, 2), (5, width))
    state = module.state_dict()
    values = some(2, 5, width)

    def normalised(x: torch.Tensor, name: str) -> torch.Tensor:
        centred = x - x.mean(-1, keepdim=True)
        scaled = centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt()
        return scaled * state[f"{name}.weight"] + state[f"{name}.bias"]

    def attended(x: torch.Tensor, name: str) -> torch.Tensor:
        mixed = x @ state[f"{name}.in_proj_weight"].T + state[f"{name}.in_proj_bias"]
        q, k, v = (part.view(2, 5, heads, -1).transpose(1, 2) for part in mixed.chunk(3, dim=-1))
        shares = (q @ k.transpose(2, 3) / (width / heads) ** 0.5).softmax(-1)
        joined = (shares @ v).transpose(1, 2).reshape(2, 5, width)
        return joined @ state[f"{name}.out_proj.weight"].T + state[f"{name}.out_proj.bias"]

    first = values + attended(normalised(values, "0.inner.0"), "0.inner.1.attention")
    hidden = functional.gelu(
        normalised(first, "1.inner.0") @ state["1.inner.1.weight"].T + state["1.inner.1.bias"]
    )
    expected = first + hidden @ state["1.inner.3.weight"].T + state["1.inner.3.bias"]
    torch.testing.assert_close(module(values), expected, rtol=1e-4, atol=1e-5)


def test_dropout_changes_training_only() -> None:
    module = TransformerBlock(2, dropout=0.5).build((4, 8))
    values = some(1, 4, 8)
    assert not torch.equal(module(values), module(values))
    module.eval()
    assert torch.equal(module(values), module(values))


def test_it_takes_sequences_whose_width_the_heads_divide() -> None:
    assert "4 heads" in check_refused(TransformerBlock(4), (28, 30))
    check_refused(TransformerBlock(4), (1, 28, 28))
