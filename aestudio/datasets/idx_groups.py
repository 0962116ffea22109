"""Which IDX files belong together: images, their labels, and the part of the set that they are."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from aestudio.datasets.importers.idx import idx_rows
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path, PurePath

    from aestudio.datasets.row_reader import Rows

_MOST_FILES = 200  # of a folder, among which IDX files are looked for
_KIND = re.compile(r"images?|labels?|idx\d?|ubyte|int|x|y|gz|bin|data|targets?")
_PART_OF = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "t10k": "test",
    "val": "val",
    "valid": "val",
    "validation": "val",
}
_OWN_ENDINGS = ("", ".bin", ".dat", ".raw", ".data")  # beside those that are named after the format
_WRAPPING = ("raw", "gzip")  # folders of torchvision's and of NIST's


@dataclass(frozen=True)
class IdxPart:
    """Files of one part of a set. part: train, test, val or ""; name: what the set is called, its words"""

    images: Path
    labels: Path | None
    part: str
    name: tuple[str, ...]


def looks_like_idx(path: PurePath) -> bool:
    """Whether the name of a file is that of an IDX file, and not of another kind (idx.zip, by_idx.csv)."""
    name = path.name.lower().removesuffix(".gz")
    ending = path.with_name(name).suffix if name else ""
    return any(word in name and (word in ending or ending in _OWN_ENDINGS) for word in ("idx", "ubyte"))


def set_words(path: PurePath) -> tuple[str, ...]:
    """The words of a file's name that tell its set, and neither its part nor its kind."""
    return _words(path)[1]


def _may_be_beside(path: Path) -> bool:
    """Whether a file may be one of the IDX files that belong to another."""
    plain = path.suffix in ("", ".gz") and ("images" in path.name or "labels" in path.name)
    return plain or looks_like_idx(path)


def holds_idx(folder: Path) -> bool:
    """Whether a folder has IDX files."""
    return bool(_files(folder))


def parts_in(folder: Path) -> tuple[IdxPart, ...]:
    """The parts of the one set of IDX files in the folder, training first; raises StudioError for several."""
    parts = _grouped(_files(folder))
    if not parts:
        raise StudioError(
            "None of the IDX files in this folder holds images",
            where=str(folder),
            advice="Choose a folder with a file of images (idx3) and one of labels (idx1).",
        )
    names = sorted({part.name for part in parts})
    if len(names) > 1:
        shown = ", ".join(shortened(part.images.name, 60) for part in parts if part.part != "test")
        raise StudioError(
            f"This folder holds {len(names)} sets of IDX files",
            where=str(folder),
            advice=f"Choose the images of one of them: {shown}.",
        )
    return _used(parts)


def parts_of(path: Path) -> tuple[IdxPart, ...]:
    """The part that this file is of, which may be images or labels, and the test part beside it."""
    parts = _grouped([path, *(file for file in _files(path.parent, _may_be_beside) if file != path)])
    own = next((part for part in parts if path in (part.images, part.labels)), None)
    if own is None:
        return (IdxPart(path, None, "", ()),)
    if own.part != "train":
        return (own,)
    return _used([own, *(part for part in parts if part.name == own.name and part.part != "train")])


def _used(parts: Sequence[IdxPart]) -> tuple[IdxPart, ...]:
    """Training and test part, and the validation part beside both; without a training part, the only one."""
    order = {"train": 0, "": 1, "test": 2, "val": 3}
    return tuple(sorted(parts, key=lambda part: order[part.part]))


def _files(folder: Path, fits: Callable[[Path], bool] = looks_like_idx) -> list[Path]:
    with reading(folder):
        entries = sorted(islice(folder.iterdir(), _MOST_FILES))
        files = [entry for entry in entries if fits(entry) and entry.is_file()]
        for entry in entries:
            if not files and entry.name in _WRAPPING and entry.is_dir():
                files = _files(entry)
    return [file for file in files if not (file.suffix == ".gz" and file.with_suffix("") in files)]


def _grouped(files: Sequence[Path]) -> list[IdxPart]:
    """Each file of images with its labels: of the same name but for the words that tell their kinds."""
    headers: dict[Path, Rows] = {}
    for file in files:
        with suppress(StudioError):  # a damaged one is reported if it is the one that was chosen
            headers[file] = idx_rows(file)
    labels = {file: rows for file, rows in headers.items() if len(rows.shape) < 3}
    parts: list[IdxPart] = []
    for file, rows in headers.items():
        if len(rows.shape) >= 3:
            part, name = _words(file)
            alone = len(headers) == 2
            parts.append(IdxPart(file, _labels_for(file, rows, labels, alone), part, name))
    return parts


def _labels_for(images: Path, rows: Rows, labels: dict[Path, Rows], alone: bool) -> Path | None:
    """The labels of these images: by name; or the only file of labels beside the only one of images."""
    named = [file for file in labels if file.parent == images.parent and _words(file) == _words(images)]
    if named:
        return named[0]
    others = [file for file, given in labels.items() if len(given) == len(rows)]
    return others[0] if alone and len(others) == len(labels) == 1 else None


def _words(path: PurePath) -> tuple[str, tuple[str, ...]]:
    """The part that the name tells, and the words that tell neither part nor kind."""
    words = [word for word in re.split(r"[\W_]+", path.name.lower()) if word]
    part = next((_PART_OF[word] for word in words if word in _PART_OF), "")
    return part, tuple(word for word in words if word not in _PART_OF and not _KIND.fullmatch(word))
