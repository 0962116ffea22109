"""Converts images of any kind to what the program works with: 28x28, grey, uint8, light ink on dark.

A set is read twice, a batch at a time: first to find which numbers are black and white and whether it is
dark on light, then to convert it. So memory is taken for the result alone, whatever the set is read from.
Sentences in `Dataset.notes` describe every conversion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.dataset import PIXELS, SIDE
from aestudio.datasets.memory_limit import BATCH_NUMBERS
from aestudio.datasets.prepare import LONGEST_SIDE, fit, light_background, pad
from aestudio.datasets.row_reader import rows_in
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.row_reader import Rows
    from aestudio.progress import Progress

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow converts to grey
_MOST_NUMBERS = 1 << 24  # of one image: scaling takes several numbers of four bytes for each of them


@dataclass(frozen=True)
class _Statistics:
    """Statistics of all images: least and greatest grey, the type, and which images have a light border."""

    low: float
    high: float
    dtype: np.dtype[Any]
    middles: NDArray[Any]  # (N, 2), the two middle greys of each image's border


def check_kind(parts: Sequence[Rows]) -> None:
    """Raises StudioError if the parts have types or shapes that images cannot have, or different ones."""
    first = parts[0]
    for part in parts[1:]:
        if part.shape[1:] != first.shape[1:] or part.dtype != first.dtype:
            raise StudioError(
                f"Training images ({first.dtype} {first.shape}) and test images "
                f"({part.dtype} {part.shape}) are of different kinds",
                where=part.where,
                advice="Save both in the same size and type.",
            )
    if first.dtype.kind not in "buif":
        raise StudioError(
            f"Images must be numbers, not {first.dtype}",
            where=first.where,
            advice="Save them as uint8, or as float between 0 and 1.",
        )
    if not sum(map(len, parts)) * first.row:
        raise StudioError(
            f"It has no images (shape {first.shape})",
            where=first.where,
            advice="Choose another file.",
        )
    _check_sides(first)


def bring_to_28(
    parts: Sequence[Rows], append: Callable[[NDArray[np.uint8]], None], progress: Progress = silent
) -> tuple[str, ...]:
    """Pass all images to `append`, in order, as uint8 (n, 28, 28), 0 = background; returns notes on it.

    parts: (N, H, W), (N, H, W, C) or (N, C, H, W) with C = 1, 3 or 4, or (N, P) with P a square number;
           truth values, whole numbers from 0 on, or numbers in [0, 1], [-1, 1] or [0, 255]; all alike

    Raises StudioError if the shape or the values are of no such form.
    """
    check_kind(parts)
    where, count = parts[0].where, sum(map(len, parts))
    height, width, notes = _layout(parts[0])
    statistics = _measure(parts, progress)
    bottom, top = _range_of(statistics.dtype, statistics.low, statistics.high, where)
    if (bottom, top) != (0, 255):
        notes += (f"Values from {bottom:g} to {top:g} turned into 0 to 255.",)
    inverted = light_background(_to_bytes(statistics.middles, bottom, top).mean(axis=1))
    if inverted:
        notes += ("Dark on light, so inverted.",)
    scaled = (height, width) != (SIDE, SIDE)
    if scaled:
        notes += (f"Scaled from {width}x{height} to fit 28x28.",)
    done = 0
    for batch in _batches(parts):
        progress(done, count, "Scaling images to 28x28" if scaled else "Reading images")
        done += len(batch)
        images = _to_bytes(_to_grey(batch), bottom, top)
        if inverted:
            images = 255 - images
        append(pad(fit(images)) if scaled else images)
    return notes


def _measure(parts: Sequence[Rows], progress: Progress) -> _Statistics:
    """Statistics of all images; raises StudioError for numbers that are not finite."""
    where, count = parts[0].where, sum(map(len, parts))
    low, high, done = math.inf, -math.inf, 0
    middles: NDArray[Any] | None = None
    for batch in _batches(parts):
        progress(done, count, "Finding the range of the images")
        if batch.dtype.kind == "f" and not np.isfinite(batch).all():
            raise StudioError(
                "Images contain values that are not finite (NaN or infinity)",
                where=where,
                advice="Replace them and save the file again.",
            )
        grey = _to_grey(batch)
        low, high = min(low, float(grey.min())), max(high, float(grey.max()))
        if middles is None:
            middles = np.empty((count, 2), grey.dtype)
        middles[done : done + len(batch)] = _border_middles(grey)
        done += len(batch)
    assert middles is not None, "check_kind refuses an empty set"
    return _Statistics(low, high, middles.dtype, middles)


def _batches(parts: Sequence[Rows]) -> Iterator[NDArray[Any]]:
    """All images in their order, so few at a time that they can be copied in other types."""
    for part in parts:
        yield from part.batches(rows_in(BATCH_NUMBERS, max(part.row, PIXELS)))  # small ones grow


def _border_middles(images: NDArray[Any]) -> NDArray[Any]:
    """(N, 2): the two greys in the middle of each image's border, whose mean is the border's median.

    Converting greys to bytes keeps their order, so this can be computed before their range is known.
    """
    edges = np.concatenate((images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]), axis=1)
    middle = edges.shape[1] // 2  # of an even number
    return np.partition(edges, (middle - 1, middle), axis=1)[:, middle - 1 : middle + 1]


def _check_sides(rows: Rows) -> None:
    height, width, _ = _layout(rows)
    if rows.row > _MOST_NUMBERS or max(height, width) > LONGEST_SIDE:
        raise StudioError(
            f"Images of {width:,} x {height:,} pixels are too large",
            where=rows.where,
            advice="Scale them down and save them again: 1,000 x 1,000 pixels are more than enough.",
        )


def _layout(rows: Rows) -> tuple[int, int, tuple[str, ...]]:
    """Height and width of the images, and a note on how their dimensions are read."""
    shape = rows.shape
    side = math.isqrt(shape[1]) if len(shape) == 2 else 0
    if side and side * side == shape[1]:
        return side, side, (f"Rows of {side * side} numbers taken as {side}x{side} images.",)
    if len(shape) == 3:
        return shape[1], shape[2], ()
    if len(shape) == 4:
        if _colours_second(shape):
            shape = (shape[0], shape[2], shape[3], shape[1])
        if shape[3] == 1:
            return shape[1], shape[2], ()
        if shape[3] in (3, 4):
            note = "Colours turned into grey" + (", transparency ignored." if shape[3] == 4 else ".")
            return shape[1], shape[2], (note,)
    raise StudioError(
        f"Images of shape {rows.shape} cannot be understood",
        where=rows.where,
        advice="Allowed: (N, height, width), also with 1, 3 or 4 colours last or second, or (N, 784).",
    )


def _colours_second(shape: tuple[int, ...]) -> bool:
    return shape[3] not in (1, 3, 4) and shape[1] in (1, 3, 4)


def _to_grey(images: NDArray[Any]) -> NDArray[Any]:
    """Images as (N, H, W) in their own range; their shape is one that `_layout` knows."""
    if images.ndim == 2:
        side = math.isqrt(images.shape[1])
        return images.reshape(-1, side, side)
    if images.ndim == 3:
        return images
    if _colours_second(images.shape):
        images = np.moveaxis(images, 1, 3)
    if images.shape[3] == 1:
        return images[..., 0]
    luma = np.array(LUMA, np.float32)
    grey = images[..., :3] @ luma
    return np.rint(grey).astype(images.dtype) if images.dtype.kind in "ui" else grey


def _to_bytes(images: NDArray[Any], bottom: float, top: float) -> NDArray[np.uint8]:
    """Greys in their own range as uint8, full range."""
    if (bottom, top) == (0, 255):
        return images if images.dtype == np.uint8 else np.rint(images).astype(np.uint8)
    part = images.astype(np.float32)
    part -= np.float32(bottom)
    part *= np.float32(255 / (top - bottom))
    return np.clip(np.rint(part, out=part), 0, 255, out=part).astype(np.uint8)


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
        f"Pixels range from {low:g} to {high:g}, so black and white cannot be distinguished",
        where=where,
        advice="Allowed: 0 to 255, 0 to 1, or -1 to 1.",
    )
