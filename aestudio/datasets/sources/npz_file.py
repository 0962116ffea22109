"""A user's own .npz: images and optional labels, with or without a test part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets import memory_limit
from aestudio.datasets.array_names import choose_arrays, class_names_in, labelled_by
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.row_reader import Rows, rows_of
from aestudio.datasets.source import FileSource
from aestudio.progress import silent
from aestudio.storage.damage import Damage
from aestudio.storage.npz import open_npz
from aestudio.storage.os_errors import reading as reading_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress
    from aestudio.storage.npz import NpzFile

_DAMAGE = Damage(
    "This is no .npz file, or it is damaged",
    "Save it again with numpy.savez, copy it again, or choose another file.",
)


def _accepts(path: Path) -> bool:
    return path.suffix.lower() == ".npz"


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    """Read only the arrays that are used; nothing in the file is ever executed (no pickles)."""
    with reading_file(path), open_npz(path, _DAMAGE) as file:
        shapes = {name: file.arrays[name].shape if name in file.arrays else None for name in file.names}
        chosen = choose_arrays(shapes, path, reading.rules)
        parts = [
            SourceArrays(_rows(file, images, path), _rows(file, labels, path) if labels else None)
            for images, labels in chosen.parts
        ]
        names = class_names_in(_rows(file, chosen.names, path)) if chosen.names else ()
        return own_dataset(
            path,
            parts,
            progress,
            reading,
            notes=chosen.notes,
            class_names=names,
            labelled=labelled_by(chosen),
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
    summary="arrays of images and, if you like, of labels, under any usual names",
    order=120,
    accepts=_accepts,
    load=_load,
)
