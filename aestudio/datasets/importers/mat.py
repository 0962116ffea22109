"""Reads MATLAB's .mat files of versions 5 to 7, as named arrays.

The format is "MAT-File Format", The MathWorks, "Level 5 MAT-Files": elements of a tag (type and length) and
data; an array is an element of elements: flags, dimensions, name, numbers in the order of columns. It is read
here, because scipy's reader trusts the numbers in a damaged file, and the process dies.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.datasets import memory_limit
from aestudio.datasets.memory_limit import check_free, check_size
from aestudio.datasets.row_reader import rows_of
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import open_file, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.row_reader import Rows

_HEADER = 128  # bytes
_HDF5, _HDF5_AT = b"\x89HDF\r\n\x1a\n", 512
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_MATRIX, _COMPRESSED = 14, 15
_CELLS, _STRUCTURE, _CHARACTERS, _NUMERIC = 1, 2, 4, range(6, 16)  # classes of arrays
_MOST_NESTED, _MOST_DIMENSIONS, _MOST_FIELDS = 6, 8, 1000
_DAMAGE = Damage("This .mat file cannot be read", "Save it again in MATLAB, or choose another file.")


def is_hdf5(path: Path) -> bool:
    """Whether it is of version 7.3, which is an HDF5 file behind a head of MATLAB's; raises StudioError."""
    with reading(path), open_file(path) as file:
        head = file.read(_HDF5_AT + len(_HDF5))
    return is_hdf5_content(head)


def is_hdf5_content(head: bytes) -> bool:
    """The same of a file's content, or its beginning."""
    head = head[: _HDF5_AT + len(_HDF5)]
    return head.startswith(_HDF5) or head[_HDF5_AT:] == _HDF5


def mat_arrays(path: Path) -> dict[str, Rows]:
    """The arrays of a file by name; those of structures by the names down to them, with "_" between.

    Raises StudioError if it cannot be read, or takes more memory than is free.
    """
    with reading(path):
        content = read_file(path, memory_limit.MOST_BYTES)
    return mat_arrays_in(content, path)


def mat_arrays_in(content: bytes, path: Path) -> dict[str, Rows]:
    """The same of a file's content; path: for messages."""
    check_free(3 * len(content), str(path))
    found: dict[str, NDArray[Any]] = {}
    try:
        mark = content[126:_HEADER]
        if mark not in (b"IM", b"MI"):
            raise ValueError("it does not begin as MATLAB's files of version 5 to 7 do")
        reader = _Reader("<" if mark == b"IM" else ">", found, str(path))
        for kind, data in reader.elements(memoryview(content)[_HEADER:]):
            reader.collect("", kind, data, 0)
    except (ValueError, struct.error, zlib.error, UnicodeError, OverflowError, MemoryError) as error:
        raise _DAMAGE.error(path, error) from error
    return {name: rows_of(array, f"{path} ({name})") for name, array in found.items()}


