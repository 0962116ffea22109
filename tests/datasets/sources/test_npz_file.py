from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

IMAGES = np.zeros((14, 28, 28), np.uint8)
IMAGES[:, 4:24, 10:18] = np.arange(100, 114, dtype=np.uint8)[:, None, None]
LABELS = np.arange(14) % 2


def saved(tmp_path: Path, **arrays: Any) -> str:
    path = tmp_path / "own.npz"
    np.savez(path, **arrays)
    return str(path)


@pytest.mark.parametrize(
    "names", [("images", "labels"), ("x", "y"), ("X", "y"), ("data", "target"), ("arr_0", "arr_1")]
)
def test_images_and_labels(tmp_path: Path, names: tuple[str, str]) -> None:
    dataset = load_dataset(saved(tmp_path, **{names[0]: IMAGES, names[1]: LABELS}))
    assert dataset.name == "own"
    assert (len(dataset.train), len(dataset.test)) == (12, 2)
    assert dataset.train.labels is not None
    np.testing.assert_array_equal(dataset.train.images[:, 0, 14, 14] % 2, dataset.train.labels)
    assert len(np.unique(np.concatenate([dataset.train.images, dataset.test.images]), axis=0)) == 14


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
    ],
)
def test_two_parts(tmp_path: Path, names: tuple[str, str, str, str]) -> None:
    arrays = dict(zip(names, (IMAGES[:10] / 255, LABELS[:10], IMAGES[10:] / 255, LABELS[10:]), strict=True))
    dataset = load_dataset(saved(tmp_path, **arrays))
    np.testing.assert_array_equal(dataset.train.images[:, 0], IMAGES[:10])
    np.testing.assert_array_equal(dataset.test.images[:, 0], IMAGES[10:])
    assert "Values from 0 to 1 turned into 0 to 255." in dataset.notes


def test_a_training_part_alone_and_no_labels(tmp_path: Path) -> None:
    dataset = load_dataset(saved(tmp_path, x_train=IMAGES))
    assert (len(dataset.train), len(dataset.test)) == (12, 2)
    assert dataset.train.labels is None


def test_both_parts_are_treated_alike(tmp_path: Path) -> None:
    light_test = np.full((1, 28, 28), 255, np.uint8)  # alone it would be inverted
    dataset = load_dataset(saved(tmp_path, x_train=IMAGES, x_test=light_test))
    assert (dataset.test.images == 255).all()


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"pixels": LABELS}, "no array of images"),
        ({}, "no array of images"),
        ({"images": IMAGES, "labels": LABELS[:-1]}, "14 images, but 13 labels"),
        ({"images": IMAGES, "labels": LABELS / 4}, "out of range: 0.25"),
        ({"images": IMAGES[:, 0]}, "cannot be understood"),
        ({"images": np.float64(3)}, "cannot be understood"),
        ({"images": IMAGES.astype("c8")}, "must be numbers"),
        ({"images": IMAGES[:0]}, "no images"),
        ({"images": IMAGES[:1]}, "only 1 image"),
        ({"images": np.array([IMAGES, None], object)}, "plain numbers"),
        ({"images": IMAGES, "labels": np.array([{}] * 14)}, "plain numbers"),
        ({"x_train": IMAGES, "x_test": IMAGES[:, :20]}, "different kinds"),
        (
            {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES, "y_test": np.eye(2)[LABELS]},
            "different shapes",
        ),
    ],
)
def test_what_does_not_fit(tmp_path: Path, arrays: dict[str, Any], sentence: str) -> None:
    path = saved(tmp_path, **arrays)
    with pytest.raises(StudioError, match=sentence) as caught:
        load_dataset(path)
    assert caught.value.where.startswith(path)
    assert caught.value.advice


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>", None, "npy"])
def test_no_npz_at_all(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "own.npz"
    np.savez(path, images=IMAGES)
    if content == "npy":
        with path.open("wb") as file:
            np.save(file, IMAGES)
    else:
        path.write_bytes(path.read_bytes()[:-300] if content is None else content)
    with pytest.raises(StudioError, match="damaged") as caught:
        load_dataset(str(path))
    assert caught.value.where == str(path)


def test_a_flipped_bit(tmp_path: Path) -> None:
    path = tmp_path / "own.npz"
    np.savez(path, images=IMAGES)
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(StudioError, match="damaged"):
        load_dataset(str(path))
