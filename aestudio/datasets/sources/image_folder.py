"""A user's own folder of pictures: in parts, in one subfolder per class, or in none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.earlier_folder import earlier_tree
from aestudio.datasets.entries import files_below
from aestudio.datasets.importers.image_files import NAMED_SUFFIXES, SUFFIXES
from aestudio.datasets.picture_set import picture_dataset
from aestudio.datasets.picture_tree import tree_of
from aestudio.datasets.source import FileSource
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.is_dir()


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    """All pictures below the folder; subfolders such as train and test are its parts."""
    if reading.rules == 1:
        tree = earlier_tree(path, progress)
    else:
        tree = tree_of([entry for entry in files_below(path, progress) if entry.suffix in SUFFIXES])
    if not tree.placed:
        raise StudioError(
            "There are no images in this folder",
            where=str(path),
            advice=f"Choose a folder with images ({NAMED_SUFFIXES}), in one subfolder per class or in none.",
        )
    return picture_dataset(path, tree, progress, reading)


SOURCE = FileSource(
    name="pictures",
    title="Folder of images",
    summary="PNG, JPEG, TIFF, GIF, WebP, AVIF and others, in one subfolder per class or in none",
    order=130,
    accepts=_accepts,
    load=_load,
)
