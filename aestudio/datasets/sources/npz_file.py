"""A user's own .npz: images and optional labels, with or without a test part."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets import memory_limit
from aestudio.datasets.array_names import choose_arrays, labelled_by
from aestudio.datasets.array_set import source_arrays
from aestudio.datasets.own_data import own_dataset
from aestudio.datasets.parts_beside import note_on_parts, parts_beside
from aestudio.datasets.row_reader import Rows, rows_of
from aestudio.datasets.source import FileSource
from aestudio.progress import silent
from aestudio.storage.damage import Damage
from aestudio.storage.npz import open_npz
from aestudio.storage.os_errors import reading as reading_file

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    """Read only the arrays that are used; nothing in the file is ever executed (no pickles).

    Of train.npz without a test part, the files of the other parts beside it are read, too.
    """
    with ExitStack() as stack:
        files = {"": _opened(stack, path)}
        shapes = _shapes(files)
        chosen = choose_arrays(shapes, path, reading.rules)
        alone = len(chosen.parts) == 1 or {array.part for array in chosen.classes} == {""}
        others = parts_beside(path) if reading.reads_parts_beside and alone else {}
        if others:
            files = {"train": files[""], **{part: _opened(stack, file) for part, file in others.items()}}
            chosen = choose_arrays(_shapes(files), path, reading.rules)
        where = {"": path, "train": path, **others}

        def rows(name: str) -> Rows:
            part = name.partition("_")[0] if others else ""
            return _rows(files[part], name.removeprefix(f"{part}_") if part else name, where[part])

        parts, names = source_arrays(chosen, rows)
        return own_dataset(
            path,
            parts,
            progress,
            reading,
            notes=(*([note_on_parts(others)] if others else ()), *chosen.notes),
            class_names=names,
            files=(path, *others.values()),
            labelled=labelled_by(chosen),
        )


def _opened(stack: ExitStack, path: Path) -> NpzFile:
    """The file, open until the stack ends; errors while it is read are of this file."""
    stack.enter_context(reading_file(path))
    return stack.enter_context(open_npz(path, _DAMAGE))


def _shapes(files: Mapping[str, NpzFile]) -> dict[str, tuple[int, ...] | None]:
    """The shapes of all arrays, None for one that cannot be read; of several files with their part before."""
    return {
        f"{part}_{name}" if part else name: file.arrays[name].shape if name in file.arrays else None
        for part, file in files.items()
        for name in file.names
    }


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
