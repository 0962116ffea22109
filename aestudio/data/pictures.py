"""Reads picture files of any size and kind as small grey images, through Pillow."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from aestudio.data.digits import SIDE
from aestudio.data.prepare import border_levels, fit
from aestudio.data.problems import reading
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL.Image import Image

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})


def read_picture(path: Path, side: int = SIDE) -> tuple[NDArray[np.uint8], float, tuple[int, int]]:
    """The picture in grey, its longer side 28 pixels; the grey of its border; its width and height before.

    side: another length of the longer side, for whoever cuts the ink out

    Of an animation the first frame; transparent pixels stand before black where the picture is light and
    before white where it is dark; the camera's orientation is respected.
    Raises StudioError where the file cannot be read as a picture.
    """
    from PIL import Image, ImageOps

    try:
        with reading(path), warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # big, not yet a bomb
            with Image.open(path) as picture:
                size = picture.size
                picture.draft("L", (4 * side, 4 * side))  # a JPEG is decoded no larger than necessary
                grey = _grey(ImageOps.exif_transpose(picture))
    except StudioError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno is not None:
            raise  # the disk's fault
        raise _unreadable(path, error.__cause__ or error) from error
    except (ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise _unreadable(path, error) from error
    return fit(grey[None], side)[0], float(border_levels(grey[None])[0]), size


def _grey(picture: Image) -> NDArray[np.uint8]:
    if picture.mode in ("I;16", "I;16L", "I;16B", "I", "F"):  # Pillow's own conversion clips at 255
        values = np.asarray(picture, np.float64)
        top = 65535.0 if values.max() > 255 else 255.0
        return np.clip(np.rint(values * (255.0 / top)), 0, 255).astype(np.uint8)
    if picture.mode not in ("LA", "PA", "RGBA", "La", "RGBa") and "transparency" not in picture.info:
        return np.asarray(picture.convert("L"))
    grey, alpha = picture.convert("RGBA").convert("LA").split()
    ink, opacity = np.asarray(grey, np.float32), np.asarray(alpha, np.float32) / 255
    weight = float(opacity.sum())
    before = 0.0 if weight and float((ink * opacity).sum()) / weight > 127.5 else 255.0
    if float(opacity.min()) == 1.0:
        return np.asarray(grey)
    return np.rint(ink * opacity + before * (1 - opacity)).astype(np.uint8)


def _unreadable(path: Path, error: BaseException) -> StudioError:
    return StudioError(
        f"This picture cannot be read ({type(error).__name__}: {error})"[:300],
        where=str(path),
        advice="Open it in a picture program and save it again as PNG, or take it out of the folder.",
    )
