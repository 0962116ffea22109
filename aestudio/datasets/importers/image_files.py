"""Reads image files of any size and kind as small grey images, through Pillow."""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import SIDE
from aestudio.datasets.memory_limit import check_free
from aestudio.datasets.prepare import LONGEST_SIDE, border_levels, fit
from aestudio.errors import StudioError
from aestudio.memory import in_words
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import file_size, open_file

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL.Image import Image

_TILE_WIDTH, _TILE_LENGTH = 322, 323  # tags of TIFF
_SMALLER = "Save it smaller: 1,000 pixels are plenty for a digit."
MOST_MEMORY = 768 << 20  # bytes for one image, computed from its header before it is unpacked
MOST_IN_FILE = 256 << 20  # bytes; the numbers of the largest images that are read, not packed
_ALWAYS_FREE = 32 << 20  # bytes that are not checked, image by image
# Bytes a pixel that unpacking and turning into grey take at their peak, by Pillow's mode (measured).
_PEAK = {"1": 7, "L": 7, "P": 7, "RGB": 11, "YCbCr": 11, "CMYK": 14}
_PEAK_OTHERWISE = 32  # with transparency, or with more than 8 bits
# A progressive JPEG is kept whole while it is unpacked, two bytes for each number in it.
_PEAK_PROGRESSIVE = 7
_PEAK_WEBP = 20  # its decoder keeps several canvases with transparency
# What Pillow's readers raise for damaged files, beside OSError.
_DAMAGE = (
    ValueError, SyntaxError, EOFError, MemoryError, OverflowError, LookupError, TypeError, AttributeError,
    ArithmeticError, RuntimeError, NotImplementedError, AssertionError, struct.error, zlib.error,
)  # a table  # fmt: skip

# No others, whatever the name: PostScript would be run by Ghostscript, an icon hides a far larger image.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})


def read_image(path: Path, side: int = SIDE) -> tuple[NDArray[np.uint8], float, tuple[int, int]]:
    """The image in grey, uint8 (H, W); the grey of its border, 0 to 255; its width and height in the file.

    side: the longer side of the result; more than 28 if the ink is to be cut out

    Of an animation the first frame; transparent pixels become black if the image is light and
    white if it is dark; the camera's orientation is respected.
    Raises StudioError if the file cannot be read as an image, or has too many pixels; this is checked
    before any is unpacked.
    """
    from PIL import Image, ImageOps

    try:
        with reading(path), open_file(path) as file, warnings.catch_warnings():
            _check_file(file, path)
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # big, not yet a bomb
            with Image.open(file, formats=_FORMATS) as image:
                size = image.size
                image.draft("L", (4 * side, 4 * side))  # a JPEG is decoded no larger than necessary
                _check_size(image, size, path)
                grey = _grey(ImageOps.exif_transpose(image))
    except StudioError as error:
        own = error.__cause__ is None  # raised by us, not by Pillow
        if own or (isinstance(error.__cause__, OSError) and error.__cause__.errno is not None):
            raise  # the disk's fault
        raise _unreadable(path, error.__cause__ or error) from error
    except Image.DecompressionBombError as error:  # Pillow's own limit, met while the header is read
        raise StudioError(
            f"This image has too many pixels ({error})", where=str(path), advice=_SMALLER
        ) from error
    except _DAMAGE as error:
        raise _unreadable(path, error) from error
    return fit(grey[None], side)[0], float(border_levels(grey[None])[0]), size


def _check_file(file: BufferedReader, path: Path) -> None:
    """Raises StudioError for a file longer than any image of an allowed size: some readers take it
    into memory as a whole."""
    size = file_size(file)
    if size > MOST_IN_FILE:
        raise StudioError(
            f"This image's file has {in_words(size)}, more than any image that is read",
            where=str(path),
            advice=_SMALLER,
        )


def _check_size(image: Image, size: tuple[int, int], path: Path) -> None:
    """Raises StudioError if the image, of this size before `draft`, would take too much memory."""
    transparent = "transparency" in image.info
    each = _PEAK_OTHERWISE if transparent else _PEAK.get(image.mode, _PEAK_OTHERWISE)
    if image.format == "WEBP":
        each = max(each, _PEAK_WEBP)
    need = each * max(math.prod(image.size), _tile_pixels(image))
    if image.info.get("progressive"):
        need += _PEAK_PROGRESSIVE * math.prod(size)
    if need > MOST_MEMORY or max(size) > LONGEST_SIDE:
        raise StudioError(
            f"This image has {size[0]:,} x {size[1]:,} pixels, which would take {in_words(need)} of memory",
            where=str(path),
            advice=_SMALLER,
        )
    if need > _ALWAYS_FREE:
        check_free(need, str(path), "This image")


def _tile_pixels(image: Image) -> int:
    """Pixels of one tile of a TIFF, which is unpacked whole however small the image is."""
    tags = getattr(image, "tag_v2", {})
    width, length = tags.get(_TILE_WIDTH, 0), tags.get(_TILE_LENGTH, 0)
    return width * length if isinstance(width, int) and isinstance(length, int) else 0


def _grey(image: Image) -> NDArray[np.uint8]:
    if image.mode in ("I;16", "I;16L", "I;16B", "I", "F"):  # Pillow's own conversion clips at 255
        values = np.asarray(image, np.float64)
        top = 65535.0 if values.max() > 255 else 255.0
        return np.clip(np.rint(values * (255.0 / top)), 0, 255).astype(np.uint8)
    if image.mode not in ("LA", "PA", "RGBA", "La", "RGBa") and "transparency" not in image.info:
        return np.asarray(image.convert("L"))
    grey, alpha = image.convert("RGBA").convert("LA").split()
    ink, opacity = np.asarray(grey, np.float32), np.asarray(alpha, np.float32) / 255
    weight = float(opacity.sum())
    before = 0.0 if weight and float((ink * opacity).sum()) / weight > 127.5 else 255.0
    if float(opacity.min()) == 1.0:
        return np.asarray(grey)
    return np.rint(ink * opacity + before * (1 - opacity)).astype(np.uint8)


def _unreadable(path: Path, error: BaseException) -> StudioError:
    return StudioError(
        f"This image cannot be read ({type(error).__name__}: {error})"[:300],
        where=str(path),
        advice="Open it in an image editor and save it again as PNG, or remove it from the folder.",
    )
