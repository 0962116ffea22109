"""The part of a plot that is moved and zoomed by hand, within limits around what there is to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.gui.plots.ranges import Range

MOST = 5.0
"""So many times as wide as all of it a view can become."""
LEAST = 1e-5
"""A view can become as narrow as this share of all of it: neighbouring ticks still have different numbers."""
_RESOLUTION = 1e-10
"""Of the numbers themselves: where all of it is narrower than that, doubles cannot tell places apart."""


class PlotBox(pg.ViewBox):
    """A view box without a menu of its own that knows what all of it is, and never goes far from there.

    Whatever asks for another view (wheel, drag, keys, program), its middle stays within one width of all of
    it, and its width between `LEAST` and `MOST` times that. With a locked aspect the direction counts that
    fills more of the view.
    """

    def __init__(self, lock_aspect: bool = False) -> None:
        self._home: list[Range] = [(0.0, 1.0), (0.0, 1.0)]
        super().__init__(enableMenu=False, lockAspect=lock_aspect)

    @property
    def home(self) -> tuple[Range, Range]:
        """All there is to show along x and y, in the view's coordinates."""
        return self._home[0], self._home[1]

    def set_home(self, x: Range | None = None, y: Range | None = None) -> None:
        """Say what there is to show; the view itself stays where it is. Ranges are finite and not empty."""
        for axis, wanted in enumerate((x, y)):
            if wanted is not None and wanted[1] > wanted[0]:
                self._home[axis] = wanted

    def inside(self, at: QPointF) -> QPointF:
        """The place nearest to `at` to which the middle of the view can go."""
        x, y = (_clamp(value, *self._middles(axis)) for axis, value in enumerate((at.x(), at.y())))
        return QPointF(x, y)

    def scaleBy(
        self,
        s: Any = None,
        center: Any = None,
        x: float | None = None,
        y: float | None = None,
    ) -> None:
        """Zoom by factors, as far as the limits go; at a limit the view stands still."""
        wanted = [x, y] if s is None else [s[0], s[1]]
        target = self.targetRect()
        widths = (target.width(), target.height())
        if self._locked:
            # pyqtgraph takes one factor for both directions
            wanted = [wanted[1] if wanted[0] is None else wanted[0]] * 2
        scaled = [
            None if factor is None else (0.0, width * factor)
            for factor, width in zip(wanted, widths, strict=True)
        ]
        rest = self._scales(scaled)
        x, y = (None if factor is None else factor * more for factor, more in zip(wanted, rest, strict=True))
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
        """Show this, or as much of it as lies within the limits."""
        if rect is not None:
            xRange = (rect.left(), rect.right()) if xRange is None else xRange  # noqa: N806
            yRange = (rect.top(), rect.bottom()) if yRange is None else yRange  # noqa: N806
        wanted = [None if one is None else (float(min(one)), float(max(one))) for one in (xRange, yRange)]
        scales = self._scales(wanted)
        found = [
            None if one is None else self._placed(axis, one, scale)
            for axis, (one, scale) in enumerate(zip(wanted, scales, strict=True))
        ]
        super().setRange(
            xRange=found[0],
            yRange=found[1],
            padding=padding,
            update=update,
            disableAutoRange=disableAutoRange,
        )

    @property
    def _locked(self) -> bool:
        return self.state["aspectLocked"] is not False

    def _scales(self, wanted: Sequence[Range | None]) -> list[float]:
        """By which factor each of these ranges is too narrow (over 1) or too wide (under 1)."""
        shares = [
            None if one is None or one[1] <= one[0] else (one[1] - one[0]) / (home[1] - home[0])
            for one, home in zip(wanted, self._home, strict=True)
        ]
        if self._locked:
            # The direction that fills more of the view decides: data can be long and narrow.
            known = [share for share in shares if share is not None]
            shares = [min(known, default=None)] * 2
        return [1.0 if share is None else _clamp(share, self._least, MOST) / share for share in shares]

    def _placed(self, axis: int, wanted: Range, scale: float) -> Range:
        half = (wanted[1] - wanted[0]) / 2 * scale
        middle = (wanted[0] + wanted[1]) / 2
        placed = _clamp(middle, *self._middles(axis))
        if placed == middle and scale == 1.0:
            return wanted  # to the last bit
        return placed - half, placed + half

    @property
    def _least(self) -> float:
        """Of all of it, what a view shows at least."""
        coarsest = max(max(abs(low), abs(high)) / (high - low) for low, high in self._home)
        return max(LEAST, min(1.0, coarsest * _RESOLUTION))

    def _middles(self, axis: int) -> Range:
        """Where the middle of the view may be."""
        low, high = self._home[axis]
        width = max(top - bottom for bottom, top in self._home) if self._locked else high - low
        return low - width, high + width


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
