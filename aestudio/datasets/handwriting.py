"""Normalises a drawing as MNIST was: scaled to a 20x20 box, centred by mass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.dataset import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

INK_BOX = 20  # pixels; the longer side of every MNIST digit
# Of the strongest ink; what is fainter (the fringe of a soft pen) is not counted as extent. This and the
# filter are those that gave real digits, drawn ten times larger anywhere, back most faithfully.
_FAINT = 0.2


def normalise_drawing(canvas: NDArray[Any]) -> NDArray[np.uint8]:
    """A drawing as MNIST would have it: uint8 (28, 28), 0 = background.

    The ink's bounding box is scaled, proportions kept, to 20 pixels at its longer side, antialiased, and
    its centre of mass comes to pixel (14, 14), to the nearest pixel (LeCun, Cortes, Burges: the MNIST
    database; on the real set the centres are within 13.5 to 14.5). No ink gives zeros.

    canvas: (H, W), 0 = background; uint8 up to 255 or float up to 1

    Raises ValueError for other shapes and types.
    """
    from PIL import Image

    out = np.zeros((SIDE, SIDE), np.uint8)
    ink = _as_bytes(canvas)
    peak = int(ink.max(initial=0))
    if not peak:
        return out
    present = ink > peak * _FAINT
    rows, columns = np.flatnonzero(present.any(axis=1)), np.flatnonzero(present.any(axis=0))
    box = np.ascontiguousarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = INK_BOX / max(box.shape)
    height, width = (max(round(length * scale), 1) for length in box.shape)
    digit = np.asarray(Image.fromarray(box).resize((width, height), Image.Resampling.HAMMING))
    top, left = (_start(digit.sum(axis=1 - axis, dtype=np.float64)) for axis in (0, 1))
    out[top : top + height, left : left + width] = digit
    return out


def _as_bytes(canvas: NDArray[Any]) -> NDArray[np.uint8]:
    if canvas.ndim != 2 or not (canvas.dtype == np.uint8 or canvas.dtype.kind == "f"):
        raise ValueError(f"a drawing is (H, W) of uint8 or float, not {canvas.dtype} {canvas.shape}")
    if canvas.dtype == np.uint8:
        return canvas
    return np.rint(np.clip(canvas, 0, 1) * 255).astype(np.uint8)


def _start(profile: NDArray[np.float64]) -> int:
    """Where a digit with this much ink in each row (or column) begins, all of it inside the image."""
    total = profile.sum()
    centre = float(profile @ np.arange(len(profile))) / total if total else (len(profile) - 1) / 2
    return min(max(round(SIDE / 2 - centre), 0), SIDE - len(profile))
