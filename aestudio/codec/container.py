"""The `.aec` file: what of a compressed file is where, how many bytes each part takes, and its checks.

In order: the letters AEC, the version of the format, what the images are kept as, 8 bytes of the model's
digest, channels, height, width and number of the images; three blocks with their lengths: the tables of the
coder, the coded numbers, and the model itself or nothing; a check of the decoded pictures, a check of the
file. Numbers without a fixed length are in groups of 7 bits, the lowest first. docs/compressed-files.md has
it as a table.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aestudio.datasets.image_shape import ImageShape
from aestudio.errors import StudioError
from aestudio.storage.atomic_file import new_file
from aestudio.storage.damage import Damage
from aestudio.storage.files import read_bytes
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".aec"
VERSION = 1
MOST_BYTES = 1 << 30  # of a file
MOST_IMAGES = 1_000_000
DIGEST = 8  # bytes of the model's digest
DAMAGE = Damage(
    "This compressed file is damaged, cut off, or was changed",
    "Ask for the file again, or compress once more.",
)
_LETTERS = b"AEC"
_CHECK = 4  # bytes of a CRC-32, which finds each change of up to 32 bits in a row
_MOST_GROUPS = 5  # of 7 bits: lengths below 2^35

Kind = Literal["codes", "bits-back"]
KINDS: tuple[Kind, ...] = ("codes", "bits-back")


@dataclass(frozen=True)
class Sizes:
    """Bytes of the parts of a file; `header` is all that no other part names, the checks included."""

    header: int
    tables: int
    coded: int
    model: int

    @property
    def total(self) -> int:
        """Bytes of the file."""
        return self.without_model + self.model

    @property
    def without_model(self) -> int:
        """Bytes of all but the model."""
        return self.header + self.tables + self.coded


@dataclass(frozen=True)
class Container:
    """What a compressed file says.

    kind:     whether the images are kept as rounded codes, or without loss by bits-back coding
    digest:   the first 8 bytes of that of the model (`model_digest`)
    tables:   parameters of the coder's probabilities, as the kind has them; coded: the words of the coder
    model:    the model itself (`carried_model`), b"" if the reader must have it
    pictures: CRC-32 of the decoded pictures, by which a reader notices that its machine decodes others
    """

    kind: Kind
    digest: bytes
    shape: ImageShape
    count: int
    tables: bytes
    coded: bytes
    pictures: int
    model: bytes = b""

    def to_bytes(self) -> bytes:
        """The file."""
        data = bytearray(_LETTERS)
        data += bytes((VERSION, KINDS.index(self.kind)))
        data += self.digest
        for number in (*self.shape.array, self.count):
            data += number_bytes(number)
        for block in (self.tables, self.coded, self.model):
            data += number_bytes(len(block)) + block
        data += self.pictures.to_bytes(_CHECK, "little")
        return bytes(data) + zlib.crc32(data).to_bytes(_CHECK, "little")

    @property
    def sizes(self) -> Sizes:
        """Bytes of the parts."""
        blocks = len(self.tables), len(self.coded), len(self.model)
        return Sizes(len(self.to_bytes()) - sum(blocks), *blocks)

    def write(self, path: Path, overwrite: bool = False) -> None:
        """Write the file, completely or not at all; raises StudioError, also if there is one of this name."""
        if is_there(path) and not overwrite:
            raise StudioError(
                "This file already exists", where=str(path), advice="Choose another name, or overwrite it."
            )
        with new_file(path) as file:
            file.write(self.to_bytes())


def read_container(path: Path) -> Container:
    """The parts of a file; raises StudioError if it cannot be read, is damaged or of a newer version."""
    return parse_container(read_bytes(path, MOST_BYTES), path)


def parse_container(data: bytes, path: Path) -> Container:
    """The parts of the bytes of a file; raises StudioError that names the file and what is wrong."""
    if not data.startswith(_LETTERS):
        raise StudioError(
            "This is no compressed file of AE Studio",
            where=str(path),
            advice=f"Choose a file that `aestudio compress` or the Compress view wrote ({SUFFIX}).",
        )
    if len(data) > len(_LETTERS) and data[len(_LETTERS)] > VERSION and _is_whole(data):
        raise StudioError(
            "This compressed file was made by a newer version of the program",
            where=str(path),
            advice="Update aestudio to open it.",
        )
    try:
        if not _is_whole(data):
            raise ValueError("its check does not fit")
        return _parsed(Reader(data[len(_LETTERS) : -_CHECK]))
    except ValueError as error:
        raise DAMAGE.error(path, error) from error


def _is_whole(data: bytes) -> bool:
    return zlib.crc32(data[:-_CHECK]) == int.from_bytes(data[-_CHECK:], "little")


def _parsed(reader: Reader) -> Container:
    version, kind = reader.bytes(2)
    if version != VERSION or kind >= len(KINDS):
        raise ValueError("its version or its kind is unknown")
    digest = reader.bytes(DIGEST)
    shape = ImageShape(reader.number(), reader.number(), reader.number())
    count = reader.number()
    if not 1 <= count <= MOST_IMAGES:
        raise ValueError(f"it says that it has {count:,} images")
    tables, coded, model = (reader.bytes(reader.number()) for _ in range(3))
    pictures = int.from_bytes(reader.bytes(_CHECK), "little")
    reader.end()
    return Container(KINDS[kind], digest, shape, count, tables, coded, pictures, model)


class Reader:
    """Takes bytes from the front; every method raises ValueError where they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def bytes(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self._at + length
        if end > len(self._data):
            raise ValueError("it ends too early")
        taken, self._at = self._data[self._at : end], end
        return taken

    def number(self) -> int:
        """The next number in groups of 7 bits."""
        value = 0
        for group in range(_MOST_GROUPS):
            byte = self.bytes(1)[0]
            value |= (byte & 0x7F) << (7 * group)
            if byte < 0x80:
                return value
        raise ValueError("a number in it is too long")

    def signed(self) -> int:
        """The next number of either sign: even ones are 0, 1, 2, ..., odd ones -1, -2, ..."""
        value = self.number()
        return value >> 1 if value % 2 == 0 else -(value >> 1) - 1

    @property
    def left(self) -> int:
        """Bytes that are not taken yet."""
        return len(self._data) - self._at

    def end(self) -> None:
        """Raises ValueError if something is left."""
        if self._at != len(self._data):
            raise ValueError("something follows its end")


def number_bytes(value: int) -> bytes:
    """A whole number from 0 in groups of 7 bits."""
    data = bytearray()
    while value >= 0x80:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def signed_bytes(value: int) -> bytes:
    """A whole number of either sign, as `Reader.signed` reads it."""
    return number_bytes(2 * value if value >= 0 else -2 * value - 1)
