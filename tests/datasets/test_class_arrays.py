"""An array for each class, by name: in one file, in a folder, in an archive, against numpy's own reading."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.class_arrays import arrays_of_classes
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet

    Arrays = Mapping[str, NDArray[np.uint8]]

IMAGES = numbers(60, 12, 12)
PART_OF = {"train": "train", "test": "test", "val": "val"}


def npz(folder: Path, arrays: Arrays) -> Path:
    np.savez(folder / "own.npz", **arrays)
    return folder / "own.npz"


def npy_folder(folder: Path, arrays: Arrays) -> Path:
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return folder


def class_folders(folder: Path, arrays: Arrays) -> Path:
    for name, array in arrays.items():
        (folder / name).mkdir()
        np.save(folder / name / "data.npy", array)
    return folder


def archive(folder: Path, arrays: Arrays) -> Path:
    inside = folder / "inside"
    inside.mkdir()
    npy_folder(inside, arrays)
    with zipfile.ZipFile(folder / "own.zip", "w") as file:
        for path in sorted(inside.iterdir()):
            file.write(path, f"drawings/{path.name}")
    return folder / "own.zip"


def mat(folder: Path, arrays: Arrays) -> Path:
    scipy_io = pytest.importorskip("scipy.io")
    scipy_io.savemat(folder / "own.mat", dict(arrays))
    return folder / "own.mat"


def found_in(part: ImageSet) -> list[tuple[bytes, str]]:
    assert part.labels is not None
    return [
        (image[0].tobytes(), part.class_names[label])
        for image, label in zip(part.images, part.labels, strict=True)
    ]


def written(arrays: Arrays, classes: Mapping[str, str]) -> list[tuple[bytes, str]]:
    return [(image.tobytes(), classes[name]) for name, array in arrays.items() for image in array]


@pytest.mark.parametrize("form", [npz, npy_folder, class_folders, archive, mat])
def test_each_array_is_a_class(tmp_path: Path, form: Callable[[Path, Arrays], Path]) -> None:
    arrays = {"cat": IMAGES[:30], "dog": IMAGES[30:50], "apple": IMAGES[50:]}
    dataset = load_dataset(str(form(tmp_path, arrays)))
    found = found_in(dataset.train) + found_in(dataset.test)
    assert sorted(found) == sorted(written(arrays, {name: name for name in arrays}))
    assert dataset.train.class_names == ("apple", "cat", "dog")
    assert "Each array is a class: apple, cat, dog." in dataset.notes


def test_drawings_as_they_are_published(tmp_path: Path) -> None:
    """Flat images, as many rows as there are drawings, the class behind words that all files have."""
    images = numbers(70, 28, 28)
    arrays = {"full_numpy_bitmap_ice cream": images[:30], "full_numpy_bitmap_T-shirt": images[30:]}
    path = npy_folder(tmp_path, {name: array.reshape(len(array), -1) for name, array in arrays.items()})
    dataset = load_dataset(str(path))
    names = {name: name.removeprefix("full_numpy_bitmap_") for name in arrays}
    assert sorted(found_in(dataset.train) + found_in(dataset.test)) == sorted(written(arrays, names))


@pytest.mark.parametrize("spelling", ["{part}{digit}", "{digit}_{part}", "class {digit} {part}"])
def test_classes_of_two_parts(tmp_path: Path, spelling: str) -> None:
    """As mnist_all.mat has them: train0 to train9, test0 to test9."""
    arrays: dict[str, Any] = {}
    parts: dict[str, list[tuple[bytes, str]]] = {"train": [], "test": []}
    for number in range(20):
        part, digit = ("train", "test")[number // 10], number % 10
        images = IMAGES[number * 3 : number * 3 + 3]
        arrays[spelling.format(part=part, digit=digit)] = images
        parts[part] += [(image.tobytes(), str(digit)) for image in images]
    dataset = load_dataset(str(npz(tmp_path, arrays)))
    assert sorted(found_in(dataset.train)) == sorted(parts["train"])
    assert sorted(found_in(dataset.test)) == sorted(parts["test"])
    assert dataset.train.class_names == tuple("0123456789")
    with pytest.raises(StudioError, match="20 arrays of images"):
        load_dataset(str(npz(tmp_path, arrays)), reading=Reading(rules=5))


def test_arrays_of_one_size_may_be_pictures(tmp_path: Path) -> None:
    """(64, 64) is 64 flat images of 8 x 8, or one picture."""
    with pytest.raises(StudioError, match="nothing tells"):
        load_dataset(str(npz(tmp_path, {name: numbers(1, 64, 64)[0] for name in ("cat", "dog", "cow")})))


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "x_test"),
        ("train_x", "val_x"),
        ("arr_0", "arr_1"),
        ("batch1", "batch2"),
    ],
)
def test_parts_and_pieces_are_no_classes(names: tuple[str, ...]) -> None:
    shapes = dict.fromkeys(names, (20, 12, 12))
    may_be_numbers = not any("x" in name for name in names)
    assert not arrays_of_classes(shapes, PART_OF, may_be_numbers)


def test_files_called_train_and_test_are_parts(tmp_path: Path) -> None:
    dataset = load_dataset(str(npy_folder(tmp_path, {"train": IMAGES[:40], "test": IMAGES[40:]})))
    assert (len(dataset.train), len(dataset.test), dataset.train.class_names) == (40, 20, ())


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=2, max_size=12, unique=True))
def test_words_before_and_behind_do_not_matter(labels: list[str]) -> None:
    parts = {"train", "test", "val"}
    if parts & set(labels):
        return
    shapes = {f"my_set_{label}_v2": (9, 12, 12) for label in labels}
    assert [array.label for array in arrays_of_classes(shapes, PART_OF)] == labels
