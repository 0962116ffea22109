"""Checks that an image fits into memory, from its header, before any of its pixels is unpacked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import size_text
from aestudio.datasets.memory_limit import check_free
from aestudio.datasets.prepare import LONGEST_SIDE
from aestudio.errors import StudioError
from aestudio.memory import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PIL.Image import Image


_TILE_WIDTH, _TILE_LENGTH = 322, 323  # tags of TIFF
SMALLER = "Save it smaller: 1,000 pixels are plenty for a digit."
MOST_MEMORY = 768 << 20  # bytes for one image, computed from its header before it is unpacked
MOST_IN_FILE = 256 << 20  # bytes; the numbers of the largest images that are read, not packed
_ALWAYS_FREE = 32 << 20  # bytes that are not checked, image by image
_PAGES_ALLOWED = 1 << 24  # pixels of all pages of a file, however few bytes it has
_PIXELS_EACH_BYTE = 150  # what images of more pixels pack to at most
# Bytes a pixel that unpacking and turning into grey take at their peak, by Pillow's mode (measured).
PEAK = {"1": 7, "L": 7, "P": 7, "RGB": 11, "YCbCr": 11, "CMYK": 14}
# The same where colours are kept.
PEAK_IN_COLOUR = PEAK | {"P": 14, "RGB": 13, "YCbCr": 13, "CMYK": 17}
_PEAK_OTHERWISE = 32  # with transparency, or with more than 8 bits
# A progressive JPEG is kept whole while it is unpacked, two bytes for each number in it.
_PEAK_PROGRESSIVE = 7
# Decoders that keep several canvases with transparency, or whole numbers of four bytes.
_PEAK_OF_FORMAT = {"WEBP": 20, "AVIF": 20, "JPEG2000": 30, "GIF": 20}


def check_file(size: int, path: Path) -> None:
    """Raises StudioError for a file longer than any image of an allowed size: some readers take it
    into memory as a whole."""
    if size > MOST_IN_FILE:
        raise StudioError(
            f"This image's file has {in_words(size)}, more than any image that is read",
            where=str(path),
            advice=SMALLER,
        )


def check_image(image: Image, size: tuple[int, int], path: Path, peaks: Mapping[str, int]) -> None:
    """Raises StudioError if the image, of this size before `draft`, would take too much memory.

    peaks: bytes a pixel, by mode
    """
    transparent = "transparency" in image.info
    each = _PEAK_OTHERWISE if transparent else peaks.get(image.mode, _PEAK_OTHERWISE)
    each = max(each, _PEAK_OF_FORMAT.get(image.format or "", 0))
    need = each * max(math.prod(image.size), _tile_pixels(image))
    if image.info.get("progressive"):
        need += _PEAK_PROGRESSIVE * math.prod(size)
    if need > MOST_MEMORY or max(size) > LONGEST_SIDE:
        raise StudioError(
            f"This image has {size_text(*size[::-1])} pixels, which would take {in_words(need)} of memory",
            where=str(path),
            advice=SMALLER,
        )
    if need > _ALWAYS_FREE:
        check_free(need, str(path), "This image")


def check_pages(pixels: int, size: int, count: int, path: Path) -> None:
    """Raises StudioError if pages or frames have more pixels than a file of this size holds images of.

    A damaged header makes minutes of work of a few bytes.

    pixels: of the pages so far; size: bytes of the file; count: pages in it
    """
    if pixels > max(_PAGES_ALLOWED, _PIXELS_EACH_BYTE * size):
        raise StudioError(
            f"{size:,} bytes in it would unpack to {count:,} pages or frames of more than "
            f"{_PAGES_ALLOWED:,} pixels together, which no images do",
            where=str(path),
            advice="Save them again as PNG, or take the first page only (--frames first).",
        )


def _tile_pixels(image: Image) -> int:
    """Pixels of one tile of a TIFF, which is unpacked whole however small the image is."""
    tags = getattr(image, "tag_v2", {})
    width, length = tags.get(_TILE_WIDTH, 0), tags.get(_TILE_LENGTH, 0)
    return width * length if isinstance(width, int) and isinstance(length, int) else 0
