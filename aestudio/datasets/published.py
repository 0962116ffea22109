"""MNIST and its relatives: four IDX files in a folder laid out as torchvision does it.

The files are read by our own IDX reader, which needs no import of torchvision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.importers import idx
from aestudio.datasets.memory_limit import BATCH_NUMBERS, check_free, reading_bytes
from aestudio.datasets.published_set import Published, missing, raw_folder
from aestudio.datasets.row_reader import array_of
from aestudio.datasets.source import Source
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.row_reader import Rows
    from aestudio.datasets.source import DataFolders
    from aestudio.progress import Progress


def published_source(published: Published, summary: str, order: int) -> Source:
    """The declaration of a published set."""
    return Source(
        name=published.name,
        title=published.title,
        summary=summary,
        kind="download",
        order=order,
        find=lambda folders: find(published, folders),
        load=lambda folders, progress: load(published, folders, progress),
        damage=lambda folder: damaged_file(published, folder),
    )


def find(published: Published, folders: DataFolders) -> Path | None:
    """The folder that holds all four files already, the user's before the cache; or None."""
    given = _find_given(published, folders.given) if folders.given else None
    if given:
        return given
    cached = raw_folder(published, folders.cache)
    return cached if not missing(published, cached) else None


def damaged_file(published: Published, folder: Path) -> str:
    """The first of the set's files in this folder that is not as long as its header announces, or ""."""
    paths = (_plain_or_gzipped(folder / name) for name in published.files)
    return next((path.name for path in paths if not idx.is_whole_if_gzipped(path)), "")


def load(published: Published, folders: DataFolders, progress: Progress) -> Dataset:
    """Read the set from this machine; what is missing is downloaded into the cache first.

    Raises StudioError (no network, damaged files, full disk, ...) and Cancelled.
    """
    folder = find(published, folders)
    if folder is None:
        from aestudio.datasets.download.download import download

        folder = raw_folder(published, folders.cache)
        download(published, folder, progress)
    return read(published, folder, progress)


def read(published: Published, folder: Path, progress: Progress = silent) -> Dataset:
    """Read the set from the four files in this folder, each plain or .gz."""
    paths = [_plain_or_gzipped(folder / name) for name in published.files]
    train = _read_part(published, paths[0], paths[1], progress)
    test = _read_part(published, paths[2], paths[3], progress)
    notes = (f"{published.title} read from {folder}.",)
    return Dataset(published.name, published.title, train, test, notes)


def _find_given(published: Published, root: Path) -> Path | None:
    """The user's folder may be the root of torchvision's layout, the set's folder, or its raw folder.

    The files are not checked here: a damaged one must be reported, not skipped.
    """
    candidates = [raw_folder(published, root)]
    if published.torch_class in (root.name, root.parent.name):
        candidates += [root / "raw", root]
    for folder in candidates:
        if all(_plain_or_gzipped(folder / name).exists() for name in published.files):
            return folder
    return None


def _plain_or_gzipped(path: Path) -> Path:
    gzipped = path.with_name(path.name + ".gz")
    return gzipped if gzipped.exists() and not path.exists() else path


def _read_part(published: Published, images_path: Path, labels_path: Path, progress: Progress) -> ImageSet:
    rows = _image_rows(images_path)
    labels = _read_labels(labels_path, len(rows), images_path, len(published.class_names))
    images = np.empty((len(rows), *MNIST.image.array), np.uint8)
    start = 0
    for batch in rows.batches(BATCH_NUMBERS // rows.row):
        progress(start, len(rows), f"Reading {published.title}")
        images[start : start + len(batch), 0] = batch.swapaxes(1, 2) if published.transposed else batch
        start += len(batch)
    return ImageSet(images, labels, published.class_names)


def _image_rows(path: Path) -> Rows:
    rows = idx.idx_rows(path)
    if rows.dtype != np.uint8 or rows.shape[1:] != MNIST.image.array[1:] or not len(rows):
        raise StudioError(
            f"The file holds {rows.dtype} numbers of shape {rows.shape}, not uint8 images of {MNIST.image}",
            where=str(path),
            advice="Delete the file and try again, or choose another folder.",
        )
    check_free(reading_bytes((rows,), (), MNIST.image), str(path))
    return rows


def _read_labels(path: Path, count: int, images_path: Path, classes: int) -> NDArray[np.int64]:
    rows = idx.idx_rows(path)
    if rows.shape != (count,):
        raise StudioError(
            f"There are {count:,} images in {images_path.name}, but {len(rows):,} labels",
            where=str(path),
            advice="Use images and labels of the same set: delete both and try again, or choose a folder.",
        )
    labels = array_of(rows)
    allowed = np.isin(labels, np.arange(classes))
    if not allowed.all():
        raise StudioError(
            f"A label is out of range: {labels[~allowed][0]} where 0 to {classes - 1} are allowed",
            where=str(path),
            advice="Delete the file and try again, or choose another folder.",
        )
    return labels.astype(np.int64)
