"""A user's own IDX files: images, and labels beside them, plain or .gz, of any size."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.datasets.array_axes import first_column
from aestudio.datasets.file_pair import split_pair
from aestudio.datasets.idx_groups import IdxPart, holds_idx, looks_like_idx, parts_in, parts_of
from aestudio.datasets.importers.idx import idx_rows
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.picture_parts import validation_note
from aestudio.datasets.source import FileSource
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.os_errors import reading as reading_file
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

_MOST_MAPPING = 10_000  # bytes, and classes
_QMNIST = 8  # columns: the digit, then who wrote it, where and when
_TEST_NAMES = (("train", "t10k"), ("train", "test"), ("training", "test"))
_TRAIN_IMAGES = ("train-images-idx3-ubyte", "train-images.idx3-ubyte")


def _accepts(path: Path) -> bool:
    if path.is_dir():
        return holds_idx(path)
    name = path.name.removesuffix(".gz")
    return looks_like_idx(path) or path.suffix == "" or (path.suffix == ".gz" and not name.endswith(".tar"))


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    """From the images (labels and test part are found by their names), "images,labels", or a folder."""
    if reading.rules == 1:
        return _earlier(path, progress, reading)
    pair, same = split_pair(str(path)), False
    if pair is not None:
        known = parts_of(pair[0])
        same = known[0].labels is not None and known[0].labels.resolve() == pair[1].resolve()
        parts = known if same else (IdxPart(*pair, "", ()),)
    else:
        parts = parts_in(path) if path.is_dir() else parts_of(path)
    parts, notes = _used(parts, reading)
    first = parts[0]
    # NIST publishes EMNIST with rows and columns exchanged. Of others the format says what the dimensions
    # are, whatever the number of labels.
    decides = reading.axes == "auto" or (reading.rules == 2 and reading.axes == "first")
    upright = decides and any("emnist" in part.name for part in parts)
    axes = ("transposed" if upright else "first") if decides else reading.axes
    names, more = _mapping(first.images)
    notes += more
    if upright:
        notes.append("Turned upright, because EMNIST is published with rows and columns exchanged.")
    if first.labels is not None:
        notes.append(f"Labels from {shortened(first.labels.name, 60)}.")
    arrays = [_part(part.images, part.labels) for part in parts]
    files = [file for part in parts for file in (part.images, part.labels) if file is not None]
    origin = str(first.images.resolve())
    if pair is not None and not same:
        origin = f"{origin},{pair[1].resolve()}"
    dataset = own_dataset(
        first.images,
        arrays,
        progress,
        replace(reading, axes=axes),
        origin,
        notes,
        names,
        files,
        "" if first.labels is None else shortened(first.labels.name, 60),
    )
    return replace(dataset, reading=replace(dataset.reading or reading, axes=reading.axes))


def _used(parts: tuple[IdxPart, ...], reading: Reading) -> tuple[tuple[IdxPart, ...], list[str]]:
    """Training, test and validation part as far as they are read, and what is said of the last."""
    if [part.part for part in parts] == ["train", "val"]:
        return parts, ["The validation part is taken for testing."]
    if [part.part for part in parts[:3]] != ["train", "test", "val"]:
        return parts[:2], []
    keeps = reading.keeps_validation
    return parts[: 3 if keeps else 2], [validation_note(len(idx_rows(parts[2].images)), keeps)]


def _mapping(images: Path) -> tuple[tuple[str, ...], list[str]]:
    """Names for the labels from NIST's file beside (emnist-letters-mapping.txt), and a note."""
    path = images.with_name(re.sub(r"-(train|test)-.*", "-mapping.txt", images.name))
    if path == images or not path.is_file():
        return (), []
    with reading_file(path):
        lines = read_file(path, _MOST_MAPPING).decode("ascii", "replace").splitlines()
    rows = [line.split() for line in lines if line.strip()]
    try:
        known = {int(row[0]): "".join(dict.fromkeys(chr(int(code)) for code in row[1:])) for row in rows}
    except (ValueError, OverflowError):
        return (), [f"{path.name} is no mapping of labels, and not used."]
    names = tuple(known.get(number, str(number)) for number in range(max(known, default=-1) + 1))
    return names[:_MOST_MAPPING], [f"Names of the classes from {path.name}."]


def _earlier(path: Path, progress: Progress, reading: Reading) -> Dataset:
    """As the first rules found the files, for runs that were trained on them."""
    if path.is_dir():
        path = _images_in(path) or path
    images_path, labels_path = _pair(path)
    parts = [_part(images_path, labels_path)]
    test = _test_pair(images_path, labels_path)
    if test:
        parts.append(_part(*test))
    files = [file for pair in ((images_path, labels_path), test or ()) for file in pair if file is not None]
    return own_dataset(images_path, parts, progress, reading, _origin(images_path, labels_path), files=files)


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
    labels = idx_rows(labels_path) if labels_path else None
    if labels is not None and len(labels.shape) == 2 and labels.row == _QMNIST:
        labels = first_column(labels)
    return SourceArrays(images, labels)


SOURCE = FileSource(
    name="idx",
    title="IDX files",
    summary="a file of images and one of labels as MNIST has them, plain or .gz, of any size",
    order=110,
    accepts=_accepts,
    load=_load,
)
