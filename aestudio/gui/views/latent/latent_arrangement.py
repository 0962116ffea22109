"""How the Latent view divides its space between image and sliders, the map, and an open panel.

Pure functions. All lengths are logical pixels at 100 % of the type.
"""

from __future__ import annotations

from dataclasses import dataclass

GAP = 16  # between image and sliders, and the map
SPLIT = 8  # between the map and an open panel
MAP_SQUARE = 420  # of data: what a lecture needs of the map, and so comes before a larger panel or image
# A smaller map or panel would be of no use, so the view scrolls instead.
LEAST_MAP = (368, 230)
LEAST_PANEL = (344, 166)
LOW_MAP = 190  # least height of a map above a panel, beside which its tools and legend are
_PRESENTED_PANEL = 180  # height below the map
# What is beside the data of the map (an axis), and above and below (toolbar, axis, legend).
_BESIDE_DATA, _AROUND_DATA = 62, 130
# The same of a map above a panel: tools and legend are then a column beside it.
_BESIDE_LOW, _AROUND_LOW = _BESIDE_DATA + 133, 52
_LEAST_SHARE, _MOST_SHARE = 0.48, 0.62  # of the view's width, for the map while no panel is beside it
_MOST_LEFT = 0.36  # of the view's width, for image and sliders beside a map with a panel
_PANEL = (400, 248)  # that is good for a panel
_PANEL_SHARE = 0.36  # of the height, if that is more
_STEADY = 12  # a panel changes its place only if that makes the map this much larger


@dataclass(frozen=True)
class Arrangement:
    """Where the parts of the Latent view are.

    stacked: the map is below image and sliders, because both do not fit beside each other
    right:   width of the map, with a panel that is beside it
    beside:  the open panel is beside the map, otherwise below it
    panel:   width of a panel beside the map, height of one below it; 0 while none is open
    corner:  the map's tools and legend are a column beside it, because it has more width than height
    """

    stacked: bool
    right: int
    beside: bool = False
    panel: int = 0
    corner: bool = False


def arrange(
    width: int,
    height: int,
    *,
    explorer: int,
    tabs: int,
    is_open: bool,
    was_beside: bool = False,
    presented: bool = False,
) -> Arrangement:
    """Divide a view of this size.

    explorer:   least width of image and sliders
    tabs:       height of the row of tabs, which is below the map
    is_open:    whether a panel is shown
    was_beside: where it was: at a width at which both places are as good it stays, so that a window that is
                dragged slowly does not flicker between the two
    presented:  whether it is a presentation, in which a panel needs more height
    """
    stacked = width < explorer + GAP + LEAST_MAP[0]
    right = width if stacked else min(_width_for_map(width, height, tabs), width - GAP - explorer)
    if not is_open:
        return Arrangement(stacked, right)
    above = _above_panel(right, height, tabs, presented)
    if stacked:  # the height of the map is then not the view's: it follows from what its parts need
        return Arrangement(stacked, right, False, above.panel, corner=True)
    high = height - tabs - _AROUND_DATA
    rest = width - GAP - SPLIT - MAP_SQUARE - _BESIDE_DATA  # for image and sliders, and the panel
    panel = _within(rest - explorer, LEAST_PANEL[0], _PANEL[0])
    # Of what is left, image and map get one half each.
    most = max(explorer, min(width - GAP - right, _MOST_LEFT * width))
    left = _within(explorer + (rest - panel - explorer) / 2, explorer, most)
    right_beside = width - GAP - left
    panel = max(panel, right_beside - SPLIT - max(_BESIDE_DATA + high, LEAST_MAP[0] + _STEADY))
    map_beside = right_beside - SPLIT - panel
    square_beside = min(map_beside - _BESIDE_DATA, high)
    if was_beside:
        beside = map_beside >= LEAST_MAP[0] and square_beside > above.square - _STEADY
    else:
        beside = map_beside >= LEAST_MAP[0] + _STEADY and square_beside > above.square + _STEADY
    if beside:
        return Arrangement(stacked, right_beside, True, panel)
    return Arrangement(stacked, right, False, above.panel, above.corner)


@dataclass(frozen=True)
class _Above:
    """A map above a panel: the side of its square, whether its tools are beside it, the panel's height."""

    square: int
    corner: bool
    panel: int


def _above_panel(right: int, height: int, tabs: int, presented: bool) -> _Above:
    """The larger map of those with its tools above it and beside it."""
    # A lower panel before a smaller map, and a wider one where the map cannot use the width.
    least, most = _PRESENTED_PANEL if presented else LEAST_PANEL[1], max(_PANEL[1], _PANEL_SHARE * height)
    found = []
    for corner, beside, around in ((False, _BESIDE_DATA, _AROUND_DATA), (True, _BESIDE_LOW, _AROUND_LOW)):
        high = height - tabs - around - SPLIT
        panel = _within(high - min(MAP_SQUARE, right - beside), least, most)
        found.append(_Above(min(right - beside, high - panel), corner, panel))
    return max(found, key=lambda one: one.square)


def _width_for_map(width: int, height: int, tabs: int) -> int:
    """As wide as makes the highest map a square, as far as image and sliders need no more."""
    square = height - tabs - _AROUND_DATA + _BESIDE_DATA
    return max(LEAST_MAP[0], round(_within(square, _LEAST_SHARE * width, _MOST_SHARE * width)))


def _within(length: float, least: float, most: float) -> int:
    return round(max(least, min(most, length)))
