"""Where a callout goes: beside what it points at, over as little as possible of what else counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPoint, QRect, QSize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Side = Literal["right", "left", "below", "above"]
SIDES: tuple[Side, ...] = ("right", "left", "below", "above")
# Shares of a side: where the arrow points to, and where on the callout it begins; the middle is preferred.
_SHARES = (0.5, 0.25, 0.75, 0.1, 0.9)


@dataclass(frozen=True)
class CalloutPlace:
    """The rectangle of a callout. side: of the target; None: on it. tip: where its arrow ends."""

    area: QRect
    side: Side | None
    tip: QPoint


def place_beside(
    target: QRect,
    size: QSize,
    bounds: QRect,
    free: Sequence[QRect] = (),
    *,
    sides: Sequence[Side] = SIDES,
    corner: int = 0,
) -> CalloutPlace:
    """The place beside a target that covers least of the rectangles to be left free; the first of equal ones.

    size:   of the callout with its arrow; it lies in the bounds, as far as it fits there
    sides:  in the order of preference; corner: length at the ends of a side at which no arrow begins

    Where no side has room it lies in a corner of the bounds, over as little as possible of the target.
    """
    beside = [one for side in sides for one in _beside(side, target, size, bounds, corner)]
    found = beside or list(_in_corners(target, size, bounds))
    return min(found, key=lambda one: _covered(one.area, free) + _covered(one.area, (target,)))


def _covered(area: QRect, others: Sequence[QRect]) -> int:
    """How many pixels of the others are under the area."""
    common = (area.intersected(other) for other in others)
    return sum(one.width() * one.height() for one in common if not one.isEmpty())


def _beside(side: Side, target: QRect, size: QSize, bounds: QRect, corner: int) -> Iterator[CalloutPlace]:
    """Places on this side, within the bounds, whose arrow meets the target."""
    across = side in ("right", "left")
    width, height = size.width(), size.height()
    left = {"right": target.right() + 1, "left": target.left() - width}.get(side, 0)
    top = {"below": target.bottom() + 1, "above": target.top() - height}.get(side, 0)
    for at in _SHARES:
        tip = QPoint(
            left if side == "right" else left + width if side == "left" else _at(target, at, across=False),
            _at(target, at, across=True) if across else top if side == "below" else top + height,
        )
        for share in _SHARES:
            area = QRect(left, top, width, height)
            if across:
                area.moveTop(_within(tip.y() - round(share * height), height, bounds.top(), bounds.height()))
            else:
                area.moveLeft(_within(tip.x() - round(share * width), width, bounds.left(), bounds.width()))
            start, length = (area.top(), height) if across else (area.left(), width)
            along = tip.y() if across else tip.x()
            if bounds.contains(area) and start + corner <= along <= start + length - corner:
                yield CalloutPlace(area, side, tip)


def _at(target: QRect, share: float, *, across: bool) -> int:
    if across:
        return target.top() + round(share * target.height())
    return target.left() + round(share * target.width())


def _within(start: int, length: int, first: int, space: int) -> int:
    """The start nearest to this one at which the length is in the space."""
    return max(first, min(start, first + space - length))


def _in_corners(target: QRect, size: QSize, bounds: QRect) -> Iterator[CalloutPlace]:
    size = size.boundedTo(bounds.size())
    for right in (True, False):
        for bottom in (True, False):
            area = QRect(bounds.topLeft(), size)
            if right:
                area.moveRight(bounds.right())
            if bottom:
                area.moveBottom(bounds.bottom())
            yield CalloutPlace(area, None, target.center())
