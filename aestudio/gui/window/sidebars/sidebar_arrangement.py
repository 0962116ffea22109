"""Which sidebars are open, folded or over the view, and how wide: pure functions of choices and window.

Lengths are logical pixels at 100 % of the type.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Display = Literal["open", "over", "folded", "none"]
WindowSize = Literal["wide", "narrow", "small"]
Side = Literal[0, 1]
Both = tuple[bool, bool]

LEFT: Side = 0
RIGHT: Side = 1
WIDE = 1400  # from here on both sidebars are open, unless the user folds them
WITH_SIDEBARS = 1024  # below, a folded sidebar has no place either
VIEW = 692  # that a view needs, with the margins around it
FOLDED = 48
USUAL = (320, 240)
LEAST = (312, 240)  # in which nothing that they hold is cut
MOST = 720
_NONE: Both = (False, False)


@dataclass(frozen=True)
class SidebarChoices:
    """What the user wants, left and right.

    wide, narrow, small: which are open in a window of that size
    last:   the one that was opened last: it is open if only one fits
    widths: of the open ones
    """

    wide: Both = (True, True)
    narrow: Both = _NONE
    small: Both = _NONE
    last: Side = LEFT
    widths: tuple[int, int] = USUAL

    def opened(self, size: WindowSize) -> Both:
        """Which are open in a window of this size, if they fit."""
        both: Both = getattr(self, size)
        return both

    def with_opened(self, size: WindowSize, side: Side, opened: bool) -> SidebarChoices:
        """With this sidebar open or folded in windows of this size."""
        left, right = self.opened(size)
        both = (opened, right) if side == LEFT else (left, opened)
        changed = replace(self, **{size: both})
        return replace(changed, last=side) if opened else changed

    def with_width(self, side: Side, width: int) -> SidebarChoices:
        """With this width of a sidebar, as far as it is allowed."""
        width = max(LEAST[side], min(MOST, width))
        return replace(self, widths=(width, self.widths[1]) if side == LEFT else (self.widths[0], width))


def size_of(width: int, presentation: bool) -> WindowSize:
    """In a presentation the view has all the space: a sidebar that is opened lies over it."""
    if presentation or width < WITH_SIDEBARS:
        return "small"
    return "wide" if width >= WIDE else "narrow"


def displays(choices: SidebarChoices, width: int, presentation: bool = False) -> tuple[Display, Display]:
    """How each sidebar is shown in a window of this width.

    If only one fits, the other waits until there is space: it does not open because the first is folded. Its
    buttons give way, too, if the first needs their place.
    """
    size = size_of(width, presentation)
    wanted, first = choices.opened(size), choices.last
    second: Side = RIGHT if first == LEFT else LEFT
    if size == "small":
        found: dict[Side, Display] = {first: "over" if wanted[first] else "none", second: "none"}
    else:
        beside_buttons = LEAST[first] + FOLDED + VIEW <= width
        both_fit = LEAST[first] + LEAST[second] + VIEW <= width
        rest: Display = "folded" if beside_buttons or not wanted[first] else "none"
        found = {
            first: "open" if wanted[first] else "folded",
            second: "open" if wanted[second] and both_fit else rest,
        }
    return found[LEFT], found[RIGHT]


def widths(choices: SidebarChoices, shown: tuple[Display, Display], width: int) -> tuple[int, int]:
    """The width of each place beside the view; open ones leave the view what it needs."""
    found = [FOLDED if display == "folded" else 0 for display in shown]
    opened = [side for side in (LEFT, RIGHT) if shown[side] == "open"]
    space = width - VIEW - sum(found)
    for side in opened:
        others = sum(LEAST[other] for other in opened if other > side)
        found[side] = max(LEAST[side], min(choices.widths[side], space - others))
        space -= found[side]
    return found[LEFT], found[RIGHT]
