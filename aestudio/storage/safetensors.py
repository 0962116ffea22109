"""Reads .safetensors files, whole or in parts: the header is checked against the file before any number.

Read without mapping the file into memory: a disk that fails under a mapping ends the process.
The format: 8 bytes with the header's length, a JSON table of name -> type, shape, offsets, then the
numbers without gaps (https://github.com/huggingface/safetensors, "Format").
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np

from aestudio.storage.arrays import ArrayInfo, check_shape
from aestudio.storage.damage import Damage
from aestudio.storage.json_text import parse_json, table_of, whole_number
from aestudio.storage.regular_file import file_size, open_file

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from io import BufferedReader
    from pathlib import Path

    from numpy.typing import NDArray

MOST_HEADER = 4_000_000  # bytes: 20,000 tensors; read as JSON it may take twenty times as much memory
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "u1",
}
_UNKNOWN = Damage()
_METADATA = "__metadata__"


@dataclass(frozen=True)
class TensorsHeader:
    """What a file holds. arrays: type and shape by name; offsets: where each begins in the file."""

    metadata: dict[str, Any]
    arrays: dict[str, ArrayInfo]
    offsets: dict[str, int]

    @property
    def bytes(self) -> int:
        """Bytes of all arrays."""
        return sum(info.bytes for info in self.arrays.values())


class TensorsFile:
    """An open file whose header was checked against its size."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self.header = read_header(file, file_size(file))

    def read(self, names: Iterable[str]) -> dict[str, NDArray[Any]]:
        """The arrays of these names in this order, own shape, read-only; ValueError if one is missing."""
        return {name: self._array(name) for name in names}

    def _array(self, name: str) -> NDArray[Any]:
        if name not in self.header.arrays:
            raise ValueError(f"{name} is missing")
        info = self.header.arrays[name]
        content = np.empty(info.bytes, np.uint8)
        self._file.seek(self.header.offsets[name])
        if self._file.readinto(content.data) != info.bytes:
            raise ValueError("it ends too early")
        array = content.view(info.dtype).reshape(info.shape)
        array.setflags(write=False)
        return array


@contextmanager
def open_tensors(path: Path, damage: Damage = _UNKNOWN) -> Generator[TensorsFile]:
    """A file to read arrays from. Raises OSError, StudioError for a damaged file.

    A ValueError inside the block is reported as damage of this file, too.
    """
    with open_file(path) as file:
        try:
            yield TensorsFile(file)
        except (ValueError, MemoryError) as error:
            raise damage.error(path) from error


def read_header(file: IO[bytes], size: int) -> TensorsHeader:
    """The header of an open file, or part of one, of `size` bytes, from its beginning; raises ValueError."""
    length = int.from_bytes(file.read(8), "little")
    if not 0 < length <= min(MOST_HEADER, size - 8):
        raise ValueError("the header's length is impossible")
    table = table_of(parse_json(file.read(length)))
    metadata = table_of(table.pop(_METADATA, {}))
    start = 8 + length
    arrays: dict[str, ArrayInfo] = {}
    spans: list[tuple[int, int]] = []
    offsets: dict[str, int] = {}
    for name, entry in table.items():
        arrays[name], (begin, end) = _entry(entry)
        offsets[name] = start + begin
        spans.append((begin, end))
    if list(_ends(spans)) != [begin for begin, _ in sorted(spans)] + [size - start]:
        raise ValueError("the arrays have gaps, overlap, or are not as long as the file")
    return TensorsHeader(metadata, arrays, offsets)


def _entry(entry: object) -> tuple[ArrayInfo, tuple[int, int]]:
    entry = table_of(entry)
    if entry.keys() != {"dtype", "shape", "data_offsets"} or str(entry["dtype"]) not in _TYPES:
        raise ValueError("an entry cannot be understood")
    info = ArrayInfo(np.dtype(_TYPES[str(entry["dtype"])]), check_shape(entry["shape"]))
    offsets = cast("list[object]", entry["data_offsets"]) if isinstance(entry["data_offsets"], list) else []
    if len(offsets) != 2:
        raise ValueError("an entry cannot be understood")
    begin, end = whole_number(offsets[0]), whole_number(offsets[1])
    if end - begin != info.bytes:
        raise ValueError("an array is not as long as its shape says")
    return info, (begin, end)


def _ends(spans: list[tuple[int, int]]) -> Iterator[int]:
    """0, then where each span ends: where the spans follow each other, each begins at the one before."""
    yield 0
    yield from (end for _, end in sorted(spans))
