"""The part of a plot that the user moves and zooms, within limits around the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.gui.plots.ranges import Range

MOST = 5.0
"""A view is at most this many times as wide as the home range."""
LEAST = 1e-5
"""A view is at least this share of the home range: neighbouring ticks still have different numbers."""
_RESOLUTION = 1e-10
"""Relative to the numbers themselves: in a narrower range doubles cannot tell positions apart."""


class PlotBox(pg.ViewBox):
    """A view box without a menu that stays near its home range.

    Whatever changes the view (wheel, drag, keys, program), its middle stays within one width of the home
    range, and its width between `LEAST` and `MOST` times that width. With a locked aspect ratio the limits
    apply to the direction that fills more of the view.
    """

    def __init__(self, lock_aspect: bool = False) -> None:
        self._home: list[Range] = [(0.0, 1.0), (0.0, 1.0)]
        super().__init__(enableMenu=False, lockAspect=lock_aspect)

    @property
    def home(self) -> tuple[Range, Range]:
        """The range of all data along x and y, in the view's coordinates."""
        return self._home[0], self._home[1]

    def set_home(self, x: Range | None = None, y: Range | None = None) -> None:
        """Set the range of all data without moving the view. Ranges are finite and not empty."""
        for axis, requested in enumerate((x, y)):
            if requested is not None and requested[1] > requested[0]:
                self._home[axis] = requested

    def inside(self, at: QPointF) -> QPointF:
        """The point nearest to `at` that can become the middle of the view."""
        x, y = (_clamp(value, *self._middles(axis)) for axis, value in enumerate((at.x(), at.y())))
        return QPointF(x, y)

    def scaleBy(
        self,
        s: Any = None,
        center: Any = None,
        x: float | None = None,
        y: float | None = None,
    ) -> None:
        """Zoom by factors within the limits; at a limit the view does not move."""
        requested = [x, y] if s is None else [s[0], s[1]]
        target = self.targetRect()
        widths = (target.width(), target.height())
        if self._locked:
            # pyqtgraph takes one factor for both directions
            requested = [requested[1] if requested[0] is None else requested[0]] * 2
        scaled = [
            None if factor is None else (0.0, width * factor)
            for factor, width in zip(requested, widths, strict=True)
        ]
        rest = self._scales(scaled)
        x, y = (
            None if factor is None else factor * more for factor, more in zip(requested, rest, strict=True)
        )
        super().scaleBy(x=x, y=y, center=center)

    def setRange(
        self,
        rect: QRectF | None = None,
        xRange: Any = None,  # noqa: N803
        yRange: Any = None,  # noqa: N803
        padding: float | None = None,
        update: bool = True,
        disableAutoRange: bool = True,  # noqa: N803
    ) -> None:
        """Show this range, or as much of it as the limits allow."""
        if rect is not None:
            xRange = (rect.left(), rect.right()) if xRange is None else xRange  # noqa: N806
            yRange = (rect.top(), rect.bottom()) if yRange is None else yRange  # noqa: N806
        requested = [None if one is None else (float(min(one)), float(max(one))) for one in (xRange, yRange)]
        scales = self._scales(requested)
        ranges = [
            None if one is None else self._placed(axis, one, scale)
            for axis, (one, scale) in enumerate(zip(requested, scales, strict=True))
        ]
        super().setRange(
            xRange=ranges[0],
            yRange=ranges[1],
            padding=padding,
            update=update,
            disableAutoRange=disableAutoRange,
        )

    @property
    def _locked(self) -> bool:
        return self.state["aspectLocked"] is not False

    def _scales(self, requested: Sequence[Range | None]) -> list[float]:
        """The factor that brings each range to the limits: above 1 if too narrow, below 1 if too wide."""
        shares = [
            None if one is None or one[1] <= one[0] else (one[1] - one[0]) / (home[1] - home[0])
            for one, home in zip(requested, self._home, strict=True)
        ]
        if self._locked:
            # The direction that fills more of the view decides: data can be long and narrow.
            known = [share for share in shares if share is not None]
            shares = [min(known, default=None)] * 2
        return [1.0 if share is None else _clamp(share, self._least, MOST) / share for share in shares]

    def _placed(self, axis: int, requested: Range, scale: float) -> Range:
        half = (requested[1] - requested[0]) / 2 * scale
        middle = (requested[0] + requested[1]) / 2
        placed = _clamp(middle, *self._middles(axis))
        if placed == middle and scale == 1.0:
            return requested  # to the last bit
        return placed - half, placed + half

    @property
    def _least(self) -> float:
        """The smallest share of the home range that a view can show."""
        coarsest = max(max(abs(low), abs(high)) / (high - low) for low, high in self._home)
        return max(LEAST, min(1.0, coarsest * _RESOLUTION))

    def _middles(self, axis: int) -> Range:
        """The range of the view's middle."""
        low, high = self._home[axis]
        width = max(top - bottom for bottom, top in self._home) if self._locked else high - low
        return low - width, high + width


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
