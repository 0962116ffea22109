"""A user's own IDX files: images, and labels beside them, plain or .gz, of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.file_pair import split_pair
from aestudio.datasets.importers.idx import idx_rows
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.source import FileSource
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.progress import Progress

_TEST_NAMES = (("train", "t10k"), ("train", "test"), ("training", "test"))
_TRAIN_IMAGES = ("train-images-idx3-ubyte", "train-images.idx3-ubyte")


def _accepts(path: Path) -> bool:
    if path.is_dir():
        return _images_in(path) is not None
    name = path.name.removesuffix(".gz")
    return "idx" in name or "ubyte" in name or path.suffix in (".gz", "")


def _load(path: Path, progress: Progress, image: ImageShape | None) -> Dataset:
    """From the images (labels and test part are found by their names), "images,labels", or a folder."""
    if path.is_dir():
        path = _images_in(path) or path
    images_path, labels_path = _pair(path)
    parts = [_part(images_path, labels_path)]
    test = _test_pair(images_path, labels_path)
    if test:
        parts.append(_part(*test))
    return own_dataset(images_path, parts, progress, image, _origin(images_path, labels_path))


def _origin(images: Path, labels: Path | None) -> str:
    """What finds the same two files again: the path of the images alone if it leads to these labels."""
    images = images.resolve()
    if labels is None or _pair(images) == (images, labels.resolve()):
        return str(images)
    return f"{images},{labels.resolve()}"


def _images_in(folder: Path) -> Path | None:
    candidates = (folder / f"{name}{ending}" for name in _TRAIN_IMAGES for ending in ("", ".gz"))
    return next((path for path in candidates if path.is_file()), None)


def _pair(path: Path) -> tuple[Path, Path | None]:
    """The files of images and of labels; either may have been named, or both with a comma between."""
    pair = split_pair(str(path))
    if pair is not None:
        return pair
    if "labels" in path.name and "images" not in path.name:
        return _sibling(path, "labels", "images", "idx1", "idx3") or path, path
    return path, _sibling(path, "images", "labels", "idx3", "idx1")


def _test_pair(images: Path, labels: Path | None) -> tuple[Path, Path | None] | None:
    for train, test in _TEST_NAMES:
        if images.name.startswith(train):
            test_images = _sibling(images, train, test)
            test_labels = _sibling(labels, train, test) if labels else None
            if test_images and (test_labels or not labels):
                return test_images, test_labels
    return None


def _sibling(path: Path, *replacements: str) -> Path | None:
    """The existing file beside `path` with replacements in its name: old, new, old, new ..."""
    name = path.name.removesuffix(".gz")
    for old, new in zip(replacements[::2], replacements[1::2], strict=True):
        name = name.replace(old, new)
    if name == path.name.removesuffix(".gz"):
        return None
    candidates = (path.with_name(name), path.with_name(f"{name}.gz"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _part(images_path: Path, labels_path: Path | None) -> SourceArrays:
    images = idx_rows(images_path)
    if len(images.shape) < 2:
        raise StudioError(
            f"This file holds no images, but {len(images.shape)} dimension of {len(images):,} numbers",
            where=str(images_path),
            advice="Choose the file with the images (idx3); the labels (idx1) are found beside it.",
        )
    return SourceArrays(images, idx_rows(labels_path) if labels_path else None)


SOURCE = FileSource(
    name="idx",
    title="IDX files",
    summary="a file of images and one of labels as MNIST has them, plain or .gz, of any size",
    order=110,
    accepts=_accepts,
    load=_load,
)
