"""A user's own folder of pictures: one subfolder per class, or none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from aestudio.data.labels import class_name
from aestudio.data.own_data import from_arrays, split_dataset
from aestudio.data.pictures import SUFFIXES, read_picture
from aestudio.data.prepare import light_background, pad
from aestudio.data.problems import reading
from aestudio.data.source import FileSource
from aestudio.errors import StudioError
from aestudio.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.data.digits import Dataset
    from aestudio.progress import Progress

_OFTEN = 1000
_PARTS = (("train", "test"), ("training", "testing"))


def _accepts(path: Path) -> bool:
    return path.is_dir()


def _load(path: Path, progress: Progress) -> Dataset:
    """All pictures below the folder; with subfolders train and test, these are the two parts."""
    folders = _part_folders(path)
    found = [_pictures(folder, progress) for folder in folders]
    files = [file for part in found for file, _ in part]
    if not files:
        raise StudioError(
            "There are no pictures in this folder",
            where=str(path),
            advice=f"Choose a folder with pictures ({', '.join(sorted(SUFFIXES))}), "
            "in one subfolder per class or in none.",
        )
    images, notes = _read(files, progress)
    classes = [name for part in found for _, name in part]
    labels, names, label_notes = _labels(classes)
    notes = (f"{len(files):,} pictures read from {printable(str(path))}.", *notes, *label_notes)
    if len(folders) == 2 and found[0] and found[1]:
        test = np.arange(len(found[0]), len(files))
        return from_arrays(path, images, labels, names, test, notes)
    return split_dataset(path, images, labels, names, notes)


def _part_folders(path: Path) -> list[Path]:
    for names in _PARTS:
        folders = [path / name for name in names]
        if all(folder.is_dir() for folder in folders):
            return folders
    return [path]


def _pictures(folder: Path, progress: Progress) -> list[tuple[Path, str]]:
    """Every picture below the folder with the name of the subfolder it is in, "" for none; in fixed order."""
    found: list[tuple[Path, str]] = []
    with reading(folder):
        for entry in sorted(folder.iterdir(), key=lambda entry: _natural(entry.name)):
            if entry.name.startswith("."):
                continue
            progress(0, None, f"Looking for pictures: {len(found):,} found")
            inside = _below(entry, progress) if entry.is_dir() else [entry]
            name = entry.name if entry.is_dir() else ""
            found += [(file, name) for file in inside if _is_picture(file)]
    return found


def _below(folder: Path, progress: Progress) -> list[Path]:
    """Everything below the folder, in fixed order; a tree without end can be left by cancelling."""
    paths: list[Path] = []
    for path in folder.rglob("*"):
        paths.append(path)
        if len(paths) % _OFTEN == 0:
            progress(0, None, f"Looking through {printable(folder.name)}: {len(paths):,} files")
    return sorted(paths)


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _natural(name: str) -> tuple[int, float, str]:
    """Orders 2 before 10, and numbers before words."""
    return (0, int(name), name) if name.isdecimal() else (1, 0, name)


def _read(files: Sequence[Path], progress: Progress) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Images (N, 1, 28, 28) and what was done to them."""
    small: list[NDArray[np.uint8]] = []
    borders = np.empty(len(files))
    sizes: Counter[tuple[int, int]] = Counter()
    for index, file in enumerate(files):
        progress(index, len(files), f"Reading {printable(file.name)}")
        image, borders[index], size = read_picture(file)
        small.append(image)
        sizes[size] += 1
    images = np.stack([pad(image[None]) for image in small])
    notes: list[str] = []
    if set(sizes) != {(28, 28)}:
        some = f"{len(sizes)} sizes" if len(sizes) > 1 else "{}x{}".format(*next(iter(sizes)))
        notes.append(f"Turned into grey and scaled from {some} to fit 28x28.")
    if light_background(borders):
        notes.append("Dark on light, so inverted.")
        images = np.stack([pad(255 - image[None]) for image in small])
    return images, tuple(notes)


def _labels(classes: Sequence[str]) -> tuple[NDArray[np.int64] | None, tuple[str, ...], tuple[str, ...]]:
    """Indices into the names of the subfolders; none unless every picture is in one."""
    names = tuple(sorted(set(classes), key=_natural))
    if names == ("",):
        return None, (), ("Without labels, because there are no subfolders.",)
    if "" in names:
        return None, (), ("Without labels, because some pictures are in no subfolder.",)
    index = {name: number for number, name in enumerate(names)}
    shown = tuple(class_name(name) for name in names)
    return np.array([index[name] for name in classes], np.int64), shown, ()


SOURCE = FileSource(
    name="pictures",
    title="Folder of pictures",
    summary="PNG, JPEG, BMP, GIF, WebP or TIFF, in one subfolder per class or in none",
    order=130,
    accepts=_accepts,
    load=_load,
)
