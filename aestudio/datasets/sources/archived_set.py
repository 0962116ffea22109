"""A user's own archive, .zip or .tar: pictures in folders, or one table or .npz."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.array_set import dataset_of_arrays
from aestudio.datasets.entries import chosen_files
from aestudio.datasets.importers.archived_files import TAR, ZIP, files_in
from aestudio.datasets.importers.csv_table import read_table
from aestudio.datasets.importers.image_files import NAMED_SUFFIXES, SUFFIXES
from aestudio.datasets.importers.label_lines import SUFFIXES as TEXTS
from aestudio.datasets.memory_limit import check_size
from aestudio.datasets.picture_set import picture_dataset, texts_beside, with_later_files
from aestudio.datasets.picture_tree import tree_of
from aestudio.datasets.row_reader import Rows, rows_of
from aestudio.datasets.source import FileSource
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.entries import Entry
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

_TABLES = (".npz", ".npy", ".csv", ".tsv")
_DAMAGE = Damage("This file in the archive cannot be read", "Unpack the archive and choose the file itself.")


def _accepts(path: Path) -> bool:
    return path.name.lower().endswith((*ZIP, *TAR)) and path.is_file()


def _load(path: Path, progress: Progress, reading: Reading, files: frozenset[str] | None = None) -> Dataset:
    def wanted(name: str) -> bool:
        return name.lower().endswith((*SUFFIXES, *_TABLES, *TEXTS))

    with files_in(path, wanted, progress) as entries:
        tables = [entry for entry in entries if entry.suffix in _TABLES]
        pictures = [entry for entry in entries if entry.suffix in SUFFIXES]
        if len(tables) > 0 and len(pictures) <= len(tables):
            return dataset_of_arrays(path, _arrays(tables), progress, reading)
        pictures, left = chosen_files(pictures, files)
        tree = tree_of(pictures, texts_beside(entries, files, reading), reading, str(path))
        if not tree.placed:
            raise StudioError(
                "There are no images in this archive",
                where=str(path),
                advice=f"Choose one with pictures ({NAMED_SUFFIXES}), a table (.csv) or NumPy's files; "
                "unpack one with other files and choose the folder.",
            )
        return with_later_files(picture_dataset(path, tree, progress, reading), left)


def _arrays(entries: list[Entry]) -> Mapping[str, Rows]:
    """The arrays of all tables by name; those of a .csv are named after its file."""
    found: dict[str, Rows] = {}
    for entry in entries:
        content, where = entry.read() or b"", str(entry.path)
        stem = entry.name.rpartition(".")[0]
        if entry.suffix in (".csv", ".tsv"):
            table = read_table(content, where)
            part = "test" if "test" in stem else "train" if "train" in stem else ""
            found[f"images_{part}"] = rows_of(table.images, where)
            if table.labels is not None:
                found[f"labels_{part}"] = rows_of(table.labels, where)
        else:
            arrays = _loaded(content, entry)
            found |= {name or stem: rows_of(array, where) for name, array in arrays.items()}
    return found


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


SOURCE = FileSource(
    name="archive",
    title="Archive (.zip, .tar.gz)",
    summary="pictures in folders, a table or NumPy's files, read without unpacking it to the disk",
    order=129,
    accepts=_accepts,
    load=_load,
    load_files=_load,
)
