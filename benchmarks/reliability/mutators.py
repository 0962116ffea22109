"""Functions that damage a file as disks, crashes, editors and other programs do.

Each takes bytes and a random generator and returns other bytes. Those for one format update its check sums,
so that the damage passes them and reaches the code behind them.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Mutator = Callable[[bytes, Random], bytes]

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
NUMBERS = (
    b"-1", b"0", b"1e999", b"-1e999", b"NaN", b"Infinity", b"-Infinity", b"9" * 30, b"9" * 5000, b"1e308",
    b"null", b"true", b'"x"', b"[]", b"{}", b"0.5", b"2147483648", b"-0", b"9223372036854775808", b"1e-320",
    b'"nan"', b'"inf"', b"[" * 5000,
)  # a table  # fmt: skip
STRINGS = (
    b'""', b"5", b"null", b'"\\ud800"', b'"\\u0000"', b"[]", b"{}", b"true", b'"' + b"x" * 5000 + b'"',
    b'"\xff"', b'"0001-01-01T00:00:00"', b'"2026-11-27T00:00:00"', b'"9999-12-31T23:59:59+00:00"',
    b'"9999-12-31T23:59:59-14:00"', b'"nan"', b"NaN", b"Infinity", b'"../../x"', b'"<img src=x>"', b'"\\n"',
)  # a table  # fmt: skip
_DTYPES = (
    "<f8", "<f4", ">f4", "<f2", "|u1", "|i1", "<i8", ">i8", "<u8", "|b1", "<U5", "|S5", "|O", "<c8", "<M8[s]",
    "<m8", "|V8", "<U0", "<f16", "<i3", "f4", "",
)  # a table  # fmt: skip
_SHAPES = (
    "()", "(0,)", "(-1,)", "(1,)", "(3,)", "(2, 2)", "(100000000000,)", "(99999999999999999999,)",
    "(0, 28, 28)", "(4, 28, 28)", "(1, 784)", "(True,)", "(2.0,)", "3", "None", "('a',)",
    "(" + "1," * 64 + ")",
)  # a table  # fmt: skip


def flip_bits(data: bytes, random: Random) -> bytes:
    """Flip one to four bits."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        changed[_offset(data, random)] ^= 1 << random.randrange(8)
    return bytes(changed)


