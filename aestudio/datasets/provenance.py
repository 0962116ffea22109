"""Where the images of a data set come from: every file with its digest, and the place of each image."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.printable import shortened
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import file_size, open_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_LENGTH = 16  # bytes of a digest
_PIECE = 1 << 20
_MOST_HELD = 16 << 20  # bytes; a longer file is read once more for its digest
_NAMED = 3  # files, in a sentence

Axes = Literal["", "first", "last", "transposed"]


@dataclass(frozen=True)
class SourceFile:
    """A file from which images or labels were taken.

    name:   below the folder or in the archive, with "/" between; of a single file its own name
    size:   bytes
    digest: of its content, BLAKE2b of 16 bytes
    """

    name: str
    size: int
    digest: str


@dataclass(frozen=True)
class LeftOut:
    """A file that was found and not taken, and the reason in a few words: "broken"."""

    name: str
    why: str


@dataclass(frozen=True)
class Decided:
    """What was decided when the images were read; `Reading` says what of it was chosen.

    axes:     where the number of images stands; "" for pictures
    bottom, top: the numbers that are black and white
    inverted: images that were inverted
    sizes:    height, width and number of images of each size, the most frequent first
    labels:   what the labels were taken from, in a few words; "" without labels
    columns:  labels an image, if there are several
    stacks:   files with several pages or frames
    coloured: whether any image has a colour
    cut:      images that were cut out of pages
    offered:  about how many digits could be, of pictures that were not cut
    """

    axes: Axes = ""
    bottom: float = 0.0
    top: float = 255.0
    inverted: int = 0
    sizes: tuple[tuple[int, int, int], ...] = ()
    labels: str = ""
    columns: int = 0
    stacks: int = 0
    coloured: bool = False
    cut: int = 0
    offered: int = 0


@dataclass(frozen=True, eq=False)
class Provenance:
    """The files of a data set, and the place of each image. Images count in the order of reading, N of them.

    train, test, validation: int64 (n,), the numbers of the images of each part, in its order
    file_of:     int32 (N,), the index of each image's file; None for arrays, whose labels may be in another
    row_of:      int64 (N,), its page or frame in the file, or its row in its array
    form:        the name of the `FileSource`
    """

    files: tuple[SourceFile, ...]
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    row_of: NDArray[np.int64]
    file_of: NDArray[np.int32] | None = None
    left_out: tuple[LeftOut, ...] = ()
    decided: Decided = field(default_factory=Decided)
    form: str = ""
    validation: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def names(self) -> frozenset[str]:
        """Of all files that were found, taken or not."""
        return frozenset(file.name for file in (*self.files, *self.left_out))


def provenance_of(
    part_of: NDArray[np.int8], row_of: NDArray[np.int64], files: Sequence[SourceFile], decided: Decided
) -> Provenance:
    """Of arrays: part_of int8 (N,), as `SplitArrays` has it, row_of int64 (N,)."""
    train, test, validation = (np.flatnonzero(part_of == part).astype(np.int64) for part in range(3))
    return Provenance(tuple(files), train, test, row_of, decided=decided, validation=validation)


def digest_of(content: bytes) -> str:
    """The digest of a file's content."""
    return hashlib.blake2b(content, digest_size=_LENGTH).hexdigest()


def source_files(paths: Iterable[Path]) -> tuple[SourceFile, ...]:
    """These files with their digests, each read once from its beginning to its end; raises StudioError."""
    found: list[SourceFile] = []
    for path in dict.fromkeys(paths):
        digest = hashlib.blake2b(digest_size=_LENGTH)
        with reading(path), open_file(path) as file:
            size = file_size(file)
            while piece := file.read(_PIECE):
                digest.update(piece)
        found.append(SourceFile(path.name, size, digest.hexdigest()))
    return tuple(found)


def content_held(path: Path, content: bytes | None) -> bytes | None:
    """The content of a picture's file if it is small enough to be held, so that it is read only once.

    content: of a file in an archive, which is held already. Raises StudioError.
    """
    if content is not None:
        return content
    with reading(path), open_file(path) as file:
        return None if file_size(file) > _MOST_HELD else file.read()


def taken_file(name: str, path: Path, content: bytes | None) -> SourceFile:
    """A file that was taken, with its digest; raises StudioError.

    It is called once the file was understood: the digest of 100 GB that are no picture takes minutes.

    content: from `content_held`, None for a file that is read here
    """
    if content is not None:
        return SourceFile(name, len(content), digest_of(content))
    own = source_files([path])[0]
    return SourceFile(name, own.size, own.digest)


def changed_files(then: Sequence[SourceFile], now: Sequence[SourceFile]) -> str:
    """How files differ from those of before, for people; "" if they do not.

    One that has another name and the same content has moved; it is neither gone nor new.
    """
    before, after = ({file.name: file for file in files} for files in (then, now))
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    changed = [name for name in before if name in after and before[name].digest != after[name].digest]
    by_digest = {after[name].digest for name in new}
    moved = [name for name in gone if before[name].digest in by_digest]
    contents = {before[name].digest for name in moved}
    lists = (
        (changed, "has changed", "have changed"),
        (moved, "has another name", "have other names"),
        ([name for name in gone if name not in set(moved)], "is gone", "are gone"),
        ([name for name in new if after[name].digest not in contents], "is new", "are new"),
    )
    return ", ".join(_counted(names, one, several) for names, one, several in lists if names)


def _counted(names: Sequence[str], one: str, several: str) -> str:
    shown = ", ".join(shortened(name, 40) for name in names[:_NAMED])
    more = " ..." if len(names) > _NAMED else ""
    if len(names) == 1:
        return f"{shown} {one}"
    return f"{len(names):,} files {several} ({shown}{more})"
