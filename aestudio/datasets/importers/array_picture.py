"""One picture in a .npy file, as an image of Pillow's."""

from __future__ import annotations

import math
from io import BytesIO
from typing import IO, TYPE_CHECKING

import numpy as np

from aestudio.datasets.importers.npy import DAMAGE
from aestudio.errors import StudioError
from aestudio.storage.npy_header import read_npy_header
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

SUFFIX = ".npy"
_SIDES = 4
"""Pixels that each side of a picture has at least."""
_CHANNELS = (1, 3, 4)
_LARGEST = 256 << 20  # bytes


def picture_shape(path: Path, content: bytes | None) -> tuple[int, ...]:
    """The shape of the array in a file, of which only the header is read; raises StudioError.

    content: the file's, if it is no file of its own
    """
    try:
        with reading(path), open_file(path) if content is None else BytesIO(content) as file:
            return read_npy_header(file).info.shape
    except ValueError as error:
        raise DAMAGE.error(path, error) from error


def is_picture(shape: tuple[int, ...]) -> bool:
    """Whether an array of this shape is one picture: (H, W), (H, W, C) or (C, H, W)."""
    if len(shape) == 3:
        sides = shape[:2] if shape[2] in _CHANNELS else shape[1:] if shape[0] in (1, 3) else (0, 0)
        return min(sides) >= _SIDES
    return len(shape) == 2 and min(shape) >= _SIDES


def open_array(file: IO[bytes], path: Path) -> Image:
    """The picture in an open file; numbers of more than 8 bits are grey of that depth.

    Raises StudioError if it is no picture, or colours of more than 8 bits.
    """
    from PIL import Image

    try:
        header = read_npy_header(file)
        info, order = header.info, header.order
        if not is_picture(info.shape) or info.bytes > _LARGEST:
            raise ValueError(f"an array of the shape {info.shape} is no picture")
        numbers = np.frombuffer(file.read(info.bytes), info.dtype)
        array = numbers[: math.prod(info.shape)].reshape(info.shape, order=order)
    except ValueError as error:
        raise DAMAGE.error(path, error) from error
    if array.ndim == 3 and array.shape[2] not in _CHANNELS:
        array = np.moveaxis(array, 0, 2)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    kind = array.dtype
    if kind.kind == "b" or kind == np.uint8:
        plain = array if kind == np.uint8 else array.astype(np.uint8) * np.uint8(255)
        return Image.fromarray(np.ascontiguousarray(plain))
    if array.ndim == 3 or kind.kind not in "iuf":
        raise StudioError(
            f"This picture has numbers of type {kind} in {array.ndim} dimensions",
            where=str(path),
            advice="Save grey ones as plain numbers, and those in colour as uint8, 0 to 255.",
        )
    deep = np.float32 if kind.kind == "f" or kind.itemsize > 4 else np.int32
    if kind == np.uint32:
        deep = np.float32
    return Image.fromarray(np.ascontiguousarray(array.astype(deep)))
