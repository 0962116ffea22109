"""Reads the IDX format, in which MNIST and its relatives are published, plain or gzipped.

A file is: two zero bytes, one byte for the type, one for the number of dimensions, the length of each
dimension as a big-endian uint32, then the numbers, big-endian, last dimension fastest
(LeCun, Cortes, Burges: the MNIST database, "The IDX file format").
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from aestudio.datasets import memory_limit
from aestudio.datasets.memory_limit import check_packing, check_size
from aestudio.datasets.row_reader import Rows, array_of
from aestudio.errors import StudioError
from aestudio.progress import silent
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.progress import Progress

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_PIECE = 1 << 20  # appending holds the interpreter's lock, and with it the window, for the length of a piece
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_DIMENSIONS = 4  # images in colour have as many
_AGAIN = "Copy or download it again, or choose another file."
_DAMAGE = Damage("The gzip file is damaged or ends too early", _AGAIN)


def read_idx(path: Path, progress: Progress = silent) -> NDArray[np.generic]:
    """The array of an IDX file, its own shape and dtype, in native byte order; raises like `idx_rows`."""
    return array_of(idx_rows(path), progress)


def idx_rows(path: Path) -> Rows:
    """The array in an IDX file, of which only the header is read here.

    Its first bytes, not its name, show whether the file is gzipped.
    Raises StudioError if the file cannot be read, is no IDX file, is too short or too long, or announces
    more than is allowed. A gzipped file that is damaged, too short or too long is reported when it is read.
    """
    with _opened(path) as (file, packed):
        dtype, shape = _read_header(file, path)
        size, length = os.stat(path).st_size, dtype.itemsize * math.prod(shape)
        check_size(length, str(path), "The numbers that its header announces")
        if packed:
            check_packing(length, size, str(path))
        elif size - file.tell() != length:
            raise _other_length(path, shape, length, size - file.tell())
    return Rows(shape, dtype.newbyteorder("="), str(path), size, lambda count: _batches(path, count))


def idx_array(content: bytes, path: Path) -> NDArray[Any]:
    """The numbers (N, ...) of a file's content, plain or .gz; path: for messages.

    Raises StudioError as `idx_rows`.
    """
    if content.startswith(_GZIP_MAGIC):
        try:
            with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
                unpacked = packed.read(memory_limit.MOST_BYTES + 1)
        except (EOFError, OSError, zlib.error) as error:
            raise _DAMAGE.error(path, error) from error
        check_size(len(unpacked), str(path))
        check_packing(len(unpacked), len(content), str(path))
        content = unpacked
    file = BytesIO(content)
    dtype, shape = _read_header(file, path)
    expected = dtype.itemsize * math.prod(shape)
    if len(content) - file.tell() != expected:
        raise _other_length(path, shape, expected, len(content) - file.tell())
    return np.frombuffer(content, dtype, offset=file.tell()).reshape(shape).astype(dtype.newbyteorder("="))


def is_whole(path: Path) -> bool:
    """Whether a plain IDX file exists and is as long as its header announces; reads the header only."""
    try:
        with open_file(path) as file:
            dtype, shape = _read_header(file, path)
            return path.stat().st_size == file.tell() + dtype.itemsize * math.prod(shape)
    except (OSError, StudioError):
        return False


def is_whole_if_gzipped(path: Path) -> bool:
    """The same of a file that may be gzipped: then it tells its length in its last four bytes."""
    try:
        with _opened(path) as (file, packed):
            dtype, shape = _read_header(file, path)
            length = file.tell() + dtype.itemsize * math.prod(shape)
        if not packed:
            return path.stat().st_size == length
        with open_file(path) as file:
            file.seek(-4, os.SEEK_END)
            return int.from_bytes(file.read(4), "little") == length % (1 << 32)
    except (OSError, StudioError):
        return False


@contextmanager
def _opened(path: Path) -> Generator[tuple[BinaryIO | gzip.GzipFile, bool]]:
    """The file, unpacked as it is read, and whether it is gzipped; errors inside become StudioError."""
    with reading(path), open_file(path) as file:
        packed = file.read(2) == _GZIP_MAGIC
        file.seek(0)
        if not packed:
            yield file, False
            return
        try:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked, True
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise _DAMAGE.error(path, error) from error


def _batches(path: Path, rows: int) -> Iterator[NDArray[Any]]:
    """The numbers by rows; raises StudioError if their count is not what the header announces."""
    with _opened(path) as (file, _):
        dtype, shape = _read_header(file, path)
        expected = dtype.itemsize * math.prod(shape)
        done = 0
        for start in range(0, shape[0], rows):
            batch = np.empty((min(rows, shape[0] - start), *shape[1:]), dtype)
            count = _fill(file, batch.reshape(-1).view(np.uint8).data)
            done += count
            if count < batch.nbytes:
                raise _other_length(path, shape, expected, done)
            yield batch.astype(dtype.newbyteorder("="), copy=False)
        if file.read(1):
            raise _other_length(path, shape, expected, expected + 1)


def _fill(file: BinaryIO | gzip.GzipFile, content: memoryview) -> int:
    """Read into the memory until it is full or the file ends; returns the number of bytes read."""
    done = 0
    while done < len(content) and (piece := file.read(min(_PIECE, len(content) - done))):
        content[done : done + len(piece)] = piece
        done += len(piece)
    return done


def _other_length(path: Path, shape: tuple[int, ...], expected: int, length: int) -> StudioError:
    actual = "has more" if length > expected else f"has {length:,}"
    size = " x ".join(str(length) for length in shape)
    return StudioError(
        f"The header announces {size} numbers ({expected:,} bytes), but the file {actual}",
        where=str(path),
        advice=_AGAIN,
    )


def _read_header(
    file: BinaryIO | BytesIO | gzip.GzipFile, path: Path
) -> tuple[np.dtype[np.generic], tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or magic[3] == 0:
        looks = "looks like a web page" if magic.lstrip()[:1] == b"<" else f"begins with {magic.hex(' ')}"
        raise StudioError(
            f"This is not an IDX file: wrong magic number (it {looks})",
            where=str(path),
            advice="Choose an IDX file, for example train-images-idx3-ubyte, plain or .gz.",
        )
    if magic[3] > _MOST_DIMENSIONS:
        raise StudioError(
            f"It has {magic[3]} dimensions, which images and labels never have",
            where=str(path),
            advice=_AGAIN,
        )
    lengths = file.read(4 * magic[3])
    if len(lengths) < 4 * magic[3]:
        raise StudioError("The file ends within its header", where=str(path), advice=_AGAIN)
    return np.dtype(_TYPES[magic[2]]), struct.unpack(f">{magic[3]}I", lengths)
