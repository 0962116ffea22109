"""Large states are read if the model explains them; others are refused before they are in memory."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.recipes.recipe import read_recipe
from aestudio.runs.weights_file import (
    WEIGHTS,
    read_checkpoint,
    read_snapshot,
    write_checkpoint,
    write_snapshot,
)
from aestudio.training.events import Checkpoint
from aestudio.training.initial import initial_snapshot
from tests.recipes.own_parts.conftest import allow, put, put_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.recipes.recipe import Recipe

CALLS = "class MeanAbsoluteModule(ObjectiveModule):\n"
# 24 MB, as three codebooks of moving averages with 8,192 entries of 256 numbers; its layers have 0.1 MB.
BUFFER = """    def __init__(self, architecture):
        super().__init__(architecture)
        import torch
        self.register_buffer("codebook", torch.arange(6_000_000, dtype=torch.float32))

"""
ABSURD = 64 * 10**9


@pytest.fixture
def with_buffer() -> Recipe:
    """A recipe of the user's own, whose objective keeps a large buffer."""
    put("networks", "two_layers")
    module = put("objectives", "mean_absolute") / "module.py"
    text = module.read_text(encoding="utf-8")
    assert CALLS in text
    module.write_text(text.replace(CALLS, f"{CALLS}{BUFFER}"), encoding="utf-8")
    for group, name in (("networks", "two_layers"), ("objectives", "mean_absolute")):
        allow(group, name)
    return read_recipe(put_recipe()).with_settings({"units": 8})


def test_a_state_with_a_large_buffer_is_read(with_buffer: Recipe, tmp_path: Path) -> None:
    """The best weights beside the newest: 48 MB of buffers for 13,000 parameters."""
    snapshot = initial_snapshot(with_buffer, MNIST)
    state = Checkpoint(snapshot, {}, np.zeros(16, np.uint8), {"step": 0.0}, {}, best=snapshot)
    write_snapshot(tmp_path, snapshot)
    write_checkpoint(tmp_path, state)
    architecture = Architecture(with_buffer, MNIST)
    weights = read_snapshot(tmp_path, "run", architecture).weights
    np.testing.assert_array_equal(weights["objective.codebook"], np.arange(6_000_000, dtype=np.float32))
    best = read_checkpoint(tmp_path, "run", architecture).best
    assert best is not None
    np.testing.assert_array_equal(best.weights["objective.codebook"], weights["objective.codebook"])


@pytest.mark.parametrize("name", ["vae", "with_buffer"])
def test_a_file_of_an_absurd_size_is_refused_unread(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its header is right, and there are as many bytes as it says: as zeros that take no room on the disk."""
    recipe = find_recipe("vae") if name == "vae" else request.getfixturevalue(name)
    table = {"step": 0, "epoch": 0.0, "names": ["a"]}
    header = {
        "__metadata__": {"aestudio": json.dumps(table)},
        "a": {"dtype": "F32", "shape": [ABSURD // 4], "data_offsets": [0, ABSURD]},
    }
    text = json.dumps(header).encode()
    path = tmp_path / WEIGHTS
    path.write_bytes(len(text).to_bytes(8, "little") + text)
    os.truncate(path, 8 + len(text) + ABSURD)
    monkeypatch.setattr("aestudio.storage.safetensors.TensorsFile.read", None)
    with pytest.raises(StudioError, match="damaged") as caught:
        read_snapshot(tmp_path, "run", Architecture(recipe, MNIST))
    assert "at most" in str(caught.value.__cause__)
