"""Converts images of any kind to what the program works with: uint8, grey with light ink on dark, or colour.

A set is read twice, a batch at a time: first to find which numbers are black and white, whether it is in
colour and whether it is dark on light, then to convert it. So memory is taken for the result alone, whatever
the set is read from. Sentences in `Dataset.notes` describe every conversion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_layout import layout_of, to_colour, to_grey
from aestudio.datasets.image_shape import LARGEST_SIDE, size_text
from aestudio.datasets.memory_limit import BATCH_NUMBERS
from aestudio.datasets.own_shape import shape_of, size_within
from aestudio.datasets.prepare import LONGEST_SIDE, border_middles, fit_shape, light_background
from aestudio.datasets.row_reader import rows_in
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.own_shape import Size
    from aestudio.datasets.row_reader import Rows
    from aestudio.progress import Progress

_MOST_NUMBERS = 1 << 24  # of one image: scaling takes several numbers of four bytes for each of them


@dataclass(frozen=True)
class Conversion:
    """How all images of a set are converted.

    image:    the shape in which they are kept
    bottom, top: the numbers that are black and white
    inverted: whether they are dark on light; grey ones only
    notes:    what is done, for people
    """

    image: ImageShape
    bottom: float
    top: float
    inverted: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Statistics:
    """Statistics of all images.

    low, high: the least and the greatest grey; of each colour, if they are in colour
    dtype:     the type of the greys
    middles:   (N, 2), the two middle greys of each image's border
    coloured:  whether any of them has a colour, not only three channels
    """

    low: float
    high: float
    dtype: np.dtype[Any]
    middles: NDArray[Any]
    coloured: bool


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


def largest_shape(rows: Rows, image: ImageShape | None) -> ImageShape:
    """The shape in which images of this kind are kept, the larger one if they may be in colour."""
    return image or shape_of([layout_of(rows)[:2]], colour=layout_of(rows)[2] > 1)


def find_conversion(
    parts: Sequence[Rows], image: ImageShape | None = None, progress: Progress = silent
) -> Conversion:
    """Read all images, and find how they are converted.

    parts: (N, H, W), (N, H, W, C) or (N, C, H, W) with C = 1, 3 or 4, or (N, P) with P a square number;
           truth values, whole numbers from 0 on, or numbers in [0, 1], [-1, 1] or [0, 255]; all alike
    image: the shape in which they are wanted; by default they keep their size and their colour

    Raises StudioError if the shape or the values are of no such form.
    """
    check_kind(parts)
    height, width, channels, note = layout_of(parts[0])
    in_colour = channels > 1 and (image is None or not image.grey)
    statistics = _measure(parts, in_colour, progress)
    shape = image or shape_of([(height, width)], statistics.coloured)
    bottom, top = _range_of(statistics.dtype, statistics.low, statistics.high, parts[0].where)
    notes = [*note, *_colour_notes(channels, shape, statistics.coloured or not in_colour)]
    if (bottom, top) != (0, 255):
        notes.append(f"Values from {bottom:g} to {top:g} turned into 0 to 255.")
    levels = _to_bytes(statistics.middles, bottom, top).mean(axis=1)
    inverted = shape.grey and light_background(levels)
    if inverted:
        notes.append("Dark on light, so inverted.")
    notes += size_notes((height, width), shape)
    return Conversion(shape, bottom, top, inverted, tuple(notes))


def convert(
    parts: Sequence[Rows],
    conversion: Conversion,
    append: Callable[[NDArray[np.uint8]], None],
    progress: Progress = silent,
) -> None:
    """Pass all images to `append`, in order, as uint8 (n, C, H, W) of the conversion's shape."""
    image, done, count = conversion.image, 0, sum(map(len, parts))
    height, width, channels, _ = layout_of(parts[0])
    in_colour = channels > 1 and not image.grey
    what = f"Scaling images to {image}" if size_notes((height, width), image) else "Reading images"
    for batch in _batches(parts, image):
        progress(done, count, what)
        done += len(batch)
        channels = to_colour(batch) if in_colour else to_grey(batch)[:, None]
        images = _to_bytes(channels, conversion.bottom, conversion.top)
        if conversion.inverted:
            images = 255 - images
        images = fit_shape(images, image)
        append(images if images.shape[1] == image.channels else images.repeat(image.channels, axis=1))


def size_notes(size: Size, shape: ImageShape) -> tuple[str, ...]:
    """A sentence on what is done to images of this height and width, () if they are kept as they are."""
    box = shape.height, shape.width
    within = size_within(size, shape)
    if size == box:
        return ()
    if within == size:
        return (f"Padded from {size_text(*size)} to {size_text(*box)}.",)
    if within == box and max(box) == LARGEST_SIDE < max(size):
        return (f"Scaled down from {size_text(*size)} to {size_text(*box)}.",)
    return (f"Scaled from {size_text(*size)} to fit {size_text(*box)}.",)


def _colour_notes(channels: int, shape: ImageShape, coloured: bool) -> tuple[str, ...]:
    """Sentences on what is done to the channels of images; coloured: whether they have colours, as far as
    it was looked for."""
    if channels == 1:
        return () if shape.grey else ("Grey turned into three equal channels.",)
    ignored = ", transparency ignored." if channels == 4 else "."
    if not shape.grey:
        return ("Kept in colour" + ignored,) if channels == 4 else ()
    return (("Colours turned into grey" if coloured else "Without colour, so taken as grey") + ignored,)


def _measure(parts: Sequence[Rows], in_colour: bool, progress: Progress) -> _Statistics:
    """Statistics of all images; raises StudioError for numbers that are not finite.

    in_colour: whether to look for colours
    """
    where, count = parts[0].where, sum(map(len, parts))
    grey_range, colour_range = _Range(), _Range()
    done, coloured = 0, False
    middles: NDArray[Any] | None = None
    for batch in _batches(parts):
        progress(done, count, "Finding the range of the images")
        if batch.dtype.kind == "f" and not np.isfinite(batch).all():
            raise StudioError(
                "Images contain values that are not finite (NaN or infinity)",
                where=where,
                advice="Replace them and save the file again.",
            )
        if in_colour:
            channels = to_colour(batch)
            colour_range.add(channels)
            coloured = coloured or bool((channels != channels[:, :1]).any())
        grey = to_grey(batch)
        grey_range.add(grey)
        if middles is None:
            middles = np.empty((count, 2), grey.dtype)
        middles[done : done + len(batch)] = border_middles(grey)
        done += len(batch)
    assert middles is not None, "check_kind refuses an empty set"
    found = colour_range if coloured else grey_range
    return _Statistics(
        found.low, found.high, parts[0].dtype if coloured else middles.dtype, middles, coloured
    )


@dataclass
class _Range:
    """The least and the greatest number of those that were added."""

    low: float = math.inf
    high: float = -math.inf

    def add(self, values: NDArray[Any]) -> None:
        self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))


def _batches(parts: Sequence[Rows], image: ImageShape | None = None) -> Iterator[NDArray[Any]]:
    """All images in their order, so few at a time that they can be copied in other types.

    image: the shape to which small ones grow
    """
    most = 0 if image is None else image.size
    for part in parts:
        yield from part.batches(rows_in(BATCH_NUMBERS, max(part.row, most)))


def _check_sides(rows: Rows) -> None:
    height, width, *_ = layout_of(rows)
    if rows.row > _MOST_NUMBERS or max(height, width) > LONGEST_SIDE:
        raise StudioError(
            f"Images of {size_text(height, width)} pixels are too large",
            where=rows.where,
            advice="Scale them down and save them again: 1,000 × 1,000 pixels are more than enough.",
        )


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
