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

from aestudio.datasets.image_edges import background_levels, edges_of
from aestudio.datasets.image_layout import layout_of, to_colour, to_grey
from aestudio.datasets.image_shape import LARGEST_SIDE, size_text
from aestudio.datasets.memory_limit import BATCH_NUMBERS
from aestudio.datasets.own_shape import shape_of, size_within
from aestudio.datasets.pixel_range import Numbers, range_of
from aestudio.datasets.prepare import LONGEST_SIDE, border_middles, fit_shape, light_background
from aestudio.datasets.reading import PLAIN
from aestudio.datasets.row_reader import rows_in
from aestudio.datasets.split import digests_of
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.own_shape import Size
    from aestudio.datasets.reading import Reading
    from aestudio.datasets.row_reader import Rows
    from aestudio.progress import Progress

_DARK = 64  # of 255: darker borders, and as much lighter ones, are clear
_CLEAR, _DISAGREE = 0.9, 0.1  # shares of images
_MOST_NUMBERS = 1 << 24  # of one image: scaling takes several numbers of four bytes for each of them


@dataclass(frozen=True)
class Conversion:
    """How all images of a set are converted.

    image:    the shape in which they are kept
    bottom, top: the numbers that are black and white
    inverted: bool (N,), which of them are dark on light; grey ones only
    notes:    what is done, for people
    digests:  uint64 (N,), of each image's content as it is in the file
    size:     height and width in the file
    coloured: whether any of them has a colour, as far as it was looked for
    area:     whether they are made smaller by the means of areas
    """

    image: ImageShape
    bottom: float
    top: float
    inverted: NDArray[np.bool_]
    notes: tuple[str, ...]
    digests: NDArray[np.uint64]
    size: Size
    coloured: bool
    area: bool


@dataclass(frozen=True)
class _Statistics:
    """Statistics of all images.

    numbers:   the least and the greatest grey, and their type; of each colour, if they are in colour
    middles:   (N, 2), the two middle greys of each image's border
    edges:     (N, 4), from `edges_of`, or (N, 0) where frames are not looked for
    coloured:  whether any of them has a colour, not only three channels
    digests:   (N,), of each image's content
    """

    numbers: Numbers
    middles: NDArray[Any]
    edges: NDArray[Any]
    coloured: bool
    digests: NDArray[np.uint64]


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


def largest_shape(rows: Rows, reading: Reading) -> ImageShape:
    """The shape in which images of this kind are kept, the larger one if they may be in colour."""
    colour = reading.colour and layout_of(rows)[2] > 1
    return reading.image or shape_of([layout_of(rows)[:2]], colour)


def find_conversion(
    parts: Sequence[Rows], reading: Reading = PLAIN, progress: Progress = silent
) -> Conversion:
    """Read all images, and find how they are converted.

    parts: (N, H, W), (N, H, W, C) or (N, C, H, W) with C = 1, 3 or 4, or (N, P) with P a square number;
           truth values, whole or other numbers of any range; all alike
    reading: the decisions; by default they keep their size and their colour

    Raises StudioError if the shape or the values are of no such form.
    """
    check_kind(parts)
    image = reading.image
    height, width, channels, note = layout_of(parts[0])
    in_colour = channels > 1 and (reading.colour if image is None else not image.grey)
    statistics = _measure(parts, in_colour, reading.sees_frames, progress)
    shape = image or shape_of([(height, width)], statistics.coloured)
    bottom, top = range_of(statistics.numbers, parts[0].where, reading)
    notes = [*note, *_colour_notes(channels, shape, statistics.coloured or not in_colour)]
    if (bottom, top) != (0, 255):
        notes.append(f"Values from {bottom:g} to {top:g} turned into 0 to 255.")
    levels = _to_bytes(statistics.middles, bottom, top).mean(axis=1)
    edges = _to_bytes(statistics.edges, bottom, top)
    inverted, why = inversion(levels, shape, reading, edges if edges.size else None)
    notes += [*why, *size_notes((height, width), shape)]
    coloured = channels > 1 and (statistics.coloured or not in_colour)
    return Conversion(
        shape,
        bottom,
        top,
        inverted,
        tuple(notes),
        statistics.digests,
        (height, width),
        coloured,
        reading.by_area,
    )


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
        inverted = conversion.inverted[done : done + len(batch)]
        done += len(batch)
        channels = to_colour(batch) if in_colour else to_grey(batch)[:, None]
        images = _to_bytes(channels, conversion.bottom, conversion.top)
        if inverted.any():
            images = np.where(inverted[:, None, None, None], 255 - images, images)
        images = fit_shape(images, image, conversion.area)
        append(images if images.shape[1] == image.channels else images.repeat(image.channels, axis=1))


def inversion(
    levels: NDArray[Any], shape: ImageShape, reading: Reading, edges: NDArray[np.uint8] | None = None
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Which grey images (N,) are inverted, by the levels (N,) of their borders, and notes on it.

    edges: from `edges_of`, (N, 4); None where neither frames nor shadows are looked for

    All or none, as most of them are; each by itself if nearly all have clear borders and a tenth disagrees,
    as in a set that was collected from two sources.
    """
    none = np.zeros(len(levels), np.bool_)
    if not shape.grey or reading.invert == "no":
        return none, ()
    if reading.invert == "yes":
        return ~none, ("Inverted, as chosen.",)
    levels, frames = (levels, ()) if edges is None else background_levels(levels, edges)
    light = levels > 127.5
    clear = float(np.mean((levels < _DARK) | (levels > 255 - _DARK))) >= _CLEAR
    if reading.rules > 1 and clear and _DISAGREE <= float(np.mean(light)) <= 1 - _DISAGREE:
        some = f"{np.count_nonzero(light):,} of them are dark on light, so these are inverted."
        return light, (some, *frames)
    return (~none, ("Dark on light, so inverted.", *frames)) if light_background(levels) else (none, frames)


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


def _measure(parts: Sequence[Rows], in_colour: bool, frames: bool, progress: Progress) -> _Statistics:
    """Statistics of all images; raises StudioError for numbers that are not finite.

    in_colour: whether to look for colours; frames: whether to look for frames
    """
    where, count = parts[0].where, sum(map(len, parts))
    grey_range, colour_range = _Range(), _Range()
    done, coloured = 0, False
    digests: list[NDArray[np.uint64]] = []
    edges: list[NDArray[Any]] = []
    middles: NDArray[Any] | None = None
    for batch in _batches(parts):
        progress(done, count, "Finding the range of the images")
        if batch.dtype.kind == "f" and not np.isfinite(batch).all():
            raise StudioError(
                "Images contain values that are not finite (NaN or infinity)",
                where=where,
                advice="Replace them and save the file again.",
            )
        digests.append(digests_of(batch))
        if in_colour:
            channels = to_colour(batch)
            colour_range.add(channels)
            coloured = coloured or bool((channels != channels[:, :1]).any())
        grey = to_grey(batch)
        grey_range.add(grey)
        if middles is None:
            middles = np.empty((count, 2), grey.dtype)
        middles[done : done + len(batch)] = border_middles(grey)
        edges.append(edges_of(grey) if frames else grey[:, 0, :0])
        done += len(batch)
    assert middles is not None, "check_kind refuses an empty set"
    found = colour_range if coloured else grey_range
    numbers = Numbers(parts[0].dtype if coloured else middles.dtype, found.low, found.high)
    return _Statistics(numbers, middles, np.concatenate(edges), coloured, np.concatenate(digests))


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
