"""A run whose model is told the class, on the command line and from Python."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

import aestudio as package
from aestudio.errors import BadChoice, StudioError
from aestudio.paths import user_parts_folder
from aestudio.recipes.library import find_recipe
from aestudio.recipes.objective import PACKAGE, Objective
from aestudio.recipes.own_parts.answers import remember_answer
from aestudio.recipes.own_parts.part_folder import read_part_folder
from aestudio.recipes.part import from_json
from tests.conditional.models import without_labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.api import Run
    from aestudio.datasets.dataset import Dataset
    from tests.cli.conftest import Answer

MODELS = Path(__file__).parents[1] / "conditional"


@pytest.fixture
def run(few_digits: Dataset) -> Run:
    """A short run of the class-conditional VAE, as a part in the user's folder."""
    folder = user_parts_folder("objectives") / "label_vae"
    shutil.copytree(MODELS / "label_vae", folder, ignore=shutil.ignore_patterns("__pycache__"))
    remember_answer(read_part_folder("objectives", "label_vae"), allowed=True)
    recipe = find_recipe("hidden-256").with_settings({"latent_size": 3, "hidden": (16,), "batch_size": 64})
    objective = from_json(PACKAGE, Objective, {"kind": "label_vae"})
    return package.train(recipe.model_copy(update={"objective": objective}), few_digits, 1, device="cpu")


def test_python_passes_labels(run: Run, few_digits: Dataset) -> None:
    images, labels = few_digits.test.images[:5], few_digits.test.labels
    assert labels is not None
    codes = run.encode(images, labels=labels[:5])
    assert codes.shape == (5, 3)
    as_four = run.decode(codes, labels=4)
    np.testing.assert_array_equal(as_four, run.decode(codes, labels=[4] * 5))
    assert not np.array_equal(as_four, run.decode(codes, labels=5))
    np.testing.assert_array_equal(
        run.reconstruct(images, labels=labels[:5]), run.decode(codes, labels=labels[:5])
    )
    for call in (lambda: run.encode(images), lambda: run.decode(codes), lambda: run.reconstruct(images)):
        with pytest.raises(StudioError, match="told the class of each image or code, and none was given"):
            call()
    with pytest.raises(BadChoice, match="whole number from 0 up to 9"):
        run.decode(codes, labels=10)
    with pytest.raises(BadChoice, match="shape of the labels"):
        run.decode(codes, labels=[1, 2])
    with pytest.raises(BadChoice, match="labels"):
        run.decode(codes, labels=0.5)
    with pytest.raises(StudioError, match="told no factors"):
        run.decode(codes, labels=4, factors=[0.0])
    assert run.evaluate(few_digits)["test_loss"] > 0
    with pytest.raises(StudioError, match="no labels"):
        run.evaluate(without_labels(few_digits))


def test_reconstruct_needs_a_class(
    run: Run, few_digits: Dataset, aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    picture = tmp_path / "digit.png"
    Image.fromarray(few_digits.test.images[0, 0]).save(picture)
    out = tmp_path / "out"
    command = ("reconstruct", run.name, picture, "--out", out)
    answer = aestudio(*command)
    assert (answer.code, out.exists()) == (1, False)
    assert "This model is told the class of each image or code, and none was given" in answer.err
    assert "Add --class with its number." in answer.err
    assert "whole number from 0 up to 9" in aestudio(*command, "--class", "ten").err
    written = {}
    for label in ("3", "8"):
        answer = aestudio(*command, "--class", label, "--overwrite")
        assert answer.code == 0, answer.err
        [file] = out.iterdir()
        written[label] = file.read_bytes()
    assert written["3"] != written["8"]


def test_a_model_that_is_told_nothing_takes_no_class(
    few_digits: Dataset, aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    picture = tmp_path / "digit.png"
    Image.fromarray(few_digits.test.images[0, 0]).save(picture)
    answer = aestudio("reconstruct", "conv-vae-2d", picture, "--out", tmp_path / "out", "--class", "3")
    assert answer.code == 1
    assert "This model is not told what --class gives" in answer.err


def test_export_and_evaluate_take_the_labels_of_the_data(
    run: Run, aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    answer = aestudio("export", run.name, "--features", tmp_path / "codes.npz", "--dataset", "builtin")
    assert answer.code == 0, answer.err
    with np.load(tmp_path / "codes.npz") as file:
        assert file["codes"].shape[1] == 3
    answer = aestudio("evaluate", run.name, "--dataset", "builtin", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["test_loss"] > 0


def test_an_evaluation_says_what_the_model_was_told(
    run: Run, few_digits: Dataset, aestudio: Callable[..., Answer]
) -> None:
    answer = aestudio("evaluate", run.folder)
    assert answer.code == 0, answer.err
    assert "The model was told the class of each image." in answer.err
