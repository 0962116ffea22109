"""The shipped models decode without torch as with it, to one grey level."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.inference.early_decoder import early_decoder
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe
from aestudio.runs.index import find_run
from aestudio.training.initial import initial_snapshot


@pytest.mark.parametrize("name", ["conv-vae", "conv-vae-2d"])
def test_shipped_models_decode_the_same(name: str) -> None:
    snapshot = find_run(name).snapshot()
    early = early_decoder(snapshot)
    assert early is not None
    size = snapshot.architecture.latent.size
    codes = np.random.default_rng(0).normal(0, 1.5, (40, size)).astype(np.float32)
    difference = early.decode(codes).astype(int) - FrozenModel(snapshot).decode(codes).astype(int)
    assert np.abs(difference).max() <= 1
    assert np.abs(difference).mean() < 0.01


@pytest.mark.parametrize("image", [ImageShape(3, 28, 20), ImageShape(1, 33, 17)])
@pytest.mark.parametrize("settings", [{"channels": (6, 4)}, {"channels": ()}])
def test_other_sides_too(image: ImageShape, settings: dict[str, object]) -> None:
    recipe = find_recipe("conv-vae").with_settings(settings)
    snapshot = initial_snapshot(recipe, DataShape(image, 10))
    early = early_decoder(snapshot)
    assert early is not None
    codes = np.random.default_rng(0).normal(size=(3, snapshot.architecture.latent.size)).astype(np.float32)
    images, exact = early.decode(codes), FrozenModel(snapshot).decode(codes)
    assert images.shape == exact.shape
    assert np.abs(images.astype(int) - exact.astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("name", "settings"), [("deep-ae", {}), ("row-gru-ae", {}), ("vae", {"likelihood": "gaussian"})]
)
def test_models_with_other_parts_wait_for_torch(name: str, settings: dict[str, object]) -> None:
    assert early_decoder(initial_snapshot(find_recipe(name).with_settings(settings), MNIST)) is None


def test_no_torch_is_imported() -> None:
    code = (
        "import sys, numpy\n"
        "from aestudio.inference.early_decoder import early_decoder\n"
        "from aestudio.runs.index import find_run\n"
        "decoder = early_decoder(find_run('conv-vae-2d').snapshot())\n"
        "assert decoder.decode(numpy.zeros((1, 2), numpy.float32)).shape == (1, 1, 28, 28)\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
