"""The terms of several phases together."""

from __future__ import annotations

import pytest
import torch

from aestudio.training.phase_terms import joined

ONE, TWO = torch.tensor(1.0), torch.tensor(2.0)


def test_terms_are_joined_in_the_order_of_the_phases() -> None:
    terms = joined({"a": {"loss": ONE, "kl": TWO}, "b": {"critic": TWO}, "c": {}})
    assert list(terms.items()) == [("loss", ONE), ("kl", TWO), ("critic", TWO)]
    assert joined({}) == {}


def test_terms_of_the_same_name_are_refused() -> None:
    with pytest.raises(ValueError, match="the phases a and c both have a term kl"):
        joined({"a": {"loss": ONE, "kl": TWO}, "b": {"critic": TWO}, "c": {"kl": ONE}})
