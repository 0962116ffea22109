"""An error of a user's own network or objective while a model is explored names the part and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.own_parts.loading_errors import PartUnavailable
from aestudio.recipes.recipe import read_recipe
from aestudio.training.initial import initial_snapshot
from tests.recipes.own_parts.conftest import allow, put, put_recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

TERMS = "    def terms(self"
FAILING = """    def {}:
        if not self.training:
            {}  # here
        return {}

"""


def model_with(method: str, fails: str, result: str, dataset: Dataset) -> tuple[FrozenModel, Path]:
    """The example's untrained model with one more method that fails when it is explored; and its file."""
    put("networks", "two_layers")
    allow("networks", "two_layers")
    path = put("objectives", "mean_absolute") / "module.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(TERMS, FAILING.format(method, fails, result) + TERMS, 1), encoding="utf-8")
    allow("objectives", "mean_absolute")
    recipe = read_recipe(put_recipe()).with_settings({"units": 8})
    return FrozenModel(initial_snapshot(recipe, dataset.shape)), path


def line_of(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"{path}, line {next(number for number, line in enumerate(lines, 1) if '# here' in line)}"


@pytest.mark.parametrize(
    ("method", "result", "use"),
    [
        (
            "decoder_input(self, codes, condition)",
            "codes",
            lambda model, _: model.decode(np.zeros((2, 4), "f")),
        ),
        ("to_images(self, logits)", "logits", lambda model, images: model.reconstruct(images)),
        ("encoder_input(self, images, condition)", "images", lambda model, images: model.encode(images)),
        ("points(self, codes)", "codes", lambda model, _: model.points(np.zeros((2, 4), "f"))),
        ("image_loss(self, logits, images)", "None", lambda model, images: model.image_losses(images)),
    ],
)
def test_the_line_is_named(
    method: str, result: str, use: Callable[[FrozenModel, Any], object], few_digits: Dataset
) -> None:
    model, path = model_with(method, "raise LookupError('lost')", result, few_digits)
    with pytest.raises(PartUnavailable, match="LookupError: lost") as caught:
        use(model, few_digits.test.images[:2])
    assert caught.value.what.startswith("The objective mean_absolute failed (")
    assert caught.value.where == line_of(path)


@pytest.mark.parametrize(
    ("method", "result", "use", "words"),
    [
        (
            "to_images(self, logits)",
            "logits.flatten(1)",
            lambda model, _: model.decode(np.zeros((2, 4), "f")),
            r"images of 2 are \(2, 784\), not \(2, 1, 28, 28\)",
        ),
        (
            "to_images(self, logits)",
            "logits[:1]",
            lambda model, images: model.reconstruct(images),
            r"images of 2 are \(1, 1, 28, 28\), not \(2, 1, 28, 28\)",
        ),
        (
            "to_images(self, logits)",
            "logits * 0 + 1.02",
            lambda model, images: model.reconstruct(images),
            r"images have numbers from 1.02 to 1.02, not from 0 to 1",
        ),
        (
            "to_images(self, logits)",
            "logits * 0 - 0.5",
            lambda model, _: model.decode(np.zeros((2, 4), "f")),
            r"images have numbers from -0.5 to -0.5, not from 0 to 1",
        ),
        (
            "code(self, features, condition=None)",
            "Code(self.head(features)[:, :3])",
            lambda model, images: model.encode(images),
            r"codes of 2 are \(2, 3\), not \(2, 4\)",
        ),
        (
            "image_loss(self, logits, images)",
            "(logits - images).abs()",
            lambda model, images: model.image_losses(images),
            r"losses of 2 are \(2, 1, 28, 28\), not \(2,\)",
        ),
    ],
)
def test_another_shape_or_range_than_declared_is_said(
    method: str,
    result: str,
    use: Callable[[FrozenModel, Any], object],
    words: str,
    few_digits: Dataset,
) -> None:
    model, path = model_with(method, "pass", result, few_digits)
    with pytest.raises(PartUnavailable, match=words) as caught:
        use(model, few_digits.test.images[:2])
    assert caught.value.where == str(path.parent)


def test_an_own_part_cannot_end_the_program(few_digits: Dataset) -> None:
    exits = "import sys; sys.exit(3)"
    model, _ = model_with("decoder_input(self, codes, condition)", exits, "codes", few_digits)
    with pytest.raises(PartUnavailable, match="SystemExit: 3"):
        model.decode(np.zeros((1, 4), np.float32))


def test_an_error_of_the_program_is_not_the_objectives_fault(few_digits: Dataset) -> None:
    model, _ = model_with("decoder_input(self, codes, condition)", "pass", "codes", few_digits)
    with pytest.raises(ValueError, match="the condition is"):
        model.decode(np.zeros((2, 4), np.float32), np.zeros((2, 10), np.float32))
