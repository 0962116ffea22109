"""A user's own folder of pictures: in parts, in one subfolder per class, or in none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.archived_tables import is_table
from aestudio.datasets.array_pictures import array_pictures
from aestudio.datasets.earlier_folder import earlier_tree
from aestudio.datasets.entries import chosen_files, files_below
from aestudio.datasets.importers.image_files import NAMED_SUFFIXES, SUFFIXES
from aestudio.datasets.picture_set import picture_dataset, texts_beside, with_later_files
from aestudio.datasets.picture_tree import tree_of
from aestudio.datasets.reading_cache import cache_key, cached, keep_cached, seconds_now
from aestudio.datasets.source import FileSource
from aestudio.datasets.table_set import dataset_of_tables
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.entries import Entry
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.is_dir()


def _load(path: Path, progress: Progress, reading: Reading, files: frozenset[str] | None = None) -> Dataset:
    """All pictures below the folder, or those of these names; subfolders such as train are its parts."""
    left, key, began = 0, None, 0.0
    chosen: list[Entry] = []
    texts: list[Entry] = []
    if reading.rules == 1:
        tree = earlier_tree(path, progress)
    else:
        below = files_below(path, progress)
        pictures = [entry for entry in below if entry.suffix in SUFFIXES]
        if not pictures and reading.reads_tables:
            tables = [entry for entry in below if is_table(entry.name)]
            pictures = array_pictures(tables)
            if tables and not pictures:
                paths = [entry.path for entry in tables]
                return dataset_of_tables(path, tables, progress, reading, paths)
        chosen, left = chosen_files(pictures, files)
        texts = texts_beside(below, files, reading)
        key = cache_key(path, [*chosen, *texts], reading, progress)
        kept = cached(key)
        if kept is not None:
            return with_later_files(kept, left)
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
    return with_later_files(dataset, left)


SOURCE = FileSource(
    name="pictures",
    title="Folder of images",
    summary="PNG, JPEG, TIFF, GIF, WebP, AVIF and others, in one subfolder per class or in none",
    order=130,
    accepts=_accepts,
    load=_load,
    load_files=_load,
)
