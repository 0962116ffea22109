"""Reads from an ELF file which shared libraries it needs; the tool `ldd` may be missing."""

from __future__ import annotations

import mmap
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB = 0, 1, 5


def needed_libraries(path: Path) -> tuple[str, ...]:
    """Return the names in the DT_NEEDED entries of a 64-bit ELF file, in file order.

    Empty for any other file.

    Layout: System V ABI, "Program Header" and "Dynamic Section".
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _needed(data)
    except (OSError, ValueError, struct.error):
        return ()


def _needed(data: mmap.mmap) -> tuple[str, ...]:
    if data[:5] != b"\x7fELF\x02":
        return ()
    order = "<" if data[5] == 1 else ">"
    loaded: list[tuple[int, int, int]] = []
    dynamic: tuple[int, int] | None = None
    (table,) = struct.unpack_from(order + "Q", data, 0x20)
    size, count = struct.unpack_from(order + "HH", data, 0x36)
    for index in range(count):
        kind, _, offset, address, _, length = struct.unpack_from(order + "IIQQQQ", data, table + index * size)
        if kind == _PT_LOAD:
            loaded.append((address, offset, length))
        elif kind == _PT_DYNAMIC:
            dynamic = (offset, length)
    return () if dynamic is None else _names(data, order, loaded, dynamic)


def _names(
    data: mmap.mmap, order: str, loaded: list[tuple[int, int, int]], dynamic: tuple[int, int]
) -> tuple[str, ...]:
    offsets: list[int] = []  # of the names, within the string table
    strings = 0
    for position in range(dynamic[0], sum(dynamic), 16):
        tag, value = struct.unpack_from(order + "qQ", data, position)
        if tag == _DT_NULL:
            break
        if tag == _DT_NEEDED:
            offsets.append(value)
        elif tag == _DT_STRTAB:
            strings = value
    start = next(
        (
            offset + strings - address
            for address, offset, length in loaded
            if address <= strings < address + length
        ),
        None,
    )
    if start is None:
        return ()
    return tuple(data[start + offset : data.find(b"\0", start + offset)].decode() for offset in offsets)
