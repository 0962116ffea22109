"""A user's own archive, .zip or .tar: pictures in folders, or tables and arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.archived_tables import is_table
from aestudio.datasets.entries import chosen_files
from aestudio.datasets.importers.archived_files import TAR, ZIP, files_in
from aestudio.datasets.importers.image_files import NAMED_SUFFIXES, SUFFIXES
from aestudio.datasets.importers.label_lines import SUFFIXES as TEXTS
from aestudio.datasets.picture_set import picture_dataset, texts_beside, with_later_files
from aestudio.datasets.picture_tree import tree_of
from aestudio.datasets.source import FileSource
from aestudio.datasets.table_set import dataset_of_tables
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.name.lower().endswith((*ZIP, *TAR)) and path.is_file()


def _load(path: Path, progress: Progress, reading: Reading, files: frozenset[str] | None = None) -> Dataset:
    def wanted(name: str) -> bool:
        return name.lower().endswith((*SUFFIXES, *TEXTS)) or is_table(name)

    with files_in(path, wanted, progress) as entries:
        tables = [entry for entry in entries if is_table(entry.name)]
        pictures = [entry for entry in entries if entry.suffix in SUFFIXES]
        if len(tables) > 0 and len(pictures) <= len(tables):
            return dataset_of_tables(path, tables, progress, reading)
        pictures, left = chosen_files(pictures, files)
        tree = tree_of(pictures, texts_beside(entries, files, reading), reading, str(path))
        if not tree.placed:
            raise StudioError(
                "There are no images in this archive",
                where=str(path),
                advice=f"Choose one with pictures ({NAMED_SUFFIXES}), a table (.csv, .arff), arrays (.npz, "
                ".npy, .mat, .h5) or IDX files; unpack one with other files and choose the folder.",
            )
        return with_later_files(picture_dataset(path, tree, progress, reading), left)


SOURCE = FileSource(
    name="archive",
    title="Archive (.zip, .tar.gz)",
    summary="pictures in folders, tables, arrays or IDX files, read without unpacking it to the disk",
    order=129,
    accepts=_accepts,
    load=_load,
    load_files=_load,
)
