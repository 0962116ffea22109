"""A user's own .npz: images and optional labels, with or without a test part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets import memory_limit
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.row_reader import Rows, rows_of
from aestudio.datasets.source import FileSource
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.progress import silent
from aestudio.storage.damage import Damage
from aestudio.storage.npz import open_npz
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.progress import Progress
    from aestudio.storage.npz import NpzFile

_DAMAGE = Damage(
    "This is no .npz file, or it is damaged",
    "Save it again with numpy.savez, copy it again, or choose another file.",
)
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


def _load(path: Path, progress: Progress, image: ImageShape | None) -> Dataset:
    """Read only the arrays that are used; nothing in the file is ever executed (no pickles)."""
    with reading(path), open_npz(path, _DAMAGE) as file:
        return own_dataset(path, _parts(file, path), progress, image)


def _parts(file: NpzFile, path: Path) -> list[SourceArrays]:
    for train, test in _PARTED:
        if train[0] in file.names:
            pairs = [train, test] if test[0] in file.names else [train]
            return [_part(file, pair, path) for pair in pairs]
    for pair in _WHOLE:
        if pair[0] in file.names:
            return [_part(file, pair, path)]
    found = ", ".join(shortened(name, 40) for name in file.names[:20])
    raise StudioError(
        f"It has no array named images (it has {found or 'none'})",
        where=str(path),
        advice="Save it with numpy.savez(file, images=..., labels=...), or as x_train, y_train, x_test ...",
    )


def _part(file: NpzFile, pair: tuple[str, str], path: Path) -> SourceArrays:
    images, labels = pair
    return SourceArrays(
        _rows(file, images, path), _rows(file, labels, path) if labels in file.names else None
    )


def _rows(file: NpzFile, name: str, path: Path) -> Rows:
    """The array of this name, of which the header was read; raises StudioError."""
    file.check_plain(name)
    info, where = file.arrays[name], f"{path} ({name})"

    def whole(progress: Progress) -> NDArray[Any]:
        return np.atleast_1d(file.read(name, memory_limit.MOST_BYTES, progress))

    if not info.shape:
        return rows_of(whole(silent), where)
    in_rows = file.in_rows(name) or len(info.shape) == 1
    return Rows(
        info.shape,
        info.dtype,
        where,
        file.packed(name),
        lambda count: file.batches(name, count),
        None if in_rows else whole,
    )


SOURCE = FileSource(
    name="npz",
    title="NumPy file (.npz)",
    summary="arrays images and, if you like, labels; or x_train, y_train, x_test, y_test",
    order=120,
    accepts=_accepts,
    load=_load,
)
