"""Brings images of any kind to what the program works with: 28x28, grey, uint8, light ink on dark.

Everything that was done is said in sentences, which end up in `Dataset.notes`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.data.digits import SIDE
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aestudio.progress import Progress

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow converts to grey
LONGEST_SIDE = 1 << 16  # pixels; scaling needs a table of as many weights for each new pixel
_BATCH_PIXELS = 1 << 22  # at a time: float32 copies of more would be the largest thing in memory
_BATCH = 2048


def bring_to_28(
    images: NDArray[Any], *, where: str = "", progress: Progress = silent
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Images as uint8 (N, 1, 28, 28), 0 = background, and sentences saying what was done.

    images: (N, H, W), (N, H, W, C) or (N, C, H, W) with C = 1, 3 or 4, or (N, P) with P a square number;
            truth values, whole numbers from 0 on, or numbers in [0, 1], [-1, 1] or [0, 255]
    where:  the file, for messages

    Raises StudioError where the shape or the values are of no such kind.
    """
    grey, notes = _to_grey(_check(images, where), where)
    bytes_, range_notes = _to_bytes(grey, where)
    if light_background(border_levels(bytes_)):
        bytes_ = 255 - bytes_
        range_notes += ("Dark on light, so inverted.",)
    height, width = bytes_.shape[1:]
    if max(height, width) > LONGEST_SIDE:
        raise StudioError(
            f"Images of {width:,} x {height:,} pixels are too large", where=where,
            advice=f"At most {LONGEST_SIDE:,} pixels a side: scale them down and save them again.",
        )  # fmt: skip
    if (height, width) == (SIDE, SIDE):
        return bytes_[:, None], (*notes, *range_notes)
    out = np.empty((len(bytes_), 1, SIDE, SIDE), np.uint8)
    for batch in _batches(bytes_):
        progress(batch.start, len(bytes_), "Scaling images to 28x28")
        out[batch, 0] = pad(fit(bytes_[batch]))
    return out, (*notes, *range_notes, f"Scaled from {width}x{height} to fit 28x28.")


