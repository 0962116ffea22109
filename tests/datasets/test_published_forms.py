"""Data sets in the forms in which they are published: MedMNIST, Olivetti's and Frey's faces, CelebA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import ImageShape
from aestudio.datasets.reading import Reading
from tests.datasets.own_forms import colours, numbers

if TYPE_CHECKING:
    from pathlib import Path

PARTS, COUNTS = ("train", "val", "test"), (21, 7, 9)


@pytest.mark.parametrize("coloured", [False, True])
def test_medmnist(tmp_path: Path, coloured: bool) -> None:
    arrays: dict[str, Any] = {}
    for part, count in zip(PARTS, COUNTS, strict=True):
        arrays[f"{part}_images"] = colours(count, 28, 28) if coloured else numbers(count, 28, 28)
        arrays[f"{part}_labels"] = (np.arange(count) % 9)[:, None].astype(np.uint8)
    np.savez(tmp_path / "bloodmnist.npz", **arrays)
    dataset = load_dataset(str(tmp_path / "bloodmnist.npz"))
    for name, part in (("train", dataset.train), ("test", dataset.test), ("val", dataset.validation)):
        assert part is not None
        expected = arrays[f"{name}_images"]
        expected = np.moveaxis(expected, 3, 1) if coloured else expected[:, None]
        np.testing.assert_array_equal(part.images, expected)
        np.testing.assert_array_equal(part.labels, arrays[f"{name}_labels"][:, 0])


def test_olivetti_as_scikit_learn_has_them(tmp_path: Path) -> None:
    faces = numbers(40, 64, 64)
    faces[0, 5, 5] = 255
    people = np.repeat(np.arange(20), 2)
    np.savez(tmp_path / "faces.npz", images=(faces / 255).astype(np.float32), target=people)
    dataset = load_dataset(str(tmp_path / "faces.npz"), reading=Reading(invert="no"))
    assert dataset.shape.image == ImageShape(1, 64, 64)
    assert len(dataset.train.class_names) == 20
    place = {face.tobytes(): number for number, face in enumerate(faces)}
    for part in (dataset.train, dataset.test):
        assert part.labels is not None
        for image, label in zip(part.images, part.labels, strict=True):
            assert people[place[image[0].tobytes()]] == label


def test_frey_faces_as_roweis_has_them(tmp_path: Path) -> None:
    """frey_rawface.mat: ff, 560 numbers for each of the images, which are its columns."""
    faces = numbers(50, 28, 20)
    savemat(tmp_path / "frey_rawface.mat", {"ff": faces.reshape(50, 560).T})
    dataset = load_dataset(str(tmp_path / "frey_rawface.mat"))
    assert dataset.shape.image == ImageShape(1, 28, 20)
    images = np.concatenate([dataset.train.images, dataset.test.images])[:, 0]
    assert {image.tobytes() for image in images} == {face.tobytes() for face in faces}


@pytest.mark.parametrize("square", [False, True])
def test_celeba_as_the_manual_says(tmp_path: Path, square: bool) -> None:
    size = (128, 128) if square else (218, 178)
    faces = colours(12, *size)
    values = np.where(np.arange(36).reshape(12, 3) % 5 < 2, 1, -1)
    lines = ["12", "Smiling Male Young"]
    for number, (face, row) in enumerate(zip(faces, values, strict=True)):
        Image.fromarray(face).save(tmp_path / f"{number:06}.png")
        lines.append(f"{number:06}.png  {'  '.join(map(str, row))}")
    (tmp_path / "list_attr_celeba.txt").write_text("\n".join(lines) + "\n")
    dataset = load_dataset(str(tmp_path), reading=Reading(labels="attributes"))
    assert dataset.shape.image == ImageShape(3, 64, 64 if square else 52)
    assert dataset.train.factor_names == ("Smiling", "Male", "Young")
    found = dataset.provenance
    assert found is not None
    for part, numbered in ((dataset.train, found.train), (dataset.test, found.test)):
        assert part.factors is not None
        np.testing.assert_array_equal(part.factors, values[numbered] > 0)
        for image, number in zip(part.images, numbered.tolist(), strict=True):
            size = image.shape[2], image.shape[1]
            expected = np.asarray(Image.fromarray(faces[number]).resize(size, Image.Resampling.BOX), int)
            if square:
                assert np.abs(image - np.moveaxis(expected, 2, 0)).max() <= 1
            else:  # Pillow's takes whole pixels
                assert abs(image.mean() - expected.mean()) < 1
