"""Checks that the arrays of a user's file fit into memory, before any of it is read or unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.row_reader import held_bytes
from aestudio.errors import StudioError
from aestudio.memory import available_memory, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.row_reader import Rows

# 1.3 million images of MNIST as bytes, or 170,000 as float64: more than any published set of digits.
MOST_BYTES = 1 << 30
MOST_LABELS = 1 << 29  # EMNIST's 62 classes, a column of float64 each, for all of its images
BATCH_NUMBERS = 1 << 20  # at a time: copies of more in other types would be the largest thing in memory
# Images pack 2 to 40 times, drawn shapes up to 120; what deflate packs 1,032 times is one colour only.
_MOST_PACKED = 150
_ALWAYS_ALLOWED = 1 << 26  # bytes; so little is unpacked whatever its compression
_EACH_IMAGE = 40  # bytes beside its pixels: label, part, border
_BASE_BYTES = 48 << 20  # what reading takes whatever the size of the file


def check_size(size: int, where: str, what: str = "The images", most: int | None = None) -> None:
    """Raises StudioError if `size` bytes are more than `most`, or than any data set needs."""
    most = MOST_BYTES if most is None else most
    if size > most:
        raise StudioError(
            f"{what} would take {in_words(size)} of memory, more than the {in_words(most)} allowed",
            where=where,
            advice="Save fewer or smaller images, or whole numbers from 0 to 255 (uint8).",
        )


def check_free(need: float, where: str, what: str = "The images") -> None:
    """Raises StudioError if this number of bytes is not free now."""
    free = available_memory()
    if free and need > free:
        raise StudioError(
            f"{what} would take {in_words(need)} of memory to read, and {in_words(free)} are free",
            where=where,
            advice="Close other programs, or save fewer images.",
        )


def check_packing(size: int, packed: int, where: str) -> None:
    """Raises StudioError if a file unpacks to so much more than it has that it holds no images."""
    if size > _ALWAYS_ALLOWED and size > _MOST_PACKED * packed:
        raise StudioError(
            f"{in_words(packed) if packed >= 1e6 else f'{packed:,} bytes'} in it would unpack to "
            f"{in_words(size)}, {size // max(packed, 1):,} times as much, which no images do",
            where=where,
            advice="Remove the blank images, or save without compression (numpy.savez).",
        )


def check_reading(images: Sequence[Rows], labels: Sequence[Rows], image: ImageShape) -> None:
    """For all parts of a set, before any is read: raises StudioError unless there is room for them.

    image: the shape in which they are kept, at most
    """
    where = images[0].where
    check_size(sum(part.bytes for part in images), where)
    check_size(sum(part.bytes for part in labels), where, "The labels", MOST_LABELS)
    for part in images:
        check_packing(part.bytes, part.packed, part.where)
    check_count(sum(map(len, images)), image, where)
    check_free(reading_bytes(images, labels, image), where)


def check_count(count: int, image: ImageShape, where: str) -> None:
    """Raises StudioError if this number of images of this shape does not fit into memory."""
    check_size(count * image.size, where, f"The images in {image}")


def reading_bytes(images: Sequence[Rows], labels: Sequence[Rows], image: ImageShape) -> int:
    """The peak memory of reading these parts, according to their headers, and keeping them in this shape."""
    largest, itemsize = max(part.row for part in images), max(part.dtype.itemsize for part in images)
    batch = max(BATCH_NUMBERS, largest) * (2 * itemsize + 12)  # float32 and bytes beside its own type
    return (
        sum(map(len, images)) * (image.size + _EACH_IMAGE)
        + held_bytes(images)
        + held_bytes(labels)
        + batch
        + _BASE_BYTES
    )
