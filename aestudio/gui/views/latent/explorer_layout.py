"""How the left part of the Latent view divides its space. Pure functions; no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# In a small window, as shares of the least image: a smaller one is better than controls below it, if these
# would take more from the sliders than is left here.
_STILL_BESIDE, _FEW_SLIDERS_LESS = 0.8, 0.6


@dataclass(frozen=True)
class Division:
    """Where the image is. All lengths are logical pixels.

    controls: all are beside the image, or below it; or those that choose where to start are beside it, as a
              column, and the others below
    side:     of the square that the image has
    """

    controls: Literal["beside", "below", "split"]
    side: int


@dataclass(frozen=True)
class ControlsSize:
    """What the controls of the image need.

    width, least_width: beside the image: what is good for them, and the least
    start, gauge, rest: heights of the line that chooses where to start, of the data support, and of what is
                        below them; 0 for what is not there
    in_one_line:        below the image, the first two share a line
    column:             width of what chooses where to start, as a column beside the image
    gap:                between two of them
    """

    width: int
    least_width: int
    start: int
    gauge: int
    rest: int
    in_one_line: bool
    column: int
    gap: int

    @property
    def height(self) -> int:
        """Of all, beside the image."""
        return self._height_of(self.start, self.gauge, self.rest)

    @property
    def height_below(self) -> int:
        """Of all, below the image."""
        if self.in_one_line:
            return self._height_of(max(self.start, self.gauge), self.rest)
        return self.height

    @property
    def height_split(self) -> int:
        """Of those below the image, if what chooses where to start is beside it."""
        return self._height_of(self.gauge, self.rest)

    def _height_of(self, *heights: int) -> int:
        shown = [height for height in heights if height]
        return sum(shown) + self.gap * (len(shown) - 1)


Place = tuple[int, int, int, int]
"""Left, top, width and height."""


@dataclass(frozen=True)
class ControlPlaces:
    """Where the image and its controls are; `end` is where all of it ends."""

    image: Place
    start: Place
    gauge: Place
    rest: Place
    end: int


def divide(
    size: tuple[int, int], controls: ControlsSize, below: int, *, pixels: int, least: int, good: int
) -> Division:
    """Make the image as large as possible, in whole pixels, with all that is below it in its full height.

    size:     width and height of all parts
    below:    height of the sliders, or of what sets a discrete code
    pixels:   of the image's longer side
    least:    side of the image if there is too little space; the sliders then get less
    good:     side of an image that is large enough: only beside a smaller one are the controls as narrow as
              they can be, or split

    Where two arrangements give the same image, the controls are beside it.
    """
    (width, height), gap = size, controls.gap
    room = height - gap - below
    beside = whole(min(width - 2 * gap - controls.width, room), pixels)
    above = room - gap - controls.height_below
    stacked = whole(min(width, above), pixels)
    largest = max(beside, stacked)
    if largest < good:
        narrow = whole(min(width - 2 * gap - controls.least_width, room), pixels)
        split = whole(min(width - gap - controls.column, room - gap - controls.height_split), pixels)
        split = split if controls.start else 0
        if max(narrow, split) > max(largest, least - 1):
            return Division("split", split) if split > narrow else Division("beside", narrow)
    if largest >= least:
        return Division("beside" if beside >= stacked else "below", largest)
    tight = whole(width - 2 * gap - controls.least_width, pixels)
    if tight >= _STILL_BESIDE * least and above < _FEW_SLIDERS_LESS * least:
        return Division("beside", min(tight, max(least, whole(room, pixels))))
    return Division("below", least)


def place(division: Division, controls: ControlsSize, width: int) -> ControlPlaces:
    """Where image and controls are, in a part of this width."""
    side, gap, start, gauge = division.side, controls.gap, controls.start, controls.gauge
    below = side + gap
    if division.controls == "beside":
        left = side + 2 * gap
        return _in_lines((0, 0, side, side), controls, left, 0, width - left, max(side, controls.height))
    if division.controls == "below" and not (controls.in_one_line and start):
        image = ((width - side) // 2, 0, side, side)
        return _in_lines(image, controls, 0, below, width, below + controls.height_below)
    if division.controls == "below":
        half, line = (width - gap) // 2, max(start, gauge)
        image = ((width - side) // 2, 0, side, side)
        first, second = (0, below, half, line), (width - half, below, half, line)
        end = below + controls.height_below
    else:
        image = ((width - controls.column - gap - side) // 2, 0, side, side)
        line = gauge
        first, second = (width - controls.column, 0, controls.column, side), (0, below, width, gauge)
        end = below + controls.height_split
    top = below + line + gap
    return ControlPlaces(image, first, second, (0, top, width, max(0, end - top)), end)


def _in_lines(
    image: Place, controls: ControlsSize, left: int, top: int, width: int, end: int
) -> ControlPlaces:
    """The controls below each other, from this position on."""
    second = top + (controls.start + controls.gap if controls.start else 0)
    third = second + controls.gauge + controls.gap
    return ControlPlaces(
        image,
        (left, top, width, controls.start),
        (left, second, width, controls.gauge),
        (left, third, width, max(0, end - third)),
        end,
    )


def whole(side: int, pixels: int) -> int:
    """The largest multiple of the image's pixels that is not longer than a side, if there is one."""
    return side // pixels * pixels if side >= pixels else max(0, side)
