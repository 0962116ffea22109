"""What the usual picture formats make of a digit: bits per image, and the picture that comes back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.metrics import squared_error_per_image
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.chunks import chunks
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress

Format = Literal["png", "jpeg", "webp"]
FORMATS: tuple[Format, ...] = ("png", "jpeg", "webp")


@dataclass(frozen=True, eq=False)
class Filed:
    """Images stored one by one as files of a format, headers included.

    bits: int64 (n,), the files' sizes; pictures: uint8 (n, 28, 28); squared_error: float64 (n,)
    """

    bits: NDArray[np.int64]
    pictures: NDArray[np.uint8]
    squared_error: NDArray[np.float64]


def filed(images: NDArray[np.uint8], name: Format, quality: int = 75, progress: Progress = silent) -> Filed:
    """Images (n, 1, 28, 28) as files: png (optimised, exact), jpeg or webp at a quality from 0 to 100.

    Raises BadChoice for a format there is not, StudioError where this Pillow cannot write it.
    """
    if name not in FORMATS:
        raise BadChoice("format", name, FORMATS)
    bits = np.zeros(len(images), np.int64)
    pictures = np.zeros((len(images), 28, 28), np.uint8)
    for part in chunks(len(images), progress, f"Writing as {name.upper()}"):
        for index in range(part.start, part.stop):
            data = _written(images[index, 0], name, quality)
            bits[index], pictures[index] = 8 * len(data), _read(data)
    return Filed(bits, pictures, squared_error_per_image(images, pictures))


def _written(image: NDArray[np.uint8], name: Format, quality: int) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    try:
        if name == "png":
            Image.fromarray(image).save(buffer, "png", optimize=True)
        else:
            Image.fromarray(image).save(buffer, name, quality=quality)
    except (KeyError, OSError) as error:
        raise StudioError(
            "The picture library cannot write this format",
            where=name.upper(),
            advice="Leave it out.",
        ) from error
    return buffer.getvalue()


def _read(data: bytes) -> NDArray[np.uint8]:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("L"))
