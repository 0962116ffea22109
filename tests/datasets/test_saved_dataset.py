"""What a run keeps of a training on arrays has the images' shape, colour or grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.saved_dataset import SUFFIX, read_saved_dataset, write_saved_dataset
from aestudio.errors import StudioError
from tests.images import colour_32, grey_28x20, without_labels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAKERS: list[Callable[[], Dataset]] = [
    colour_32,
    grey_28x20,
    lambda: without_labels(colour_32()),
]


@pytest.mark.parametrize("make", MAKERS)
def test_every_shape_comes_back(make: Callable[[], Dataset], tmp_path: Path) -> None:
    dataset, path = make(), tmp_path / f"own{SUFFIX}"
    write_saved_dataset(path, dataset)
    again = read_saved_dataset(path)
    assert (again.facts, again.shape) == (dataset.facts, dataset.shape)
    assert load_dataset(str(path), image=MNIST.image).shape == dataset.shape  # kept as it was


def changed(path: Path, **arrays: Any) -> None:
    with np.load(path) as file:
        kept = dict(file)
    with path.open("wb") as target:
        np.savez(target, allow_pickle=False, **{**kept, **arrays})


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((100, 3, 32, 33), np.uint8),
        np.zeros((100, 1, 32, 32), np.uint8),
        np.zeros((100, 32, 32), np.uint8),
    ],
)
def test_parts_of_different_shapes_are_damage(images: Any, tmp_path: Path) -> None:
    path = tmp_path / f"own{SUFFIX}"
    write_saved_dataset(path, colour_32())
    changed(path, test_images=images)
    with pytest.raises(StudioError, match="damaged"):
        read_saved_dataset(path)


def test_a_shape_that_no_model_takes_is_damage(tmp_path: Path) -> None:
    path = tmp_path / f"own{SUFFIX}"
    write_saved_dataset(path, without_labels(colour_32()))
    images = np.zeros((4, 2, 9, 9), np.uint8)
    changed(path, train_images=images, test_images=images)
    with pytest.raises(StudioError, match="damaged"):
        read_saved_dataset(path)


def test_the_fingerprint_tells_shapes_apart() -> None:
    pixels = np.arange(2 * 560, dtype=np.int64).astype(np.uint8)
    shapes = ((2, 1, 28, 20), (2, 1, 20, 28))
    high, wide = (ImageSet(pixels.reshape(shape)).fingerprint for shape in shapes)
    assert high.count == wide.count
    assert high.images != wide.images
