"""Reads the sparse tables of LIBSVM and SVMlight: a line for each image, its label and "place:value"."""

from __future__ import annotations

import bz2
import importlib
import math
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets import memory_limit
from aestudio.datasets.array_axes import FLAT_SIZES
from aestudio.datasets.image_shape import MNIST, size_text
from aestudio.datasets.memory_limit import check_free, check_packing, check_size
from aestudio.errors import StudioError
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import open_file, read_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Table = tuple[NDArray[np.float32], NDArray[Any]]  # pixels (N, P) and labels (N,)

SUFFIXES = (".libsvm", ".svm", ".svmlight", ".scale", ".t", ".tr", ".bz2", ".txt", "")
_NUMBER = rb"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
_LINE = re.compile(rb"\s*" + _NUMBER + rb"(?:[ \t]+\d+:" + _NUMBER + rb"){2,}")
_LOOK = 4096  # bytes
_BZIP2 = b"BZh"
_USUAL_SIDES = (8, 16, 20, 24, MNIST.image.height, 32, 48, 64, 96, 128)
_DAMAGE = Damage(
    "This LIBSVM table cannot be read", "Download it again, or save it as .csv with numpy.savetxt."
)


def is_libsvm(path: Path) -> bool:
    """Whether a file has such an ending, or none, and begins like one."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    try:
        with open_file(path) as file:
            start = file.read(_LOOK)
            if start.startswith(_BZIP2):
                file.seek(0)
                start = bz2.BZ2Decompressor().decompress(file.read(1 << 20), _LOOK)
    except (OSError, StudioError, ValueError, EOFError):
        return False
    return bool(_LINE.match(start))


def libsvm_tables(
    paths: Sequence[Path],
) -> tuple[list[tuple[NDArray[np.float32], NDArray[Any]]], tuple[str, ...]]:
    """Rows of pixels (N, P) and labels (N,) of each file, all of one width, and notes.

    Places after the last ink of all images are not in the files, so that the size is the next usual one.
    Raises StudioError if one cannot be read, or its rows are no images.
    """
    library: Any = importlib.import_module("sklearn.datasets")  # it has no types, and takes a second
    loaded: list[tuple[Any, NDArray[Any]]] = []
    for path in paths:
        content = _content(path)
        check_free(8 * len(content), str(path))
        try:
            pixels, labels, *_ = library.load_svmlight_file(
                BytesIO(content), dtype=np.float64, zero_based=True
            )
        except (ValueError, OverflowError, MemoryError, IndexError) as error:
            raise _DAMAGE.error(path, error) from error
        loaded.append((pixels, labels))
    # The format counts places from 1, Python's writers often from 0.
    first = min([1, *(int(pixels.indices.min()) for pixels, _ in loaded if pixels.nnz)])
    width = max(pixels.shape[1] for pixels, _ in loaded) - first
    side, note = _size(width, str(paths[0]))
    notes = (f"Places in a line count from {first}.", *note)
    count = sum(pixels.shape[0] for pixels, _ in loaded)
    check_size(4 * count * side, str(paths[0]))
    check_free(8 * count * side, str(paths[0]))
    tables: list[Table] = []
    for pixels, labels in loaded:
        pixels.resize((pixels.shape[0], side + first))
        tables.append((pixels.toarray()[:, first:].astype(np.float32), labels))
    return tables, notes


def _size(width: int, where: str) -> tuple[int, tuple[str, ...]]:
    """How many pixels an image has if a line has this many places at most, and a note if it has more."""
    if math.isqrt(width) ** 2 == width or width in FLAT_SIZES:
        return width, ()
    side = next((side for side in _USUAL_SIDES if side * side >= width), 0)
    if not side:
        raise StudioError(
            f"Rows of {width:,} numbers are no images of a usual size",
            where=where,
            advice="Save them as (N, height, width) with numpy.savez.",
        )
    size = size_text(side, side)
    note = f"{width} numbers up to the last that is not 0, taken as images of the next usual size, {size}."
    return side * side, (note,)


def _content(path: Path) -> bytes:
    with reading(path):
        content = read_file(path, memory_limit.MOST_BYTES)
    if not content.startswith(_BZIP2):
        return content
    try:
        unpacker = bz2.BZ2Decompressor()
        text = unpacker.decompress(content, memory_limit.MOST_BYTES)
        if not unpacker.eof:
            check_size(memory_limit.MOST_BYTES + 1 if unpacker.needs_input is False else 0, str(path))
            raise ValueError("it is cut off")
    except (OSError, ValueError, EOFError) as error:
        raise _DAMAGE.error(path, error) from error
    check_packing(len(text), len(content), str(path))
    return text
