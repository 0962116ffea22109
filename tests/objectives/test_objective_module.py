"""What every objective's module is made of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from torch import nn

from aestudio.layers.dense import Dense
from aestudio.objectives.objective_module import ObjectiveModule


def module(name: str) -> ObjectiveModule:
    """A module with a head and a network of this name."""
    networks = {name: ((2,), (Dense(1),))}
    architecture = SimpleNamespace(head=(Dense(2),), features=(4,), networks=networks)
    return ObjectiveModule(cast("Any", architecture))


def test_networks_are_parts_of_the_module() -> None:
    parts = dict(module("critic").named_children())
    assert parts.keys() == {"head", "critic"}
    assert isinstance(parts["critic"], nn.Sequential)


@pytest.mark.parametrize("name", ["head", "architecture", "code", "training"])
def test_a_network_takes_no_other_place(name: str) -> None:
    with pytest.raises(ValueError, match=f"cannot be called '{name}'"):
        module(name)
