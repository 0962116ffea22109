"""A user's own .npz: images and optional labels, with or without a test part."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.data.own_data import Part, own_dataset
from aestudio.data.problems import reading
from aestudio.data.source import FileSource
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.data.digits import Dataset
    from aestudio.progress import Progress

# names of (images, labels), tried in this order
_WHOLE = (
    ("images", "labels"),
    ("x", "y"),
    ("X", "y"),
    ("data", "target"),
    ("data", "labels"),
    ("arr_0", "arr_1"),
)
_PARTED = (
    (("x_train", "y_train"), ("x_test", "y_test")),
    (("X_train", "y_train"), ("X_test", "y_test")),
    (("train_images", "train_labels"), ("test_images", "test_labels")),
)


def _accepts(path: Path) -> bool:
    return path.suffix.lower() == ".npz"


def _load(path: Path, progress: Progress) -> Dataset:
    """Reads only the arrays it uses; nothing in the file is ever executed (no pickles)."""
    return own_dataset(path, _read(path), (), progress)


def _read(path: Path) -> list[Part]:
    try:
        with reading(path), path.open("rb") as raw, zipfile.ZipFile(raw):
            raw.seek(0)
            return _parts(np.load(raw, allow_pickle=False), path)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise StudioError(
            "This is no .npz file, or it is damaged",
            where=str(path),
            advice="Save it again with numpy.savez, copy it again, or choose another file.",
        ) from error


def _parts(file: Mapping[str, NDArray[Any]], path: Path) -> list[Part]:
    for train, test in _PARTED:
        if train[0] in file:
            pairs = [train, test] if test[0] in file else [train]
            return [_part(file, pair, path) for pair in pairs]
    for pair in _WHOLE:
        if pair[0] in file:
            return [_part(file, pair, path)]
    raise StudioError(
        f"It has no array named images (but {', '.join(file) or 'nothing'})",
        where=str(path),
        advice="Save it with numpy.savez(file, images=..., labels=...), or as x_train, y_train, x_test ...",
    )


def _part(file: Mapping[str, NDArray[Any]], pair: tuple[str, str], path: Path) -> Part:
    images_name, labels_name = pair
    images = _array(file, images_name, path)
    labels = _array(file, labels_name, path) if labels_name in file else None
    return Part(images, labels, f"{path} ({images_name})", f"{path} ({labels_name})")


def _array(file: Mapping[str, NDArray[Any]], name: str, path: Path) -> NDArray[Any]:
    try:
        return np.atleast_1d(file[name])
    except ValueError as error:  # an array of Python objects is a pickle
        raise StudioError(
            f"The array {name} does not hold plain numbers or texts",
            where=str(path),
            advice="Convert images with .astype('uint8'), labels with .astype('int64'), and save again.",
        ) from error


SOURCE = FileSource(
    name="npz",
    title="NumPy file (.npz)",
    summary="arrays images and, if you like, labels; or x_train, y_train, x_test, y_test",
    order=120,
    accepts=_accepts,
    load=_load,
)