@dataclass(frozen=True)
class _Reader:
    """order: "<" or ">", of bytes; found: the arrays by name"""

    order: Literal["<", ">"]
    found: dict[str, NDArray[Any]]
    where: str

    def elements(self, data: memoryview) -> Iterator[tuple[int, memoryview]]:
        """Type and content of each element; raises ValueError if one is longer than the data."""
        at = 0
        while at + 8 <= len(data):
            first, length = struct.unpack_from(f"{self.order}II", data, at)
            if first >> 16:  # a short one, in the tag itself
                kind, length, start, step = first & 0xFFFF, first >> 16, at + 4, 8
            else:
                kind, start = first, at + 8
                step = 8 + (length if kind == _COMPRESSED else -(-length // 8) * 8)
            if start + length > len(data) or (step == 8 and length > 4 and first >> 16):
                raise ValueError("it is cut off")
            yield kind, data[start : start + length]
            at += step

    def collect(self, prefix: str, kind: int, data: memoryview, depth: int) -> None:
        """Add the arrays of an element, and of the structure or cells that it is."""
        if depth > _MOST_NESTED:
            return
        if kind == _COMPRESSED:
            for inner_kind, inner in self.elements(memoryview(self._unpacked(data))):
                self.collect(prefix, inner_kind, inner, depth + 1)
        if kind != _MATRIX or not data:
            return
        parts = list(self.elements(data))
        if len(parts) < 3 or len(parts[0][1]) < 8:
            raise ValueError("an array has no header")
        flags = struct.unpack_from(f"{self.order}I", parts[0][1])[0]
        shape = self._shape(parts[1][1])
        name = "_".join(filter(None, (prefix, bytes(parts[2][1]).decode("latin-1").rstrip("\0"))))
        self._add(name, flags & 0xFF, shape, parts[3:], depth)

    def _add(
        self, name: str, kind: int, shape: tuple[int, ...], parts: list[tuple[int, memoryview]], depth: int
    ) -> None:
        if kind in _NUMERIC and parts:
            self.found[name] = self._array(parts[0], shape)
        elif kind == _STRUCTURE and len(parts) >= 2:
            fields = self._fields(*parts[:2])
            for field, (inner_kind, inner) in zip(fields, parts[2:], strict=False):  # of the first element
                self.collect(f"{name}_{field}", inner_kind, inner, depth + 1)
        elif kind == _CELLS:
            texts = [text for part in parts if (text := self._text(part)) is not None]
            if texts and len(texts) == len(parts):
                self.found[name] = np.array(texts)

    def _unpacked(self, data: memoryview) -> bytes:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(data, memory_limit.MOST_BYTES)
        if unpacker.unconsumed_tail:
            check_size(memory_limit.MOST_BYTES + 1, self.where)
        if not unpacker.eof:
            raise ValueError("it is cut off")
        return content

    def _shape(self, data: memoryview) -> tuple[int, ...]:
        count = len(data) // 4
        if not 1 <= count <= _MOST_DIMENSIONS:
            raise ValueError(f"an array has {count} dimensions")
        shape = struct.unpack_from(f"{self.order}{count}i", data)
        if min(shape) < 0:
            raise ValueError("a dimension is negative")
        return shape

    def _array(self, part: tuple[int, memoryview], shape: tuple[int, ...]) -> NDArray[Any]:
        """Numbers in the type in which they are stored, which may be smaller than that of the array."""
        kind, data = part
        if kind not in _NUMBERS:
            raise ValueError(f"an array has numbers of type {kind}")
        dtype = np.dtype(_NUMBERS[kind]).newbyteorder(self.order)
        if math.prod(shape) * dtype.itemsize != len(data):
            raise ValueError("an array has another size than its header says")
        numbers = np.frombuffer(data, dtype).reshape(shape, order="F")
        return numbers.astype(dtype.newbyteorder("="), copy=False)

    def _fields(self, length: tuple[int, memoryview], names: tuple[int, memoryview]) -> list[str]:
        width = int.from_bytes(length[1], "little" if self.order == "<" else "big")
        if not 0 < width <= 1000 or len(names[1]) // width > _MOST_FIELDS:
            raise ValueError("a structure has impossible names")
        raw = bytes(names[1])
        cut = (raw[at : at + width] for at in range(0, len(raw), width))
        return [name.partition(b"\0")[0].decode("latin-1") for name in cut]

    def _text(self, part: tuple[int, memoryview]) -> str | None:
        """The text that is an element of a cell array, None for anything else."""
        if part[0] != _MATRIX or not part[1]:
            return None
        parts = list(self.elements(part[1]))
        if len(parts) < 4 or len(parts[0][1]) < 8:
            return None
        flags = struct.unpack_from(f"{self.order}I", parts[0][1])[0]
        kind, data = parts[3]
        if flags & 0xFF != _CHARACTERS or kind not in _TEXTS:
            return None
        end = {"<": "-le", ">": "-be"}[self.order] if _TEXTS[kind] in ("utf-16", "utf-32") else ""
        return bytes(data).decode(_TEXTS[kind] + end)
