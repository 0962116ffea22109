"""The rate-distortion curve: the reconstruction error against the bits of the code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFont

from aestudio.gui.plots.curves import Curve
from aestudio.gui.plots.figure import Figure
from aestudio.gui.plots.numbers import short_number
from aestudio.gui.plots.overlay import table
from aestudio.gui.plots.ranges import extent, padded
from aestudio.gui.plots.themed_plot import ThemedPlot
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import ValueTable

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.plots.decimation import Floats
    from aestudio.gui.theme.tokens import Theme

_REACH_PIXELS = 16.0


class RateCurve(ThemedPlot):
    """Points (bits, error) joined by a line, one of them the current one.

    point_chosen: index of the point that was clicked
    """

    point_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bits: Floats = np.empty(0)
        self._errors: Floats = np.empty(0)
        self._names = ("", "")
        self._current: int | None = None
        super().__init__(parent)
        self._line = pg.PlotCurveItem(antialias=True)
        self._points = pg.ScatterPlotItem(pxMode=True)
        self._current_marker = pg.ScatterPlotItem(pxMode=True)
        for height, item in enumerate((self._line, self._points, self._current_marker)):
            item.setZValue(height)
            self.plot_item.addItem(item, ignoreBounds=True)
        self._value = pg.TextItem(anchor=(0, 1))
        self._value.setZValue(4)
        self._value.hide()
        self.plot_item.addItem(self._value, ignoreBounds=True)
        self.view_box.sigRangeChanged.connect(self._align_value)
        self.view_box.sigResized.connect(self._align_value)
        self.setToolTip(
            self.tr("Click a point to use its number of bits. Drag to move, wheel to zoom, Home for all.")
        )
        self._use_theme(anyway=True)

    def set_axis_titles(self, x: str, y: str) -> None:
        """Name both quantities with their units: "Bits per image", "Mean squared error per pixel"."""
        self._names = (x, y)
        super().set_axis_titles(x, y)

    def set_curve(self, bits: Floats, errors: Floats) -> None:
        """Set bits (N,), ascending, and errors (N,), in the unit of the axis title.

        Raises ValueError if the shapes differ.
        """
        if bits.shape != errors.shape or bits.ndim != 1:
            raise ValueError(
                f"bits and errors must be one-dimensional and alike, not {bits.shape}, {errors.shape}"
            )
        self._bits, self._errors = bits, errors
        self._line.setData(bits, errors)
        self._points.setData(bits, errors)
        self.set_current(None)
        self.fit()

    def set_current(self, index: int | None) -> None:
        """Mark the point of the current setting; raises IndexError for an index outside the curve."""
        if index is not None and not 0 <= index < len(self._bits):
            raise IndexError(f"the curve has {len(self._bits)} points, not one numbered {index}")
        self._current = index
        self._value.setVisible(index is not None)
        at = [] if index is None else [index]
        self._current_marker.setData(self._bits[at], self._errors[at])
        if index is not None:
            self._value.setPos(float(self._bits[index]), float(self._errors[index]))
            self._value.setText(short_number(float(self._errors[index])))
            self._align_value()

    def _align_value(self) -> None:
        """Write the value above and to the right of its point, or on the other side if it would be cut."""
        if self._current is None:
            return
        point = self.pixel_of(float(self._bits[self._current]), float(self._errors[self._current]))
        text = self._value.textItem.boundingRect()
        frame = self.mapFromScene(self.view_box.sceneBoundingRect()).boundingRect()
        left = point.x() + text.width() > frame.right()
        below = point.y() - text.height() < frame.top()
        self._value.setAnchor((1 if left else 0, 0 if below else 1))

    def fit(self) -> None:
        """Show all points, errors from zero."""
        x, y = extent(self._bits), extent(self._errors)
        self.set_moved(False)
        if x is not None and y is not None:
            across, up = padded(x), (0.0, max(y[1] * 1.12, 1e-9))
        else:  # an empty curve keeps no numbers of the previous one
            across, up = (0.0, 1.0), (0.0, 1.0)
        self.view_box.set_home(across, up)
        self.view_box.setRange(xRange=across, yRange=up, padding=0)

    def figure(self) -> Figure | None:
        """The curve with its points."""
        curve = Curve(self.accessibleName(), self._bits, self._errors)
        return Figure((curve,), *self._names, marked=True) if len(self._bits) else None

    def values(self) -> ValueTable:
        """Bits and error of each point."""
        rows = zip(self._bits.tolist(), self._errors.tolist(), strict=True)
        return ValueTable(self._names, list(rows))

    def apply_theme(self, theme: Theme) -> None:
        """Set the colours of the line, the points and the current point."""
        if not hasattr(self, "_value"):
            return
        self._line.setPen(pg.mkPen(theme.muted, width=2 * theme.scale))
        self._points.setPen(pg.mkPen(theme.panel, width=2 * theme.scale))
        self._points.setBrush(pg.mkBrush(theme.muted))
        self._points.setSize(theme.px(10))
        self._current_marker.setPen(pg.mkPen(theme.panel, width=3 * theme.scale))
        self._current_marker.setBrush(pg.mkBrush(theme.accent))
        self._current_marker.setSize(theme.px(19))
        self._value.setColor(theme.text)
        self._value.setFont(font(theme, theme.label_size, QFont.Weight.DemiBold))

    def hover(self, at: QPointF) -> None:
        """Show bits and error of the point under the mouse."""
        index = self._nearest(at)
        if index is None:
            self.read_out.hide()
            return
        theme = current_theme()
        rows = [
            (theme.raised, self._names[0], short_number(float(self._bits[index]))),
            (theme.raised, self._names[1], short_number(float(self._errors[index]))),
        ]
        self.read_out.show_at(table(rows), at.toPoint())

    def hover_ended(self) -> None:
        """Hide the read-out."""
        self.read_out.hide()

    def _nearest(self, at: QPointF) -> int | None:
        distances = [
            math.hypot(pixel.x() - at.x(), pixel.y() - at.y())
            for pixel in map(self.pixel_of, self._bits.tolist(), self._errors.tolist())
        ]
        best = min(range(len(distances)), key=distances.__getitem__, default=None)
        return best if best is not None and distances[best] <= _REACH_PIXELS else None

    def _clicked(self, event: MouseClickEvent) -> None:
        super()._clicked(event)
        if event.button() == Qt.MouseButton.LeftButton and not event.double():
            index = self._nearest(QPointF(self.mapFromScene(event.scenePos())))
            if index is not None:
                self.point_chosen.emit(index)
