"""A user's own picture of a page with many digits, each of which is cut out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.entries import Entry
from aestudio.datasets.importers.image_files import SUFFIXES
from aestudio.datasets.picture_set import picture_dataset
from aestudio.datasets.picture_tree import tree_of
from aestudio.datasets.source import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    return picture_dataset(path, tree_of([Entry((path.name,), path)]), progress, reading)


SOURCE = FileSource(
    name="page",
    title="Picture of a page with many digits",
    summary="each digit is cut out and is an image, without lines, frames and shadows",
    order=132,
    accepts=_accepts,
    load=_load,
)
