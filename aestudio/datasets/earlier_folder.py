"""A folder's pictures as earlier versions found them, for the runs that were trained on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.entries import Entry
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.memory_limit import check_size
from aestudio.datasets.picture_tree import Placed, Tree
from aestudio.printable import printable
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aestudio.progress import Progress

_REPORT_EVERY = 1000  # files between two calls of the progress callback
_PARTS = (("train", "test"), ("training", "testing"))
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})


def earlier_tree(path: Path, progress: Progress) -> Tree:
    """The pictures by the first rules: classes by the first subfolder, if every picture is in one."""
    parts = [_images(folder, progress) for folder in _part_folders(path)]
    labelled = all(name for part in parts for _, name in part)
    placed = [
        tuple(
            Placed(Entry(file.relative_to(path).parts, file), name if labelled else "") for file, name in part
        )
        for part in parts
        if part
    ]
    return Tree(tuple(placed), () if labelled else ("Without labels.",))


def earlier_class_order(names: Sequence[str]) -> tuple[str, ...]:
    """The different names of classes, whole numbers first."""
    return tuple(sorted(set(names), key=lambda name: (_sort_key(name), name)))


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
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file()


def _sort_key(name: str) -> tuple[int, float, str]:
    """Sorts 2 before 10, and numbers before other names."""
    return (0, int(name), name) if name.isdecimal() else (1, 0, name)


def _check_files(count: int, folder: Path) -> None:
    """Raises StudioError for more images than any set has: an endless tree is not searched for ever."""
    check_size(count * MNIST.image.size, str(folder), "This number of images")
