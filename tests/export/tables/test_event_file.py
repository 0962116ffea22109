"""TensorBoard's event files, read back by a reader that is written here."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.export.tables.event_file import EventFile, checksum, masked_checksum

if TYPE_CHECKING:
    from pathlib import Path


def fields(data: bytes) -> list[tuple[int, Any]]:
    """The fields of a protocol buffer: numbers, and bytes of texts and messages."""
    found: list[tuple[int, Any]] = []
    at = 0

    def whole() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = whole()
        kind = key & 7
        if kind == 0:
            found.append((key >> 3, whole()))
            continue
        size = {1: 8, 5: 4}.get(kind) or whole()
        part = data[at : at + size]
        at += size
        found.append((key >> 3, struct.unpack({1: "<d", 5: "<f"}[kind], part)[0] if kind != 2 else part))
    return found


def scalars(data: bytes) -> list[tuple[int, dict[str, float]]]:
    """Step and values of each event; a wrong checksum fails."""
    found: list[tuple[int, dict[str, float]]] = []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        content, check = data[12 : 12 + length], data[12 + length : 16 + length]
        assert struct.unpack("<I", data[8:12]) == (masked_checksum(data[:8]),)
        assert struct.unpack("<I", check) == (masked_checksum(content),)
        event = dict(fields(content))
        if 5 in event:
            values = [dict(fields(value)) for _, value in fields(event[5])]
            found.append((event[2], {value[1].decode(): value[2] for value in values}))
        else:
            assert event[3] == b"brain.Event:2"
        data = data[16 + length :]
    return found


def of_folder(folder: Path) -> list[tuple[int, dict[str, float]]]:
    [path] = folder.iterdir()
    assert path.name.startswith("events.out.tfevents.")
    return scalars(path.read_bytes())


def test_the_checksum_is_that_of_the_standard() -> None:
    """RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and rising."""
    assert checksum(b"123456789") == 0xE3069283
    assert checksum(bytes(32)) == 0x8A9136AA
    assert checksum(b"\xff" * 32) == 0x62A8AB43
    assert checksum(bytes(range(32))) == 0x46DD794E


def test_values_are_read_back() -> None:
    file = io.BytesIO()
    events = EventFile(file, 1.5)
    events.add(7, {"loss": 0.25, "kl": 3.0}, 2.5)
    events.add(300_000, {"Verlust ä": float("inf")}, 3.5)
    assert scalars(file.getvalue()) == [
        (7, {"loss": 0.25, "kl": 3.0}),
        (300_000, {"Verlust ä": pytest.approx(float("inf"))}),
    ]
