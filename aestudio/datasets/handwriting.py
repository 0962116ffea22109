"""Brings a drawing to the shape of a run's images: as MNIST was, scaled to a box and centred by mass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import MNIST, ImageShape

if TYPE_CHECKING:
    from numpy.typing import NDArray

INK_BOX = 20  # pixels; the longer side of every MNIST digit
_BOX_SHARE = INK_BOX / MNIST.image.height  # of the smaller side, for images of other sizes
# Of the strongest ink; what is fainter (the fringe of a soft pen) is not counted as extent. This and the
# filter are those that gave real digits, drawn ten times larger anywhere, back most faithfully.
_FAINT = 0.2


def drawing_as_image(canvas: NDArray[Any], shape: ImageShape) -> NDArray[np.uint8]:
    """A drawing as an image of this shape, uint8 (C, H, W).

    In grey it is normalised as MNIST; in colour it stays as it is, scaled to the size if it has another.

    canvas: (h, w) in grey, 0 = background, or (3, h, w) in colour; uint8 up to 255 or float up to 1

    Raises ValueError for other shapes and types, and for colours where the images are grey.
    """
    from PIL import Image

    if shape.grey:
        return normalise_drawing(canvas, shape)[None]
    channels = canvas[None] if canvas.ndim == 2 else canvas
    if len(channels) not in (1, shape.channels):
        raise ValueError(f"a drawing in colour is (3, H, W), not {canvas.shape}")
    size = shape.width, shape.height
    sized = [Image.fromarray(_as_bytes(each)).resize(size, Image.Resampling.BOX) for each in channels]
    return np.stack([np.asarray(each) for each in sized] * (shape.channels // len(sized)))


def normalise_drawing(canvas: NDArray[Any], shape: ImageShape = MNIST.image) -> NDArray[np.uint8]:
    """A drawing as MNIST would have it: uint8 (H, W) of this shape's height and width, 0 = background.

    The ink's bounding box is scaled, proportions kept, to 20 pixels at its longer side, antialiased, and
    its centre of mass comes to the middle of MNIST's images, to the nearest pixel (LeCun, Cortes, Burges: the
    MNIST database; on the real set the centres are within half a pixel of it). In other sizes the box takes
    the same share of the smaller side. No ink gives zeros.

    canvas: (h, w), 0 = background; uint8 up to 255 or float up to 1

    Raises ValueError for other shapes and types.
    """
    from PIL import Image

    out = np.zeros((shape.height, shape.width), np.uint8)
    ink = _as_bytes(canvas)
    peak = int(ink.max(initial=0))
    if not peak:
        return out
    present = ink > peak * _FAINT
    rows, columns = np.flatnonzero(present.any(axis=1)), np.flatnonzero(present.any(axis=0))
    box = np.ascontiguousarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = _box_side(shape) / max(box.shape)
    height, width = (max(round(length * scale), 1) for length in box.shape)
    digit = np.asarray(Image.fromarray(box).resize((width, height), Image.Resampling.HAMMING))
    top, left = (_start(digit.sum(axis=1 - axis, dtype=np.float64), out.shape[axis]) for axis in (0, 1))
    out[top : top + height, left : left + width] = digit
    return out


def _box_side(shape: ImageShape) -> int:
    """Pixels of the longer side of the ink in images of this shape."""
    return round(_BOX_SHARE * min(shape.height, shape.width))


def _as_bytes(canvas: NDArray[Any]) -> NDArray[np.uint8]:
    if canvas.ndim != 2 or not (canvas.dtype == np.uint8 or canvas.dtype.kind == "f"):
        raise ValueError(f"a drawing is (H, W) of uint8 or float, not {canvas.dtype} {canvas.shape}")
    if canvas.dtype == np.uint8:
        return canvas
    return np.rint(np.clip(canvas, 0, 1) * 255).astype(np.uint8)


def _start(profile: NDArray[np.float64], side: int) -> int:
    """Where a digit with this much ink in each row (or column) begins, all of it inside `side`."""
    total = profile.sum()
    centre = float(profile @ np.arange(len(profile))) / total if total else (len(profile) - 1) / 2
    return min(max(round(side / 2 - centre), 0), side - len(profile))
