"""A user's own folder of images: one subfolder per class, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST, ImageShape, size_text
from aestudio.datasets.importers.image_files import SUFFIXES, read_coloured, read_picture, read_size
from aestudio.datasets.labels import class_name
from aestudio.datasets.memory_limit import check_count, check_free, check_size
from aestudio.datasets.own_data import dataset_of, find_test_part
from aestudio.datasets.own_shape import shape_of
from aestudio.datasets.pixel_conversion import size_notes
from aestudio.datasets.prepare import light_background, pad, padded
from aestudio.datasets.source import FileSource
from aestudio.datasets.split_arrays import SplitArrays
from aestudio.errors import StudioError
from aestudio.printable import printable
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.own_shape import Size
    from aestudio.progress import Progress

_REPORT_EVERY = 1000  # files between two calls of the progress callback
_EACH_FILE = 1000  # bytes of memory for the path and the like of each image (measured: 600 to 900)
_PARTS = (("train", "test"), ("training", "testing"))


def _accepts(path: Path) -> bool:
    return path.is_dir()


def _load(path: Path, progress: Progress, image: ImageShape | None) -> Dataset:
    """All images below the folder; with subfolders train and test, these are the two parts."""
    parts = [_images(folder, progress) for folder in _part_folders(path)]
    files = [file for part in parts for file, _ in part]
    if not files:
        raise StudioError(
            "There are no images in this folder",
            where=str(path),
            advice=f"Choose a folder with images ({', '.join(sorted(SUFFIXES))}), "
            "in one subfolder per class or in none.",
        )
    shape = image or _shape_of(files, progress)
    check_count(len(files), shape, str(path))
    check_free(len(files) * (shape.size + _EACH_FILE), str(path))
    labels, names, label_notes = _labels([name for part in parts for _, name in part])
    is_test, split_notes = find_test_part(path, [len(part) for part in parts if part], labels)
    split_set = SplitArrays(is_test, shape)
    notes = _read(files, shape, split_set, progress)
    read = f"{len(files):,} images read from {printable(str(path))}."
    return dataset_of(path, split_set, labels, names, (read, *notes, *label_notes, *split_notes))


def _part_folders(path: Path) -> list[Path]:
    for names in _PARTS:
        folders = [path / name for name in names]
        if all(folder.is_dir() for folder in folders):
            return folders
    return [path]


def _images(folder: Path, progress: Progress) -> list[tuple[Path, str]]:
    """Every image below the folder with the name of the subfolder it is in, "" for none; in fixed order."""
    found: list[tuple[Path, str]] = []
    with reading(folder):
        for entry in sorted(_entries(folder, progress), key=lambda entry: _sort_key(entry.name)):
            progress(0, None, f"Looking for images: {len(found):,} found")
            if not entry.is_dir():
                found.append((entry, ""))
            elif not _is_cycle(entry):
                found += [(file, entry.name) for file in _images_below(entry, progress)]
            _check_files(len(found), folder)
    return found


def _entries(folder: Path, progress: Progress) -> Iterator[Path]:
    """The subfolders and the images in the folder."""
    for number, entry in enumerate(folder.iterdir()):
        if number % _REPORT_EVERY == 0:
            progress(0, None, f"Searching {printable(folder.name)}: {number:,} files")
            _check_files(number, folder)
        if not entry.name.startswith(".") and (_is_image(entry) or entry.is_dir()):
            yield entry


def _is_cycle(folder: Path) -> bool:
    """Whether this is a link to a folder above it, in which every image would be found a second time."""
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())


def _images_below(folder: Path, progress: Progress) -> list[Path]:
    """Every image below the folder, in fixed order; an endless tree can be cancelled."""
    paths: list[Path] = []
    for number, path in enumerate(folder.rglob("*")):
        if number % _REPORT_EVERY == 0:
            progress(0, None, f"Searching {printable(folder.name)}: {number:,} files")
            _check_files(len(paths), folder)
        if _is_image(path):
            paths.append(path)
    return sorted(paths)


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _sort_key(name: str) -> tuple[int, float, str]:
    """Sorts 2 before 10, and numbers before other names."""
    return (0, int(name), name) if name.isdecimal() else (1, 0, name)


def _check_files(count: int, folder: Path) -> None:
    """Raises StudioError for more images than any set has: an endless tree is not searched for ever."""
    check_size(count * MNIST.image.size, str(folder), "This number of images")


def _shape_of(files: Sequence[Path], progress: Progress) -> ImageShape:
    """The shape in which these images are kept; those of several channels are read until one has a colour."""
    sizes: set[Size] = set()
    coloured = False
    for index, file in enumerate(files):
        progress(index, len(files), f"Looking at {printable(file.name)}")
        size, coloured = (read_size(file), True) if coloured else read_coloured(file)
        sizes.add(size)
    return shape_of(sizes, coloured)


def _read(
    files: Sequence[Path], shape: ImageShape, split_set: SplitArrays, progress: Progress
) -> tuple[str, ...]:
    """Fill both parts with the images; returns notes on their conversion."""
    borders = np.empty(len(files), np.float32)  # of whole numbers
    insides = np.empty((len(files), 2), np.uint8)  # the size of each before it is padded
    grey = np.empty(len(files), np.bool_)
    sizes: set[Size] = set()
    for index, file in enumerate(files):
        progress(index, len(files), f"Reading {printable(file.name)}")
        picture = read_picture(file, shape)
        borders[index], insides[index] = picture.border, picture.channels.shape[1:]
        grey[index] = picture.grey
        split_set.append(pad(picture.channels[None], shape))
        sizes.add(picture.size)
    notes = [*_grey_notes(grey, shape), *_size_notes(sizes, shape)]
    if shape.grey and light_background(borders):
        notes.append("Dark on light, so inverted.")
        _invert(split_set.train, insides[~split_set.is_test], shape, progress)
        _invert(split_set.test, insides[split_set.is_test], shape, progress)
    return tuple(notes)


def _grey_notes(grey: NDArray[np.bool_], shape: ImageShape) -> tuple[str, ...]:
    """A sentence on images that get other channels than they have in their files."""
    others = int(np.count_nonzero(grey != shape.grey))
    if not others:
        return ()
    if shape.grey:
        return (f"{others:,} of them, in colour or with equal channels, turned into grey.",)
    return (f"{others:,} of them, in grey, given three equal channels.",)


def _size_notes(sizes: set[Size], shape: ImageShape) -> tuple[str, ...]:
    if len(sizes) == 1:
        return size_notes(next(iter(sizes)), shape)
    return (f"Scaled from {len(sizes)} sizes to fit {size_text(shape.height, shape.width)}.",)


def _invert(
    images: NDArray[np.uint8], insides: NDArray[np.uint8], shape: ImageShape, progress: Progress
) -> None:
    """Invert images uint8 (N, 1, H, W) in place where they are not padding; insides: (N, 2) before `pad`."""
    for index, (height, width) in enumerate(insides.tolist()):
        if index % _REPORT_EVERY == 0:
            progress(index, len(images), "Inverting images")
        inside = padded((height, width), shape)
        np.subtract(255, images[index, 0][inside], out=images[index, 0][inside])


def _labels(classes: Sequence[str]) -> tuple[NDArray[np.int64] | None, tuple[str, ...], tuple[str, ...]]:
    """Indices into the names of the subfolders; none unless every image is in one."""
    names = tuple(sorted(set(classes), key=_sort_key))
    if names == ("",):
        return None, (), ("Without labels, because there are no subfolders.",)
    if "" in names:
        return None, (), ("Without labels, because some images are in no subfolder.",)
    index = {name: number for number, name in enumerate(names)}
    shown = tuple(class_name(name) for name in names)
    return np.array([index[name] for name in classes], np.int64), shown, ()


SOURCE = FileSource(
    name="pictures",
    title="Folder of images",
    summary="PNG, JPEG, BMP, GIF, WebP or TIFF, in one subfolder per class or in none",
    order=130,
    accepts=_accepts,
    load=_load,
)
