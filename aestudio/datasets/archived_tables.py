"""Arrays in the files of an archive: NumPy's, MATLAB's, HDF5, IDX, and tables of text."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.datasets.idx_groups import looks_like_idx, set_words
from aestudio.datasets.importers.arff import DAMAGE as ARFF_DAMAGE
from aestudio.datasets.importers.arff import table_of_arff
from aestudio.datasets.importers.csv_table import read_table
from aestudio.datasets.importers.hdf5 import SUFFIXES as HDF5
from aestudio.datasets.importers.hdf5 import hdf5_arrays
from aestudio.datasets.importers.idx import idx_array
from aestudio.datasets.importers.mat import is_hdf5_content, mat_arrays_in
from aestudio.datasets.memory_limit import check_size
from aestudio.datasets.row_reader import Rows, array_of, rows_of
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.entries import Entry

_NUMPY = (".npz", ".npy")
_TEXTS = (".csv", ".tsv", ".arff")
_OTHERS = (".mat",)
_DAMAGE = Damage("This file in the archive cannot be read", "Unpack the archive and choose the file itself.")


def is_table(name: str) -> bool:
    """Whether a file of this name in an archive is read as arrays."""
    low = name.lower()
    return low.endswith((*_NUMPY, *_TEXTS, *_OTHERS, *HDF5)) or looks_like_idx(PurePath(low))


def archived_arrays(
    entries: list[Entry],
) -> tuple[Mapping[str, Rows], Literal["transposed"] | None, list[str]]:
    """The arrays of all files by name; those of a table are named after its file; how their axes are.

    Raises StudioError for a file that cannot be read, and for several sets of IDX files.
    """
    idx = [entry for entry in entries if looks_like_idx(PurePath(entry.name.lower()))]
    sets = {set_words(PurePath(entry.name)) for entry in idx}
    if len(sets) > 1:
        raise StudioError(
            f"This archive holds {len(sets)} sets of IDX files",
            where=str(entries[0].path.parent),
            advice="Unpack it, and choose the images of one of them.",
        )
    if any("emnist" in word for words in sets for word in words):
        note = "Turned upright, because EMNIST is published with rows and columns exchanged."
        return _arrays(entries), "transposed", [note]
    return _arrays(entries), None, []


def _arrays(entries: list[Entry]) -> Mapping[str, Rows]:
    found: dict[str, Rows] = {}
    for entry in entries:
        content, where = entry.read() or b"", str(entry.path)
        stem = entry.name.rpartition(".")[0]
        if looks_like_idx(PurePath(entry.name.lower())):
            found[entry.name] = rows_of(idx_array(content, entry.path), where)
        elif entry.suffix == ".mat" and not is_hdf5_content(content):
            found |= mat_arrays_in(content, entry.path)
        elif entry.suffix in HDF5 or entry.suffix == ".mat":
            with hdf5_arrays(entry.path, entry.suffix == ".mat", content) as arrays:
                found |= {name: rows_of(array_of(rows), rows.where) for name, rows in arrays.items()}
        elif entry.suffix in _TEXTS:
            table = read_table(_as_csv(content, entry), where)
            part = "test" if "test" in stem else "train" if "train" in stem else ""
            found[f"images_{part}"] = rows_of(table.images, where)
            if table.labels is not None:
                found[f"labels_{part}"] = rows_of(table.labels, where)
        else:
            arrays = _loaded(content, entry)
            found |= {name or stem: rows_of(array, where) for name, array in arrays.items()}
    return found


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
