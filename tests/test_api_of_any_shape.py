"""The program from Python, with colour images and with narrow grey ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

import aestudio
from aestudio.errors import BadChoice
from tests.images import colour_32, grey_28x20, save

if TYPE_CHECKING:
    from pathlib import Path

SETS = {"colour 32x32": colour_32, "grey 28x20": grey_28x20}


@pytest.mark.parametrize("recipe", ["conv-vae", "hidden-256", "row-gru-ae"])
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("own_file", [True, False], ids=["file", "arrays"])
def test_a_model_is_trained_used_saved_and_opened(
    name: str, recipe: str, own_file: bool, tmp_path: Path
) -> None:
    dataset = SETS[name](120, 40)
    shape = dataset.shape.image.array
    given = str(save(dataset, tmp_path)) if own_file else dataset
    run = aestudio.train(recipe, given, 1, device="cpu", batch_size=40, validation_images=20, latent_size=3)
    images = dataset.test.images[:5]
    codes = run.encode(images)
    assert codes.shape == (5, 3)
    decoded = run.decode(codes)
    assert (decoded.dtype, decoded.shape) == (np.uint8, (5, *shape))
    np.testing.assert_array_equal(run.reconstruct(images), decoded)
    np.testing.assert_allclose(run.encode(images / 255.0), codes, atol=1e-5)
    metrics = run.evaluate()
    exact = ((run.reconstruct(dataset.test.images) / 255.0 - dataset.test.images / 255.0) ** 2).mean()
    assert metrics["test_mse_per_pixel"] == pytest.approx(exact, rel=1e-2)  # reconstructions are rounded
    opened = aestudio.open_run(run.save(tmp_path / "saved"))
    np.testing.assert_array_equal(opened.encode(images), codes)
    assert opened.evaluate(dataset) == metrics | {"run": "saved", "dataset": dataset.name}
    with pytest.raises(BadChoice, match=re.escape(str(dataset.shape.image))):
        run.encode(np.zeros((2, 1, 28, 28), np.uint8))
    if shape[0] == 1:
        np.testing.assert_array_equal(run.encode(images[:, 0]), codes)
