"""Whether arrays of a user's file fit into memory: asked before any of it is taken."""

from __future__ import annotations

from aestudio.errors import StudioError
from aestudio.memory import available_memory, in_words

# 1.3 million images of 28x28 as bytes, or 170,000 as float64: more than any published set of digits.
MOST_BYTES = 1 << 30
# Beside the array itself: another copy where training and test part are joined, and the images as bytes.
_COPIES = 2.5


def check_room(size: int, where: str, what: str = "The images") -> None:
    """Raises StudioError where an array of so many bytes is larger than allowed, or than what is free."""
    if size > MOST_BYTES:
        raise StudioError(
            f"{what} would take {in_words(size)} of memory, more than the {in_words(MOST_BYTES)} allowed",
            where=where, advice="Save fewer or smaller images, or whole numbers from 0 to 255 (uint8).",
        )  # fmt: skip
    free = available_memory()
    if free and size * _COPIES > free:
        raise StudioError(
            f"{what} would take {in_words(size * _COPIES)} of memory while they are read, "
            f"and {in_words(free)} are free",
            where=where, advice="Close other programs, or save fewer images.",
        )  # fmt: skip
