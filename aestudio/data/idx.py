"""Reads the IDX format, in which MNIST and its relatives are published, plain or gzipped.

A file is: two zero bytes, one byte for the type, one for the number of dimensions, the length of each
dimension as a big-endian uint32, then the numbers, big-endian, last dimension fastest
(LeCun, Cortes, Burges: the MNIST database, "The IDX file format").
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from aestudio.data.problems import reading
from aestudio.data.room import check_room
from aestudio.errors import StudioError
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_PIECE = 1 << 20  # appending holds the interpreter's lock, and with it the window, for the length of a piece
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_DIMENSIONS = 4  # images in colour have as many
_AGAIN = "Copy or download it again, or choose another file."


def read_idx(path: Path) -> NDArray[np.generic]:
    """The array in an IDX file, in its own shape, in the machine's byte order.

    Whether the file is gzipped is seen from its first bytes, not from its name.
    Raises StudioError where the file cannot be read, is no IDX file, is damaged, too short or too long, or
    announces more than there is memory for: that is known from its header, before any is taken.
    """
    with reading(path), open_file(path) as file:
        packed = file.read(2) == _GZIP_MAGIC
        file.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=file) as unpacked:
                return _read_gzipped(unpacked, path)
        return _read(file, path)


def is_whole(path: Path) -> bool:
    """Whether a plain IDX file is there and as long as its header says; reads the header only."""
    try:
        with open_file(path) as file:
            dtype, shape = _read_header(file, path)
            return path.stat().st_size == file.tell() + dtype.itemsize * math.prod(shape)
    except (OSError, StudioError):
        return False


def _read_gzipped(unpacked: gzip.GzipFile, path: Path) -> NDArray[np.generic]:
    try:
        return _read(unpacked, path)
    except EOFError:
        raise StudioError("The gzip file ends too early", where=str(path), advice=_AGAIN) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise StudioError(f"The gzip file is damaged ({error})", where=str(path), advice=_AGAIN) from error


def _read(file: BinaryIO | gzip.GzipFile, path: Path) -> NDArray[np.generic]:
    dtype, shape = _read_header(file, path)
    expected = dtype.itemsize * math.prod(shape)
    check_room(expected, str(path), "The numbers that its header announces")
    content = bytearray()  # read in pieces, because what a header announces may be more than any memory
    while piece := file.read(min(_PIECE, expected + 1 - len(content))):  # 1 more: does the file end here?
        content += piece
    if len(content) != expected:
        found = "has more" if len(content) > expected else f"has {len(content):,}"
        size = " x ".join(str(length) for length in shape)
        raise StudioError(
            f"The header announces {size} numbers ({expected:,} bytes), but the file {found}",
            where=str(path),
            advice=_AGAIN,
        )
    array = np.frombuffer(content, dtype).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


def _read_header(file: BinaryIO | gzip.GzipFile, path: Path) -> tuple[np.dtype[np.generic], tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or magic[3] == 0:
        looks = "looks like a web page" if magic.lstrip()[:1] == b"<" else f"begins with {magic.hex(' ')}"
        raise StudioError(
            f"This is not an IDX file: wrong magic number (it {looks})",
            where=str(path),
            advice="Choose an IDX file, for example train-images-idx3-ubyte, plain or .gz.",
        )
    if magic[3] > _MOST_DIMENSIONS:
        raise StudioError(f"It has {magic[3]} dimensions, which images and labels never have",
                          where=str(path), advice=_AGAIN)  # fmt: skip
    lengths = file.read(4 * magic[3])
    if len(lengths) < 4 * magic[3]:
        raise StudioError("The file ends within its header", where=str(path), advice=_AGAIN)
    return np.dtype(_TYPES[magic[2]]), struct.unpack(f">{magic[3]}I", lengths)
