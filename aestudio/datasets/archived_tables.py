"""Arrays in the files of an archive or a folder: NumPy's, MATLAB's, HDF5, IDX, and tables of text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets import memory_limit
from aestudio.datasets.idx_groups import looks_like_idx, set_words
from aestudio.datasets.importers.arff import DAMAGE as ARFF_DAMAGE
from aestudio.datasets.importers.arff import table_of_arff
from aestudio.datasets.importers.csv_table import column_of, read_table
from aestudio.datasets.importers.hdf5 import SUFFIXES as HDF5
from aestudio.datasets.importers.hdf5 import hdf5_arrays
from aestudio.datasets.importers.idx import idx_array
from aestudio.datasets.importers.mat import is_hdf5_content, mat_arrays_in
from aestudio.datasets.importers.npy import npy_rows
from aestudio.datasets.memory_limit import check_size
from aestudio.datasets.reading import RULES
from aestudio.datasets.row_reader import Rows, array_of, rows_of
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.entries import Entry

_NUMPY = (".npz", ".npy")
_TEXTS = (".csv", ".tsv", ".arff")
_OTHERS = (".mat",)
_COLLIDING = 5  # rules
_DAMAGE = Damage("This file in the archive cannot be read", "Unpack the archive and choose the file itself.")


def is_table(name: str) -> bool:
    """Whether a file of this name in an archive is read as arrays."""
    low = name.lower()
    return low.endswith((*_NUMPY, *_TEXTS, *_OTHERS, *HDF5)) or looks_like_idx(PurePath(low))


@dataclass(frozen=True, eq=False)
class FoundArrays:
    """The arrays of all files by name; whether they are EMNIST's, with rows and columns exchanged; notes."""

    arrays: Mapping[str, Rows]
    transposed: bool = False
    notes: tuple[str, ...] = ()


def arrays_in(entries: list[Entry], rules: int = RULES) -> FoundArrays:
    """The arrays of all files; those of a table are named after its file, and of several files after theirs.

    Raises StudioError for a file that cannot be read, and for several sets of IDX files. A table of text
    without images beside others that have some, as Kaggle's sample_submission.csv, is left out.
    """
    idx = [entry for entry in entries if looks_like_idx(PurePath(entry.name.lower()))]
    sets = {set_words(PurePath(entry.name)) for entry in idx}
    if len(sets) > 1:
        raise StudioError(
            f"Here are {len(sets)} sets of IDX files",
            where=str(entries[0].path.parent),
            advice="Choose the images of one of them; those of an archive after unpacking it.",
        )
    found, notes = _arrays_of_all(entries, rules)
    flat = rules > _COLLIDING and any(
        "emnist" in entry.name.lower() and entry.suffix in (".csv", ".tsv") for entry in entries
    )
    if flat or any("emnist" in word for words in sets for word in words):
        note = "Turned upright, because EMNIST is published with rows and columns exchanged."
        return FoundArrays(found, transposed=True, notes=(note, *notes))
    return FoundArrays(found, notes=tuple(notes))


def _arrays_of_all(entries: list[Entry], rules: int) -> tuple[Mapping[str, Rows], list[str]]:
    found: dict[str, Rows] = {}
    failed: list[tuple[Entry, StudioError]] = []
    for entry in entries:
        try:
            arrays = _arrays(entry)
        except StudioError as error:
            if rules <= _COLLIDING or entry.suffix not in _TEXTS or len(entries) == 1:
                raise
            failed.append((entry, error))
            continue
        found |= {_name(entry, name, len(entries), rules): rows for name, rows in arrays.items()}
    if not found and failed:
        raise failed[0][1]
    return found, [f"Left out: {shortened(entry.name, 60)} ({error.what})." for entry, error in failed]


def _name(entry: Entry, name: str, files: int, rules: int) -> str:
    """An array's name among those of all files; by the first rules files with the same names collided."""
    stem, text = entry.name.rpartition(".")[0], entry.suffix in _TEXTS
    if looks_like_idx(PurePath(entry.name.lower())):
        return entry.name
    if rules <= _COLLIDING:
        part = "test" if "test" in stem else "train" if "train" in stem else ""
        return f"{name or 'images'}_{part}" if text else name or stem
    place = entry.place.removesuffix(entry.name[len(stem) :])
    return name if name and files == 1 else f"{place}/{name}" if name else place


def _arrays(entry: Entry) -> Mapping[str, Rows]:
    """The arrays of one file by their names in it, "" for one that has no name."""
    where = str(entry.path)
    if entry.content is None and entry.suffix == ".npy":
        return {"": npy_rows(entry.path)}
    content = entry.read()
    if content is None:
        with reading(entry.path):
            content = read_file(entry.path, memory_limit.MOST_BYTES)
    if looks_like_idx(PurePath(entry.name.lower())):
        return {"": rows_of(idx_array(content, entry.path), where)}
    if entry.suffix == ".mat" and not is_hdf5_content(content):
        return mat_arrays_in(content, entry.path)
    if entry.suffix in (*HDF5, *_OTHERS):
        with hdf5_arrays(entry.path, entry.suffix == ".mat", content) as arrays:
            return {name: rows_of(array_of(rows), rows.where) for name, rows in arrays.items()}
    if entry.suffix in _TEXTS:
        column = None if entry.suffix == ".arff" else column_of(content)
        if column is not None:
            return {"": rows_of(column, where)}
        table = read_table(_as_csv(content, entry), where)
        images = rows_of(table.images, where)
        if table.labels is None:
            return {"": images}
        return {"images": images, "labels": rows_of(table.labels, where)}
    return {name: rows_of(array, where) for name, array in _loaded(content, entry).items()}


def _as_csv(content: bytes, entry: Entry) -> bytes:
    if entry.suffix != ".arff":
        return content
    try:
        return table_of_arff(content, str(entry.path))
    except ValueError as error:
        raise ARFF_DAMAGE.error(entry.path, error) from error


def _loaded(content: bytes, entry: Entry) -> dict[str, NDArray[Any]]:
    """The arrays of a .npz by name, or of a .npy under ""; pickles are refused."""
    try:
        if entry.suffix == ".npz":
            with zipfile.ZipFile(io.BytesIO(content)) as inner:
                check_size(sum(info.file_size for info in inner.infolist()), str(entry.path))
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                return {name: np.atleast_1d(file[name]) for name in file.files}
        return {"": np.atleast_1d(np.load(io.BytesIO(content), allow_pickle=False))}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, KeyError, MemoryError) as error:
        raise _DAMAGE.error(entry.path, shortened(str(error), 200)) from error
