"""Every command with a user's own images in colour, and with narrow grey ones."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.runs.kept_run import KeptRun
from tests.cli.conftest import QUICK
from tests.images import colour_32, grey_28x20, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

SETS = {"colour 32x32": colour_32, "grey 28x20": grey_28x20}


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["conv-vae", "row-gru-ae", "digit-classifier"])
@pytest.mark.parametrize("name", SETS)
def test_a_run_is_trained_resumed_measured_and_exported(
    name: str, recipe: str, aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    dataset = SETS[name](160, 60)
    shape, path, folder = dataset.shape.image, save(dataset, tmp_path), tmp_path / "run"
    trained = aestudio("train", recipe, "--dataset", path, *QUICK, "--out", folder, "--json")
    assert trained.code == 0, trained.err
    run = KeptRun.at(folder)
    architecture = Architecture(find_recipe(recipe), dataset.shape)
    assert run.require_record().shape == replace(dataset.shape, factors=0)  # the file has none
    assert trained.json["parameters"] == architecture.parameter_count
    assert trained.json["images"] == 60

    resumed = aestudio("train", "--resume", folder, "--epochs", "3", "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.json["epochs"] == 3
    evaluated = aestudio("evaluate", folder, "--json")
    assert evaluated.code == 0, evaluated.err
    decodes = recipe != "digit-classifier"
    wanted = "test_mse_per_pixel" if decodes else "test_accuracy"
    assert evaluated.json[wanted] == resumed.json[wanted]

    features = tmp_path / "features.npz"
    exported = aestudio("export", folder, "--features", features, "--split", "test")
    assert exported.code == 0, exported.err
    with np.load(features) as file:
        np.testing.assert_array_equal(file["labels"], dataset.test.labels)
        assert file["codes"].shape == (60, architecture.latent.size)
    if decodes:
        image = tmp_path / "one.png"
        Image.fromarray(np.moveaxis(dataset.test.images[0], 0, 2).squeeze()).save(image)
        answer = aestudio("reconstruct", folder, image, "--out", tmp_path / "sheets")
        assert answer.code == 0, answer.err
        assert "taken as it is" in answer.out
        with Image.open(tmp_path / "sheets" / "one.png") as sheet:
            assert sheet.size == (3 * 8 * shape.width + 16, 8 * shape.height)


@pytest.mark.parametrize("name", ["colour 32x32", pytest.param("grey 28x20", marks=pytest.mark.slow)])
def test_lists_and_a_screenshot(name: str, aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    dataset = SETS[name](120, 40)
    path = save(dataset, tmp_path)
    assert aestudio("train", "conv-vae", "--dataset", path, *QUICK).code == 0
    run = next(one for one in aestudio("runs", "--json").json if not one["shipped"])
    assert run["recipe"] == "conv-vae"
    assert aestudio("datasets").code == 0
    assert "PARAMETERS (MNIST)" in aestudio("recipes").out
    shot = tmp_path / "shot.png"
    command = [
        sys.executable,
        "-m",
        "aestudio",
        "shot",
        run["run"],
        "--out",
        str(shot),
        "--size",
        "1024x640",
        "--view",
        "compress",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=dict(os.environ))
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(shot), "")
    with Image.open(shot) as image:
        assert image.size == (1024, 640)
        coloured = np.ptp(np.asarray(image.convert("RGB")), axis=2)[140:255, 350:450]  # in the original
    assert (coloured > 40).any() == (not dataset.shape.image.grey)


def test_images_of_another_shape_are_refused(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    folder = tmp_path / "run"
    path = save(colour_32(120, 40), tmp_path)
    assert aestudio("train", "conv-ae", "--dataset", path, *QUICK, "--out", folder).code == 0
    for command in (("evaluate", folder), ("train", "--resume", folder, "--epochs", "3")):
        refused = aestudio(*command, "--dataset", "builtin")
        assert refused.code == 1
        assert "28 × 28" in refused.err
        assert "32 × 32 in colour" in refused.err
