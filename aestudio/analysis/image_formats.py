"""Images in the usual file formats, for comparison: bits per image, and the decoded image."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.metrics import squared_error_per_image
from aestudio.datasets.image_layout import pixel_rows
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.chunks import chunks
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress

Format = Literal["png", "jpeg", "webp"]
FORMATS: tuple[Format, ...] = ("png", "jpeg", "webp")


@dataclass(frozen=True, eq=False)
class EncodedImages:
    """Images stored one by one as files of a format, headers included.

    bits: int64 (n,), the sizes of the files; decoded: uint8 (n, C, H, W)
    squared_error: float64 (n,), summed over all C * H * W numbers
    """

    bits: NDArray[np.int64]
    decoded: NDArray[np.uint8]
    squared_error: NDArray[np.float64]


def encode_images(
    images: NDArray[np.uint8], name: Format, quality: int = 75, progress: Progress = silent
) -> EncodedImages:
    """Images uint8 (n, C, H, W) as files: png (optimised, exact), jpeg or webp of a quality from 0 to 100.

    Grey images (C = 1) are passed to the format in grey, others in colour, with Pillow's usual settings:
    JPEG and WebP keep half the resolution of the hues.

    Raises BadChoice for another format, StudioError if this Pillow cannot write it, and what `progress`
    raises.
    """
    if name not in FORMATS:
        raise BadChoice("format", name, FORMATS)
    bits = np.zeros(len(images), np.int64)
    decoded = np.zeros_like(images)
    for chunk in chunks(len(images), progress, f"Writing as {name.upper()}"):
        for index in range(chunk.start, chunk.stop):
            data = encoded(images[index], name, quality)
            bits[index], decoded[index] = 8 * len(data), _decode(data, images.shape[1])
    return EncodedImages(bits, decoded, squared_error_per_image(images, decoded))


def encoded(image: NDArray[np.uint8], name: Format = "png", quality: int = 75) -> bytes:
    """One image uint8 (C, H, W) as a file; raises StudioError if this Pillow cannot write the format."""
    from PIL import Image

    buffer = io.BytesIO()
    picture = Image.fromarray(pixel_rows(image))
    try:
        if name == "png":
            picture.save(buffer, "png", optimize=True)
        else:
            picture.save(buffer, name, quality=quality)
    except (KeyError, OSError) as error:
        raise StudioError(
            "The image library cannot write this format",
            where=name.upper(),
            advice="Leave it out.",
        ) from error
    return buffer.getvalue()


def _decode(data: bytes, channels: int) -> NDArray[np.uint8]:
    """The image (C, H, W) in a file."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        if channels == 1:
            return np.asarray(image.convert("L"))[None]
        return np.moveaxis(np.asarray(image.convert("RGB")), 2, 0)
