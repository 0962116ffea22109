"""A user's own folder of pictures: in parts, in one subfolder per class, or in none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.datasets.archived_tables import is_table
from aestudio.datasets.array_pictures import array_pictures
from aestudio.datasets.earlier_folder import earlier_tree
from aestudio.datasets.entries import chosen_files, files_below
from aestudio.datasets.importers.image_files import NAMED_SUFFIXES, SUFFIXES
from aestudio.datasets.importers.label_lines import SUFFIXES as TEXTS
from aestudio.datasets.picture_set import picture_dataset, texts_beside, with_later_files
from aestudio.datasets.picture_tree import tree_of
from aestudio.datasets.reading_cache import cache_key, cached, keep_cached, seconds_now
from aestudio.datasets.source import FileSource
from aestudio.datasets.table_set import dataset_of_tables
from aestudio.errors import StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.entries import Entry
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


_FEW = 10  # pictures: less than beside arrays are figures of them


def _accepts(path: Path) -> bool:
    return path.is_dir()


def _load(path: Path, progress: Progress, reading: Reading, files: frozenset[str] | None = None) -> Dataset:
    """All pictures below the folder, or those of these names; subfolders such as train are its parts."""
    left, key, began, beside = 0, None, 0.0, ""
    chosen: list[Entry] = []
    texts: list[Entry] = []
    if reading.rules == 1:
        tree = earlier_tree(path, progress)
    else:
        below = files_below(path, progress)
        pictures = [entry for entry in below if entry.suffix in SUFFIXES]
        tables = [entry for entry in below if is_table(entry.name)] if reading.reads_tables else []
        arrays = [entry for entry in tables if entry.suffix not in TEXTS]
        few = len(pictures) < _FEW if arrays else len(pictures) < 2  # beside arrays, figures of them
        if files is not None:  # of a run, which was trained on one kind or the other
            tables = [entry for entry in tables if files & {entry.name, entry.place}]
            arrays, pictures, few = tables, [] if tables else pictures, True
        if tables and few:
            ones = [] if pictures else array_pictures(tables)
            if not ones:
                return _of_tables(path, arrays or tables, pictures, progress, reading)
            pictures = ones
        if arrays and files is None and len(pictures) >= _FEW:
            beside = f"Not read: {shortened(arrays[0].name, 60)}{_more(len(arrays))}, beside the pictures."
        chosen, left = chosen_files(pictures, files)
        texts = texts_beside(below, files, reading)
        key = cache_key(path, [*chosen, *texts], reading, progress)
        kept = cached(key)
        if kept is not None:
            return _noted(with_later_files(kept, left), beside)
        began = seconds_now()
        tree = tree_of(chosen, texts, reading, str(path))
    if not tree.placed:
        raise StudioError(
            "There are no images in this folder",
            where=str(path),
            advice=f"Choose a folder with images ({NAMED_SUFFIXES}), in one subfolder per class or in none.",
        )
    dataset = picture_dataset(path, tree, progress, reading)
    if key is not None:
        keep_cached(key, cache_key(path, [*chosen, *texts], reading, progress), dataset, began)
    return _noted(with_later_files(dataset, left), beside)


def _of_tables(
    path: Path, tables: list[Entry], pictures: list[Entry], progress: Progress, reading: Reading
) -> Dataset:
    """The data set in the arrays, and which pictures beside them are left out."""
    dataset = dataset_of_tables(path, tables, progress, reading, [entry.path for entry in tables])
    if not pictures:
        return dataset
    first = shortened(pictures[0].name, 60)
    return _noted(dataset, f"Left out: {first}{_more(len(pictures))}, too few pictures for a set.")


def _noted(dataset: Dataset, note: str) -> Dataset:
    return replace(dataset, notes=(*dataset.notes, note)) if note else dataset


def _more(count: int) -> str:
    return f" and {count - 1} more" if count > 1 else ""


SOURCE = FileSource(
    name="pictures",
    title="Folder of images",
    summary="PNG, JPEG, TIFF, GIF, WebP, AVIF and others, in one subfolder per class or in none",
    order=130,
    accepts=_accepts,
    load=_load,
    load_files=_load,
)
