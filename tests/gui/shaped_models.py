"""Models of images of other shapes than MNIST's: a shipped recipe between two changes of size.

The encoder sees the image in grey in MNIST's size; what is decoded is brought to the shape, with other values
in each channel. So every request and view can be tried with any shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.training.events import Snapshot
from tests.images import colour_32, grey_28x20

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from torch import Tensor

    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.model import Model

NAMES = ("digits", "colour 32x32", "grey 28x20")


@dataclass(frozen=True, eq=False)
class ShapedSnapshot(Snapshot):
    """A snapshot that says for which images its model is built."""

    data: DataShape = field(default=MNIST)


def dataset_named(name: str, digits: Dataset) -> Dataset:
    """The data set of this name of NAMES; digits: the one with MNIST's shape."""
    makers: dict[str, Callable[[], Dataset]] = {
        "digits": lambda: digits,
        "colour 32x32": lambda: colour_32(120, 60),
        "grey 28x20": lambda: grey_28x20(120, 60),
    }
    return makers[name]()


def shaped_snapshot(snapshot: Snapshot, data: DataShape) -> ShapedSnapshot:
    """The same weights, of a model of images of this shape."""
    parts = snapshot.run, snapshot.recipe, snapshot.step, snapshot.epoch, snapshot.weights, snapshot.home
    return ShapedSnapshot(*parts, data)


def use_shaped_models(monkeypatch: pytest.MonkeyPatch, shape: ImageShape) -> None:
    """Every model that is built from now on takes and gives images of this shape."""
    from torch import nn, tensor

    from aestudio.training import model as model_module

    build, size = model_module.build_model, MNIST.image.array[1:]

    class Shaped(model_module.Model):
        def encode(self, images: Tensor):
            assert images.shape[1:] == shape.array
            return super().encode(nn.functional.interpolate(images.mean(1, keepdim=True), size))

        def decode(self, codes: Tensor) -> Tensor:
            logits = nn.functional.interpolate(super().decode(codes), (shape.height, shape.width))
            offsets = tensor([0.0, 0.5, -0.5])[: shape.channels, None, None]
            return logits + offsets

    def build_shaped(recipe: Recipe, seed: int | None = None) -> Model:
        model = build(recipe, seed)
        model.__class__ = Shaped
        return model

    if shape != MNIST.image:
        monkeypatch.setattr("aestudio.inference.frozen_model.build_model", build_shaped)