def overwrite(data: bytes, random: Random) -> bytes:
    """Replace one to eight bytes."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        changed[_offset(data, random)] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))
    return bytes(changed)


def truncate(data: bytes, random: Random) -> bytes:
    """Cut off the end."""
    return data[: random.randrange(len(data))]


def zero_block(data: bytes, random: Random) -> bytes:
    """Overwrite a block with zeros, as after a power cut."""
    start, length = _offset(data, random), random.choice((4, 64, 512, 4096))
    return data[:start] + bytes(len(data[start : start + length])) + data[start + length :]


def insert(data: bytes, random: Random) -> bytes:
    """Insert a block of random bytes."""
    start = _offset(data, random)
    return data[:start] + random.randbytes(random.choice((1, 3, 16, 200))) + data[start:]


def repeat(data: bytes, random: Random) -> bytes:
    """Repeat or remove a block."""
    start, length = _offset(data, random), random.choice((1, 8, 100, 1000))
    return data[: start + length] + data[start if random.random() < 0.5 else start + 2 * length :]


def number_in_json(data: bytes, random: Random) -> bytes:
    """Replace one to three numbers of a text by unusual ones."""
    return _replaced(data, random, _NUMBER, NUMBERS)


def string_in_json(data: bytes, random: Random) -> bytes:
    """Replace one to three strings of a text, also keys, by unusual ones."""
    return _replaced(data, random, _STRING, STRINGS)


def npy_header(data: bytes, random: Random) -> bytes:
    """Change the type, shape or order of one array of a .npz, with correct check sums."""
    parts = _unzipped(data)
    name = random.choice(list(parts))
    length = int.from_bytes(parts[name][8:10], "little")
    header, body = parts[name][10 : 10 + length].decode("latin1"), parts[name][10 + length :]
    kind = random.randrange(4)
    if kind == 0:
        header = re.sub(r"'descr': '[^']*'", f"'descr': '{random.choice(_DTYPES)}'", header)
    elif kind == 1:
        header = re.sub(r"'shape': \([^)]*\)", f"'shape': {random.choice(_SHAPES)}", header)
    elif kind == 2:
        header = header.replace("False", random.choice(("True", "1", "None", "[]")))
    else:
        header = flip_bits(header.encode("latin1"), random).decode("latin1")
    raw = header.encode("latin1")
    parts[name] = parts[name][:8] + struct.pack("<H", len(raw)) + raw + body
    return _zipped(parts, random)


def npy_numbers(data: bytes, random: Random) -> bytes:
    """Damage the values of one array of a .npz, with correct check sums."""
    parts = _unzipped(data)
    name = random.choice(list(parts))
    start = 10 + int.from_bytes(parts[name][8:10], "little")
    mutator = random.choice((flip_bits, overwrite, truncate, zero_block, insert))
    parts[name] = parts[name][:start] + (
        mutator(parts[name][start:], random) if parts[name][start:] else b"\xff"
    )
    return _zipped(parts, random)


def npz_members(data: bytes, random: Random) -> bytes:
    """Remove, rename, empty or duplicate an array of a .npz."""
    parts = _unzipped(data)
    name = random.choice(list(parts))
    content = parts.pop(name)
    other = random.choice((None, "x.npy", ".npy", name.upper(), name + "/", "../" + name))
    if other is not None:
        parts[other] = random.choice((content, b"", next(iter(parts.values()), b"")))
    return _zipped(parts, random)


def zip_fields(data: bytes, random: Random) -> bytes:
    """Overwrite a field of the directory of a .npz (sizes, offsets, method, flags)."""
    start = data.rfind(random.choice((b"PK\x01\x02", b"PK\x05\x06", b"PK\x03\x04")))
    field = start + random.randrange(4, 46)
    value = random.choice((b"\0\0", b"\xff\xff", b"\x01\0", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x0c\0"))
    return data[:field] + value + data[field + len(value) :]


def tensors_header(data: bytes, random: Random) -> bytes:
    """Replace numbers or strings in the header of a .safetensors, with the correct length."""
    length = int.from_bytes(data[:8], "little")
    mutator = random.choice((number_in_json, string_in_json, flip_bits, _swap_types))
    header = mutator(data[8 : 8 + length], random)
    return struct.pack("<Q", len(header)) + header + data[8 + length :]


def tensors_length(data: bytes, random: Random) -> bytes:
    """Change the length of the header of a .safetensors."""
    value = random.choice((0, 1, 7, len(data), len(data) - 8, 2**31, 2**63, 2**64 - 1, 100_000_001))
    return struct.pack("<Q", value) + data[8:]


def tensors_table(data: bytes, random: Random) -> bytes:
    """Replace a value of the program's table in a .safetensors, with everything else correct."""
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    table = header["__metadata__"]["aestudio"].encode()
    mutator = random.choice((number_in_json, string_in_json))
    header["__metadata__"]["aestudio"] = mutator(table, random).decode("utf-8", "replace")
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


def without_digests(data: bytes) -> bytes:
    """A .safetensors without digests, as earlier versions wrote it."""
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    table = json.loads(header["__metadata__"]["aestudio"])
    table.pop("digests", None)
    header["__metadata__"].pop("digests", None)
    header["__metadata__"]["aestudio"] = json.dumps(table)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


ANY: tuple[Mutator, ...] = (flip_bits, overwrite, truncate, zero_block, insert, repeat)
TEXT: tuple[Mutator, ...] = (*ANY, number_in_json, string_in_json, number_in_json, string_in_json)
NPZ: tuple[Mutator, ...] = (*ANY, npy_header, npy_numbers, npz_members, zip_fields)
TENSORS: tuple[Mutator, ...] = (*ANY, tensors_header, tensors_length, tensors_table)


def _offset(data: bytes, random: Random) -> int:
    """A random offset; half of them near the ends, where headers and directories are."""
    part = random.random()
    if part < 0.3:
        return random.randrange(min(len(data), 200))
    if part < 0.5:
        return len(data) - 1 - random.randrange(min(len(data), 200))
    return random.randrange(len(data))


def _replaced(data: bytes, random: Random, pattern: re.Pattern[bytes], values: tuple[bytes, ...]) -> bytes:
    for _ in range(random.randint(1, 3)):
        matches = list(pattern.finditer(data))
        if not matches:
            return data
        match = random.choice(matches)
        data = data[: match.start()] + random.choice(values) + data[match.end() :]
    return data


def _swap_types(header: bytes, random: Random) -> bytes:
    return header.replace(b'"F32"', random.choice((b'"BF16"', b'"F64"', b'"U8"', b'"X"', b'"F8_E4M3"')), 1)


def _unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: dict[str, bytes], random: Random) -> bytes:
    buffer = io.BytesIO()
    method = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
