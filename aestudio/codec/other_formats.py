"""What other programs make of the same images without loss, in bits: for comparison with a model."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_layout import pixel_rows
from aestudio.inference.chunks import chunks
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture

    from aestudio.progress import Progress


@dataclass(frozen=True)
class FormatSize:
    """Bits of all images by one program. blank: of as many files of a black image, which is all header.

    alone: whether each image is a file of its own
    """

    name: str
    bits: int
    blank: int
    alone: bool


def lossless_sizes(images: NDArray[np.uint8], progress: Progress = silent) -> tuple[FormatSize, ...]:
    """Images uint8 (N, C, H, W) by PNG, lossless WebP and JPEG XL, and all of them by gzip, bzip2 and LZMA.

    Images of 0 and 255 alone are given to PNG and to the packers with one bit a pixel. A format that this
    Pillow cannot write is left out. Raises what `progress` raises.
    """
    binary = bool(np.isin(images, (0, 255)).all())
    sizes: list[FormatSize] = []
    for name, options in _PICTURES.items():
        one_bit = binary and name == "png"
        blank = _picture_bytes(np.zeros_like(images[0]), name, options, one_bit)
        if blank is None:
            continue
        total = 0
        for chunk in chunks(len(images), progress, f"Writing as {name.upper()}"):
            for image in images[chunk]:
                total += len(_picture_bytes(image, name, options, one_bit) or b"")
        sizes.append(FormatSize(_TITLES[name], 8 * total, 8 * len(blank) * len(images), alone=True))
    data = np.packbits(images.reshape(-1) // 255).tobytes() if binary else images.tobytes()
    for title, pack in _PACKERS.items():
        progress(0, None, f"Packing by {title}")
        sizes.append(FormatSize(title, 8 * len(pack(data)), 8 * len(pack(bytes(len(data)))), alone=False))
    return tuple(sizes)


_PICTURES: Mapping[str, Mapping[str, object]] = {
    "png": {"optimize": True},
    "webp": {"lossless": True, "quality": 100, "method": 6},
    "jxl": {"lossless": True, "effort": 9},
}
_TITLES = {"png": "PNG", "webp": "lossless WebP", "jxl": "lossless JPEG XL"}
_PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
    "bzip2": lambda data: bz2.compress(data, 9),
    "LZMA": lambda data: lzma.compress(data, preset=9 | lzma.PRESET_EXTREME),
}


def _picture_bytes(
    image: NDArray[np.uint8], name: str, options: Mapping[str, object], one_bit: bool
) -> bytes | None:
    """One image (C, H, W) as a file; None if this Pillow cannot write the format."""
    from PIL import Image

    picture: Picture = Image.fromarray(pixel_rows(image))
    if one_bit and picture.mode == "L":
        picture = picture.convert("1")
    buffer = io.BytesIO()
    try:
        picture.save(buffer, name, **dict(options))
    except (KeyError, OSError):
        return None
    return buffer.getvalue()
