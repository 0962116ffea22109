"""A user's own .npz: images and optional labels, with or without a test part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.data.own_data import Part, own_dataset
from aestudio.data.problems import reading
from aestudio.data.room import MOST_BYTES, check_room
from aestudio.data.source import FileSource
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.damage import Damage
from aestudio.storage.npz import open_npz

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aestudio.data.digits import Dataset
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


def _load(path: Path, progress: Progress) -> Dataset:
    """Reads only the arrays it uses; nothing in the file is ever executed (no pickles)."""
    return own_dataset(path, _read(path), (), progress)


def _read(path: Path) -> list[Part]:
    with reading(path), open_npz(path, _DAMAGE) as file:
        return _parts(file, path)


def _parts(file: NpzFile, path: Path) -> list[Part]:
    for train, test in _PARTED:
        if train[0] in file.names:
            pairs = [train, test] if test[0] in file.names else [train]
            return _checked(file, pairs, path)
    for pair in _WHOLE:
        if pair[0] in file.names:
            return _checked(file, [pair], path)
    found = ", ".join(shortened(name, 40) for name in file.names[:20])
    raise StudioError(
        f"It has no array named images (but {found or 'nothing'})",
        where=str(path),
        advice="Save it with numpy.savez(file, images=..., labels=...), or as x_train, y_train, x_test ...",
    )


def _checked(file: NpzFile, pairs: Sequence[tuple[str, str]], path: Path) -> list[Part]:
    """The parts, read once there is room for all of their arrays together."""
    for kind, what in enumerate(("The images", "The labels")):
        found = [file.arrays[pair[kind]].bytes for pair in pairs if pair[kind] in file.arrays]
        check_room(sum(found), str(path), what)
    return [_part(file, pair, path) for pair in pairs]


def _part(file: NpzFile, pair: tuple[str, str], path: Path) -> Part:
    images_name, labels_name = pair
    images = np.atleast_1d(file.read(images_name, MOST_BYTES))
    labels = np.atleast_1d(file.read(labels_name, MOST_BYTES)) if labels_name in file.names else None
    return Part(images, labels, f"{path} ({images_name})", f"{path} ({labels_name})")


SOURCE = FileSource(
    name="npz",
    title="NumPy file (.npz)",
    summary="arrays images and, if you like, labels; or x_train, y_train, x_test, y_test",
    order=120,
    accepts=_accepts,
    load=_load,
)
