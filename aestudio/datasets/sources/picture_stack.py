"""A user's own TIFF or GIF, every page or frame of which is an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.entries import Entry
from aestudio.datasets.picture_set import picture_dataset
from aestudio.datasets.picture_tree import tree_of
from aestudio.datasets.source import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.suffix.lower() in (".tif", ".tiff", ".gif") and path.is_file()


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    return picture_dataset(path, tree_of([Entry((path.name,), path)]), progress, reading)


SOURCE = FileSource(
    name="stack",
    title="Pages of a TIFF or frames of a GIF",
    summary="each of them is an image",
    order=131,
    accepts=_accepts,
    load=_load,
)
