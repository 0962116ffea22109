"""A data set in one file, exactly as it was: a run keeps the images that were given as arrays.

Other files are scaled, inverted and split when they are read; this one is not. Its arrays have the shape of
the images: any that models take, and 1x28x28 in files of earlier versions.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.memory_limit import check_free, check_packing
from aestudio.progress import silent
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.atomic_file import new_file
from aestudio.storage.damage import Damage
from aestudio.storage.json_text import parse_json
from aestudio.storage.npz import open_npz, read_npz
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.progress import Progress
    from aestudio.storage.npz import NpzFile

SUFFIX = ".digits"
MOST_KEPT = 256_000_000  # bytes of all arrays: 326,000 images of MNIST
_MOST_TEXT = 1_000_000  # bytes of names and notes
_BESIDE = 32 << 20  # what reading takes beside the arrays
_PARTS = ("train", "test")
_ABOUT = "about"  # texts as JSON: numpy's own texts lose zeros at their ends and take four bytes a character
_DAMAGE = Damage(
    "The images that the run kept are damaged",
    "Pass them again in Python, or restore the file from a copy.",
)


def size_of(dataset: Dataset) -> int:
    """Bytes of all of a data set's arrays."""
    parts = (dataset.train, dataset.test)
    arrays = (array for part in parts for array in (part.images, part.labels, part.factors))
    return sum(array.nbytes for array in arrays if array is not None)


def write_saved_dataset(path: Path, dataset: Dataset) -> None:
    """Write the data set, compressed; raises StudioError if the disk refuses."""
    about: dict[str, Any] = {"name": dataset.name, "title": dataset.title, "notes": dataset.notes}
    arrays: dict[str, NDArray[Any]] = {}
    for name, part in zip(_PARTS, (dataset.train, dataset.test), strict=True):
        about[name] = {"class_names": part.class_names, "factor_names": part.factor_names}
        given = {"images": part.images, "labels": part.labels, "factors": part.factors}
        arrays |= {f"{name}_{what}": array for what, array in given.items() if array is not None}
    arrays[_ABOUT] = np.frombuffer(json.dumps(about).encode("ascii"), np.uint8)
    with new_file(path) as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def read_saved_dataset(path: Path, progress: Progress = silent) -> Dataset:
    """The data set as it was written, its origin this file; raises StudioError."""
    with reading(path):
        with open_npz(path, _DAMAGE) as file:
            _check_room(file, path)
            names = set(file.names)
        rules = {name: rule for name, rule in _RULES.items() if name in names or _needed(name)}
        arrays = read_npz(path, rules, MOST_KEPT + _MOST_TEXT, _DAMAGE, progress)
    try:
        about = parse_json(arrays[_ABOUT].tobytes())
        train, test = (_image_set(arrays, name, about[name]) for name in _PARTS)
        notes = tuple(str(note) for note in about["notes"])
        return Dataset(str(about["name"]), str(about["title"]), train, test, notes, path=str(path.resolve()))
    except (ValueError, KeyError, TypeError) as error:
        raise _DAMAGE.error(path, error) from error


def _rules(part: str) -> dict[str, ArrayRule]:
    return {
        f"{part}_images": ArrayRule("uint8", (part, "channels", "height", "width")),
        f"{part}_labels": ArrayRule("int64", (part,)),
        f"{part}_factors": ArrayRule("float32", (part, f"{part} factors")),
    }


_RULES = {_ABOUT: ArrayRule("uint8", ("characters",)), **_rules("train"), **_rules("test")}


def _check_room(file: NpzFile, path: Path) -> None:
    """Raises StudioError if the arrays are larger than any that are kept, or than what is free."""
    about = file.arrays.get(_ABOUT)
    if about is not None and about.bytes > _MOST_TEXT:
        raise _DAMAGE.error(path, "its description is too long")
    sizes = {name: info.bytes for name, info in file.arrays.items() if name in _RULES}
    for name, size in sizes.items():
        check_packing(size, file.packed(name), str(path))
    check_free(sum(sizes.values()) + _BESIDE, str(path), "The images")


def _needed(name: str) -> bool:
    return name == _ABOUT or name.endswith("_images")


def _image_set(arrays: Mapping[str, NDArray[Any]], part: str, about: Mapping[str, Any]) -> ImageSet:
    class_names, factor_names = (tuple(map(str, about[what])) for what in ("class_names", "factor_names"))
    labels, factors = (arrays.get(f"{part}_{what}") for what in ("labels", "factors"))
    return ImageSet(arrays[f"{part}_images"], labels, class_names, factors, factor_names)
