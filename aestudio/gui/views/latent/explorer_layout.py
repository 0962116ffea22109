"""How the left part of the Latent view divides its space. Pure functions; no widget."""

from __future__ import annotations

from dataclasses import dataclass

# In a small window, as shares of the least image: a smaller one is better than controls below it, if these
# would take more from the sliders than is left here.
_STILL_BESIDE, _FEW_SLIDERS_LESS = 0.8, 0.6


@dataclass(frozen=True)
class Division:
    """Where the image is. All lengths are logical pixels.

    beside: whether its controls are beside it, otherwise they are below it
    side:   of the square that the image has
    """

    beside: bool
    side: int


@dataclass(frozen=True)
class ControlsSize:
    """What the controls of the image need.

    width, least_width: beside the image: what is good for them, and the least
    height:             beside it; height_below: below it, where two of them share a line
    """

    width: int
    least_width: int
    height: int
    height_below: int


def divide(
    size: tuple[int, int], controls: ControlsSize, below: int, *, gap: int, pixels: int, least: int
) -> Division:
    """Make the image as large as possible, in whole pixels, with all that is below it in its full height.

    size:     width and height of all parts
    below:    height of the sliders, or of what sets a discrete code
    gap:      between parts; twice that between the image and controls beside it
    pixels:   of the image's longer side
    least:    side of the image if there is too little space; the sliders then get less

    Where both arrangements give the same image, the controls are beside it.
    """
    width, height = size
    room = height - gap - below
    beside = whole(min(width - 2 * gap - controls.width, room), pixels)
    above = room - gap - controls.height_below
    stacked = whole(min(width, above), pixels)
    if max(beside, stacked) >= least:
        return Division(beside >= stacked, max(beside, stacked))
    tight = whole(width - 2 * gap - controls.least_width, pixels)
    if tight >= _STILL_BESIDE * least and above < _FEW_SLIDERS_LESS * least:
        return Division(True, min(tight, max(least, whole(room, pixels))))
    return Division(False, least)


def whole(side: int, pixels: int) -> int:
    """The largest multiple of the image's pixels that is not longer than a side, if there is one."""
    return side // pixels * pixels if side >= pixels else max(0, side)
