"""Curves over time: strong trends, pale raw values, and each curve's name at its end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal

from aestudio.gui.plots.change_marks import ChangeMark, ChangeMarks, colour_of_marks
from aestudio.gui.plots.clipped_points import ClippedPoints, Outside, outside
from aestudio.gui.plots.curves import Curve, CurveLines, Reading, middle_extent, x_extent, y_extent
from aestudio.gui.plots.end_labels import EndLabel, EndLabels
from aestudio.gui.plots.figure import Figure
from aestudio.gui.plots.numbers import short_number
from aestudio.gui.plots.overlay import table
from aestudio.gui.plots.plot_values import curve_values
from aestudio.gui.plots.ranges import Range, followed, padded, time_axis, union
from aestudio.gui.plots.smoothing import width_for
from aestudio.gui.plots.themed_plot import ThemedPlot
from aestudio.gui.plots.value_labels import value_label
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import colour_of
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.theme.tokens import Theme
    from aestudio.gui.widgets.offer import ValueTable

_MARKER_TEXT_AT = 0.06  # of the height: changed settings are named at the top
_MOST_CHANGES = 6  # in the read-out


class CurvePlot(ThemedPlot):
    """Several named curves with one x axis.

    x_hovered:      float while the mouse is over the plot, None after it left
    ends_changed:   the labels at the curves' ends; a compact plot does not show them itself
    x_range_chosen: (low, high) after the user zoomed or panned, None after the view was reset
    smoothed_over:  the half width of the present smoothing; less than what is set while curves are short
    """

    x_hovered = Signal(object)
    x_range_chosen = Signal(object)
    ends_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None, compact: bool = False) -> None:
        self._lines: list[CurveLines] = []
        self._smoothing = self.smoothed_over = 0.0
        self._logarithmic = False
        self._expected_end: float | None = None
        self._x_chosen = False
        self._y_chosen = False
        self._y_shown: Range | None = None
        self._everything = False
        self._clipping = False
        super().__init__(parent)
        self._x_name = ""
        self._end_labels = EndLabels(self.view_box)
        if compact:
            self._end_labels.hide()
            # Space for half of the last number of the x axis.
            self.set_right_margin(12)
        else:
            self.add_beside(self._end_labels)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._marks = pg.ScatterPlotItem(size=8, pxMode=True)
        self._marker_x: float | None = None
        self._marker_line = pg.InfiniteLine(angle=90, movable=False)
        self._marker_label = pg.InfLineLabel(
            self._marker_line, "", position=_MARKER_TEXT_AT, anchors=[(0, 0.5), (1, 0.5)]
        )
        self._marker_label.setVisible(not compact)
        self._changes = ChangeMarks(self.view_box, labelled=not compact)
        self._clipped = ClippedPoints(self.view_box, worded=not compact)
        for item in (self._cross, self._marks, self._marker_line):
            item.setZValue(5)
            item.hide()
            self.plot_item.addItem(item, ignoreBounds=True)
        self.view_box.sigXRangeChanged.connect(self._draw)
        self.view_box.sigRangeChanged.connect(self._mark_clipped)
        self.view_moved_by_user.connect(self._user_moved)
        self.setToolTip(
            self.tr(
                "Drag to move, wheel to zoom. Double-click or Home: everything from the first step on; "
                "once more: without the steep fall at the start."
            )
        )
        self._use_theme(anyway=True)

    def set_axis_titles(self, x: str, y: str) -> None:
        """Name what the axes show, with units: "Epochs", "Loss per image (nats)"; "" for no title."""
        self._x_name = x or self._x_name
        super().set_axis_titles(x, y)

    def set_curves(self, curves: tuple[Curve, ...]) -> None:
        """Show these curves; unchanged ones are not drawn again."""
        self._make_lines(len(curves))
        if not self._set_lines(curves):
            return
        self._style_lines()
        self._fit_ranges()
        self._draw()
        self._label_ends()

    def set_smoothing(self, half_width: float) -> None:
        """Smooth the strong lines of all curves over this width of x to each side; 0 for none.

        At first it is less: see `smoothed_over`.

        See `plots.smoothing`. The labels and the read-out show the values themselves, and the smoothed ones
        in brackets.
        """
        if half_width != self._smoothing:
            self._smoothing = half_width
            self._end_labels.keep_space_for_smoothed(half_width > 0)
            self._update_lines(fit_y=False)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Draw the y axis on a logarithmic scale; values that are not positive leave gaps."""
        if logarithmic != self._logarithmic:
            self._logarithmic = logarithmic
            self.left_axis.set_logarithmic(logarithmic)
            self._update_lines(fit_y=True)

    def set_expected_end(self, x: float | None) -> None:
        """Set the x at which the curves are expected to end, so that the axis need not grow."""
        if x != self._expected_end:
            self._expected_end = x
            self._fit_ranges()
            self._draw()

    def set_clipping(self, clipping: bool) -> None:
        """Leave outliers out of the range of y; the points that are then outside are marked at the edge."""
        if clipping != self._clipping:
            self._clipping = clipping
            self._update_lines(fit_y=True)

    def offer_at(self, at: QPoint | None) -> Offer:
        """As every plot, and whether spikes are left out of its range."""
        return Offer(commands=("curves.clip_outliers",)).inside(super().offer_at(at))

    @property
    def labels(self) -> tuple[EndLabel, ...]:
        """The names of the curves, each with its value: the last one, or that at the marker."""
        return self._end_labels.labels

    @property
    def clipped_text(self) -> str:
        """How many points are outside, and how far; "" if none are."""
        return self._clipped.text

    @property
    def changes(self) -> tuple[ChangeMark, ...]:
        """The marks of changed settings."""
        return self._changes.marks

    def set_changes(self, marks: tuple[ChangeMark, ...]) -> None:
        """Mark where settings were changed, in the order of their x; no curve is smoothed across a mark."""
        if marks != self._changes.marks:
            self._changes.set_marks(marks)
            self._update_lines(fit_y=False)

    def set_x_range(self, shown: Range | None) -> None:
        """Show this part of the x axis as if the user had chosen it; None shows all of it."""
        self._x_chosen = shown is not None
        self.set_moved(self._x_chosen or self._y_chosen)
        if shown is None:
            self._fit_ranges()
        else:
            self.view_box.setXRange(*shown, padding=0)
        self._draw()

    @property
    def marker_x(self) -> float | None:
        """The x of the vertical marker, or None."""
        return self._marker_x

    @property
    def marker_text(self) -> str:
        """What stands at the marker."""
        return self._marker_label.format if self._marker_x is not None else ""

    def set_marker(self, x: float | None, text: str = "") -> None:
        """Mark x, the shown step, whose values then stand beside the curves; None removes the mark."""
        if (x, text) == (self._marker_x, self._marker_label.format):
            return
        self._marker_x = x
        self._marker_line.setVisible(x is not None)
        self._marker_label.setFormat(text)
        if x is not None:
            self._marker_line.setPos(x)
        self._label_ends()

    def set_hover_x(self, x: float | None) -> None:
        """Mark x, which is hovered in another plot with the same x axis; None removes the mark."""
        values = [] if x is None else self._values_at(x)
        self._cross.setVisible(bool(values))
        self._marks.setVisible(bool(values))
        if values:
            self._cross.setPos(values[0][1].x)
            self._marks.setData(
                [reading.x for _, reading in values],
                [self._as_shown(reading.value) for _, reading in values],
                brush=[pg.mkBrush(self._colour(line)) for line, _ in values],
            )

    def fit(self) -> None:
        """Show all of x and y; the second time, y without the steep fall at the beginning."""
        chosen, self._x_chosen, self._y_chosen = self._x_chosen, False, False
        self.set_moved(False)
        self._everything = chosen or not self._everything
        self._y_shown = None
        self._fit_ranges()
        self._draw()
        if chosen:
            self.x_range_chosen.emit(None)

    def figure(self) -> Figure | None:
        """The curves with all their points, over the whole axes."""
        curves = self._curves()
        y = self._titles[1] or self.accessibleName()
        return Figure(curves, self._x_name, y, marks=self.changes) if curves else None

    def values(self) -> ValueTable:
        """A row for each x at which a curve has a point, a column for each curve."""
        return curve_values(self._curves(), self._x_name, self._titles[1] or self.accessibleName())

    def name_x(self, name: str) -> None:
        """Say what x is where the axis has no title."""
        self._x_name = name

    def _curves(self) -> tuple[Curve, ...]:
        return tuple(line.curve for line in self._lines if line.curve is not None and len(line.curve.x))

    def apply_theme(self, theme: Theme) -> None:
        """Set the colours of lines and marks."""
        if not hasattr(self, "_marks"):
            return
        self._cross.setPen(pg.mkPen(theme.control, width=1))
        self._marker_line.setPen(pg.mkPen(theme.text, width=1.5 * theme.scale))
        self._marker_label.setColor(theme.text)
        self._marker_label.setFont(font(theme, theme.caption_size))
        self._marks.setPen(pg.mkPen(theme.panel, width=1.5 * theme.scale))
        self._marks.setSize(theme.px(9))
        self._end_labels.apply_theme()
        self._changes.update()
        self._style_lines()
        self._mark_clipped()
        self._label_ends()

    def hover(self, at: QPointF) -> None:
        """Show the value of every curve at the mouse's x."""
        x = self.data_at(at).x()
        values = self._values_at(x)
        self.set_hover_x(x)
        self.x_hovered.emit(x)
        changed = self._changes.at(self.view_box.mapFromView(QPointF(x, 0.0)).x())
        if not values and not changed:
            self.read_out.hide()
            return
        nearest = min((reading.x for _, reading in values), key=lambda at: abs(at - x), default=x)
        heading = f"{self._x_name} {short_number(nearest)}".strip()
        step = self.tr("step {}")
        rows = [
            (colour_of_marks(current_theme(), (mark,)), mark.full_text, step.format(f"{mark.step:,}"))
            for mark in changed[:_MOST_CHANGES]
        ]
        rows += [
            (self._colour(line), line.curve.name, reading.text)
            for line, reading in values
            if line.curve is not None
        ]
        self.read_out.show_at(table(rows, heading), at.toPoint())

    def hover_ended(self) -> None:
        """Hide the marks and the read-out."""
        if self.read_out.isVisible() or self._cross.isVisible():
            self.read_out.hide()
            self.set_hover_x(None)
            self.x_hovered.emit(None)

    def _make_lines(self, count: int) -> None:
        while len(self._lines) < count:
            line = CurveLines()
            for item in (line.raw, line.strong, line.dots):
                self.plot_item.addItem(item, ignoreBounds=True)
            self._lines.append(line)
        while len(self._lines) > count:
            line = self._lines.pop()
            for item in (line.raw, line.strong, line.dots):
                self.plot_item.removeItem(item)
        if count == 0:
            self._y_shown = None
            self._end_labels.set_labels(())
            self.ends_changed.emit(())

    def _set_lines(self, curves: tuple[Curve, ...]) -> bool:
        ends = [end for curve in curves if len(curve.x) for end in (curve.x[0], curve.x[-1])]
        length = float(max(ends) - min(ends)) if ends else 0.0
        self.smoothed_over = width_for(self._smoothing, length, self._expected_end)
        changed = [
            line.set_curve(curve, self.smoothed_over, self._logarithmic, self._changes.places_of(curve.name))
            for line, curve in zip(self._lines, curves, strict=True)
        ]
        return any(changed)

    def _update_lines(self, fit_y: bool) -> None:
        self._set_lines(tuple(line.curve for line in self._lines if line.curve is not None))
        if fit_y:
            self._y_shown, self._y_chosen = None, False
            self.set_moved(self._x_chosen)
        self._fit_ranges()
        self._draw()
        self._label_ends()

    def _fit_ranges(self) -> None:
        x = x_extent(self._lines)
        extent_of = middle_extent if self._clipping else y_extent
        y = extent_of(self._lines, self._everything)
        x_axis = None if x is None else time_axis(x, self._expected_end)
        y_range = None if y is None else followed(self._y_shown, y)
        everything = y_extent(self._lines, True)
        self.view_box.set_home(x_axis, None if everything is None else union(padded(everything), y_range))
        if x_axis is not None and not self._x_chosen:
            self.view_box.setXRange(*x_axis, padding=0)
        if y_range is not None and not self._y_chosen and y_range != self._y_shown:
            self._y_shown = y_range
            self.view_box.setYRange(*y_range, padding=0)

    def _draw(self) -> None:
        (low, high), _ = self.view_box.viewRange()
        for line in self._lines:
            line.draw(low, high)
        self._mark_clipped()

    def _mark_clipped(self) -> None:
        """Mark the points outside the range of y, while that leaves outliers out."""
        if not self._clipping:
            self._clipped.show_points((), "")
            return
        x_range, y_range = self.view_box.viewRange()
        found = [
            outside(line.curve.x, line.shown_values(), tuple(x_range), tuple(y_range), self._colour(line))
            for line in self._lines
            if line.curve is not None
        ]
        self._clipped.show_points(found, self._clipped_line(found))

    def _clipped_line(self, found: list[Outside]) -> str:
        parts: list[str] = []
        above, below = sum(len(one.above) for one in found), sum(len(one.below) for one in found)
        if above:
            highest = short_number(self._as_value(max(one.highest for one in found if len(one.above))))
            parts.append(self.tr("{} above, up to {}").format(f"{above:,}", highest))
        if below:
            lowest = short_number(self._as_value(min(one.lowest for one in found if len(one.below))))
            parts.append(self.tr("{} below, down to {}").format(f"{below:,}", lowest))
        return self.tr("Points outside: {}").format("; ".join(parts)) if parts else ""

    def _as_value(self, shown: float) -> float:
        return 10.0**shown if self._logarithmic else shown

    def _style_lines(self) -> None:
        if self._theme is not None:
            for line in self._lines:
                line.apply_theme(self._theme)

    def _label_ends(self) -> None:
        extent = x_extent(self._lines)
        labels = [
            value_label(line, self._colour(line), self._as_shown, self._marker_x, extent)
            for line in self._lines
        ]
        self._end_labels.set_labels(tuple(label for label in labels if label is not None))
        self.ends_changed.emit(self._end_labels.labels)

    def _user_moved(self) -> None:
        self._x_chosen = self._y_chosen = True
        self.x_range_chosen.emit(tuple(self.view_box.viewRange()[0]))

    def _values_at(self, x: float) -> list[tuple[CurveLines, Reading]]:
        """Each curve's point nearest to x, unless it has no finite value there."""
        readings = [(line, line.value_at(x)) for line in self._lines]
        return [(line, at) for line, at in readings if at is not None and math.isfinite(at.value)]

    def _as_shown(self, value: float) -> float:
        if not self._logarithmic:
            return value
        return math.log10(value) if value > 0 else self.view_box.viewRange()[1][0]

    def _colour(self, line: CurveLines) -> str:
        return colour_of(current_theme(), line.curve.colour_role if line.curve else "text")