def fit(images: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """Images (N, H, W) scaled, up or down, so that the longer side is `side`; proportions are kept.

    Antialiased with a triangle filter, as Pillow's BILINEAR.
    """
    height, width = images.shape[1:]
    scale = side / max(height, width)
    rows = _resampling(height, max(round(height * scale), 1))
    columns = _resampling(width, max(round(width * scale), 1))
    scaled = rows @ images.astype(np.float32) @ columns.T  # (N, h, w)
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def pad(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images (N, h, w) with h, w <= 28 in the middle of black squares of 28x28."""
    height, width = images.shape[1:]
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    out = np.zeros((len(images), SIDE, SIDE), np.uint8)
    out[:, top : top + height, left : left + width] = images
    return out


def border_levels(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The median grey of each image's outermost pixels, shape (N,)."""
    edges = (images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1])
    return np.median(np.concatenate(edges, axis=1), axis=1)


def light_background(levels: NDArray[np.float64]) -> bool:
    """Whether a set with these border levels is dark on light: most of its borders are light."""
    return bool(len(levels)) and float(np.mean(levels > 127.5)) > 0.5


def _batches(images: NDArray[Any]) -> Iterator[slice]:
    """Slices of images (N, H, W, ...) that are small enough to be copied as float32."""
    each = max(1, min(_BATCH, _BATCH_PIXELS // max(1, math.prod(images.shape[1:]))))
    for start in range(0, len(images), each):
        yield slice(start, start + each)


def _resampling(count: int, new_count: int) -> NDArray[np.float32]:
    """Weights (new_count, count) of the old pixels in each new one."""
    scale = count / new_count
    support = max(scale, 1.0)
    centres = (np.arange(new_count) + 0.5) * scale
    distance = np.abs(np.arange(count) + 0.5 - centres[:, None]) / support
    weights = np.clip(1 - distance, 0, None)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def _check(images: NDArray[Any], where: str) -> NDArray[Any]:
    if images.dtype.kind not in "buif":
        raise StudioError(
            f"Images have to be numbers, not {images.dtype}",
            where=where,
            advice="Save them as uint8, or as float between 0 and 1.",
        )
    if not images.size:
        raise StudioError(
            f"There are no images in it (shape {images.shape})", where=where, advice="Choose another file."
        )
    if images.dtype.kind == "f" and not np.isfinite(images).all():
        raise StudioError(
            "Images contain values that are not finite (NaN or infinity)",
            where=where,
            advice="Replace them and save the file again.",
        )
    return images


def _to_grey(images: NDArray[Any], where: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Images as (N, H, W) in their own range."""
    side = round(images.shape[1] ** 0.5) if images.ndim == 2 else 0
    if side and side * side == images.shape[1]:
        return images.reshape(-1, side, side), (
            f"Rows of {side * side} numbers taken as {side}x{side} images.",
        )
    if images.ndim == 3:
        return images, ()
    if images.ndim == 4 and images.shape[3] not in (1, 3, 4) and images.shape[1] in (1, 3, 4):
        images = np.moveaxis(images, 1, 3)
    if images.ndim == 4 and images.shape[3] == 1:
        return images[..., 0], ()
    if images.ndim == 4 and images.shape[3] in (3, 4):
        note = "Colours turned into grey" + (", transparency ignored." if images.shape[3] == 4 else ".")
        return _without_colours(images), (note,)
    raise StudioError(
        f"Images of shape {images.shape} cannot be understood",
        where=where,
        advice="Allowed: (N, height, width), also with 1, 3 or 4 colours last or second, or (N, 784).",
    )


def _without_colours(images: NDArray[Any]) -> NDArray[Any]:
    """Images (N, H, W, 3 or 4) -> (N, H, W), by batches: in float32 all at once they would be four times."""
    luma = np.array(LUMA, np.float32)
    whole = images.dtype.kind in "ui"
    kind = images.dtype if whole else np.result_type(images.dtype, luma.dtype)
    out = np.empty(images.shape[:3], kind)
    for batch in _batches(images):
        grey = images[batch][..., :3] @ luma
        out[batch] = np.rint(grey) if whole else grey
    return out


def _to_bytes(images: NDArray[Any], where: str) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Images (N, H, W) as uint8, full range."""
    low, high = float(images.min()), float(images.max())
    bottom, top = _range_of(images.dtype, low, high, where)
    if (bottom, top) == (0, 255):
        return (images if images.dtype == np.uint8 else np.rint(images).astype(np.uint8)), ()
    out = np.empty(images.shape, np.uint8)
    for batch in _batches(images):
        part = (images[batch].astype(np.float32) - bottom) * np.float32(255 / (top - bottom))
        out[batch] = np.clip(np.rint(part), 0, 255)
    return out, (f"Values from {bottom:g} to {top:g} turned into 0 to 255.",)


def _range_of(dtype: np.dtype[Any], low: float, high: float, where: str) -> tuple[float, float]:
    """The usual range in which values from `low` to `high` were meant: what is black, what is white."""
    slack = 1e-3 if dtype.kind == "f" else 0.0  # rounding in someone's interpolation
    if low >= -slack:
        # 16: scikit-learn's digits; 4095 and 65535: cameras and scanners
        whole = () if dtype.kind == "f" else (16.0, 255.0, 4095.0, 65535.0)
        tops = (1.0, *whole) if whole or high <= 2 else (255.0,)
        for top in tops:
            if high <= top + slack:
                return 0.0, top
    elif low >= -1 - slack and high <= 1 + slack and dtype.kind == "f":
        return -1.0, 1.0
    raise StudioError(
        f"Pixels range from {low:g} to {high:g}, so that black and white cannot be told",
        where=where,
        advice="Allowed: 0 to 255, 0 to 1, or -1 to 1.",
    )
