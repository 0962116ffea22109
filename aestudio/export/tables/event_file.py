"""TensorBoard's event files, written without its library.

A file is a row of records: length (uint64), checksum of the length, data, checksum of the data (TensorFlow,
"TFRecord"); the data are an `Event` as protocol buffer (tensorflow/core/util/event.proto). All little endian.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "brain.Event:2"
_CASTAGNOLI = 0x82F63B78
_DOUBLE, _VARINT, _BYTES, _FLOAT = 1, 0, 2, 5  # wire types


class EventFile:
    """Scalars are added to an open binary file; what is written is complete after each of them."""

    def __init__(self, file: IO[bytes], wall_time: float) -> None:
        """wall_time: in seconds since 1970"""
        self._file = file
        self._write(_event(wall_time, 0, _field(3, _BYTES) + _sized(VERSION.encode())))

    def add(self, step: int, values: Mapping[str, float], wall_time: float) -> None:
        """Add the values of a step, by their names."""
        summary = b"".join(
            _field(1, _BYTES)
            + _sized(_field(1, _BYTES) + _sized(name.encode()) + _field(2, _FLOAT) + struct.pack("<f", value))
            for name, value in values.items()
        )
        self._write(_event(wall_time, step, _field(5, _BYTES) + _sized(summary)))

    def _write(self, data: bytes) -> None:
        length = struct.pack("<Q", len(data))
        checks = (struct.pack("<I", masked_checksum(part)) for part in (length, data))
        self._file.write(length + next(checks) + data + next(checks))


def masked_checksum(data: bytes) -> int:
    """The checksum of a record: CRC-32C, rotated and shifted so that it is no checksum of itself."""
    value = checksum(data)
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def checksum(data: bytes) -> int:
    """CRC-32C (Castagnoli, Bräuer & Herrmann 1993; RFC 3720, appendix B.4)."""
    table, value = _table(), 0xFFFFFFFF
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    values: list[int] = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (_CASTAGNOLI if value & 1 else 0)
        values.append(value)
    return tuple(values)


def _event(wall_time: float, step: int, content: bytes) -> bytes:
    return _field(1, _DOUBLE) + struct.pack("<d", wall_time) + _field(2, _VARINT) + _number(step) + content


def _field(number: int, kind: int) -> bytes:
    return _number(number << 3 | kind)


def _sized(data: bytes) -> bytes:
    return _number(len(data)) + data


def _number(value: int) -> bytes:
    """A whole number from 0 on, seven bits a byte, the last one without the eighth."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
