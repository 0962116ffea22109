"""Users' own data in many forms, the same on every machine, down to the rounding of what is scaled.

Sizes are 1, 2, 4 or a half, a quarter of 28, whose weights are exact in float32; colours are such that no
grey lies between two whole numbers.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray


def numbers(*shape: int) -> NDArray[np.uint8]:
    """Bytes that look random, with a dark border."""
    count = int(np.prod(shape))
    values = ((np.arange(count, dtype=np.uint64) * np.uint64(2654435761)) >> np.uint64(11)) & np.uint64(255)
    images = values.astype(np.uint8).reshape(shape)
    images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1] = 0, 0, 0, 0
    return images


def colours(count: int, height: int, width: int, channels: int = 3) -> NDArray[np.uint8]:
    """(count, height, width, channels), none of whose greys is halfway between two whole numbers."""
    images = numbers(count, height, width, channels)
    thousandth = images[..., :3].astype(int) @ (299, 587, 114) % 1000
    images[np.abs(thousandth - 500) < 5] = 0
    return images


def _npz(**arrays: Any) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        np.savez(folder / "own.npz", **arrays)
        return folder / "own.npz"

    return make


def _idx(images: NDArray[np.uint8]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        header = bytes([0, 0, 8, images.ndim]) + struct.pack(f">{images.ndim}I", *images.shape)
        (folder / "own-images-idx3-ubyte").write_bytes(header + images.tobytes())
        return folder / "own-images-idx3-ubyte"

    return make


def _files(*images: NDArray[np.uint8], suffix: str = "png") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        for index, image in enumerate(images):
            part = folder / "pictures" / "ab"[index % 2]
            part.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(part / f"{index}.{suffix}")
        return folder / "pictures"

    return make


LABELS = np.arange(14) % 3
FORMS: dict[str, Callable[[Path], Path]] = {
    "28x28": _npz(images=numbers(14, 28, 28), labels=LABELS),
    "two parts": _npz(x_train=numbers(9, 28, 28), x_test=numbers(5, 28, 28)),
    "dark on light": _npz(images=255 - numbers(14, 28, 28)),
    "from 0 to 1": _npz(images=numbers(14, 56, 28) / 255),
    "14x14": _npz(images=numbers(14, 14, 14), labels=LABELS),
    "7x7": _npz(images=numbers(14, 7, 7)),
    "112x56": _npz(images=numbers(14, 56, 112)),
    "rows of numbers": _npz(images=numbers(14, 14, 14).reshape(14, -1)),
    "colour": _npz(images=colours(14, 56, 56), labels=LABELS),
    "colour, dark on light": _npz(images=255 - colours(14, 28, 28)),
    "colour with transparency": _npz(images=colours(14, 14, 28, 4).transpose(0, 3, 1, 2)),
    "colour that is grey": _npz(images=np.repeat(numbers(14, 28, 28)[..., None], 3, axis=3)),
    "IDX 28x28": _idx(numbers(14, 28, 28)),
    "IDX 14x28": _idx(numbers(14, 28, 14)),
    "IDX in colour": _idx(colours(14, 28, 28)),
    "files": _files(*numbers(14, 28, 28)),
    "files 14x28, dark on light": _files(*(255 - numbers(14, 28, 14))),
    "files in colour": _files(*colours(14, 56, 56)),
    "files in colour that are grey": _files(*np.repeat(numbers(14, 28, 28)[..., None], 3, axis=3)),
    "files with transparency": _files(*colours(14, 28, 28, 4)),
    "files of many sizes": _files(*numbers(5, 28, 28), *numbers(4, 56, 28), *numbers(3, 14, 7)),
    "files of many sizes, some in colour": _files(*numbers(5, 28, 28), *colours(4, 56, 28)),
    "files of many sizes, dark on light": _files(*(255 - numbers(5, 56, 56)), *(255 - numbers(4, 7, 14))),
    "large files": _files(*numbers(5, 112, 112)),
    "bitmaps": _files(*colours(6, 28, 56), suffix="bmp"),
}
