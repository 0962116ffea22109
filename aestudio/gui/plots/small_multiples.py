"""A row of small plots with a common x axis, one for each loss term, in groups with a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.end_labels import EndRow
from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length, set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.plots.change_marks import ChangeMark
    from aestudio.gui.plots.curves import Curve
    from aestudio.gui.plots.ranges import Range

# Six of them fit beside each other at 1024 pixels, also beside an open sidebar.
_LEAST_HEIGHT, _LEAST_WIDTH = 92, 104
_GOOD_WIDTH, _NARROW_GAP = 128, 8  # narrower ones are closer to each other
# Making three plots blocks the window for 0.2 s (measured), so they are made one by one in advance.
_MADE_AHEAD = 3


class SmallPlot(NamedTuple):
    """What one plot shows.

    group: the heading over it and its neighbours of the same group, "" for none
    unit:  written behind the title if there is space for all, otherwise in its tooltip
    help:  the rest of its tooltip
    """

    title: str
    curves: tuple[Curve, ...]
    group: str = ""
    unit: str = ""
    help: str = ""

    @property
    def whole_title(self) -> str:
        """The title with its unit."""
        return f"{self.title} [{self.unit}]" if self.unit else self.title


class SmallMultiples(QWidget):
    """Titled plots side by side; moving or hovering over one moves the marks and the x axis of all.

    x_hovered, x_range_chosen: as in `CurvePlot`, for a large plot above the row with the same axis
    """

    x_hovered = Signal(object)
    x_range_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[_Cell] = []
        self._spare: list[_Cell] = []
        self._terms: tuple[SmallPlot, ...] = ()
        self._smoothing = 0.0
        self._logarithmic = False
        self._expected_end: float | None = None
        self._marker_x: float | None = None
        self._x_name = ""
        self._clipping = False
        self._changes: tuple[ChangeMark, ...] = ()
        self._row = row(gap=None, on=self)
        self._set_gap()
        QTimer.singleShot(0, self, self._make_ahead)

    @property
    def plots(self) -> tuple[CurvePlot, ...]:
        """The plots, in their order."""
        return tuple(cell.plot for cell in self._cells)

    def set_terms(self, terms: tuple[SmallPlot, ...]) -> None:
        """Show these plots; those of one group are neighbours."""
        while len(self._cells) < len(terms):
            self._add()
        while len(self._cells) > len(terms):
            cell = self._cells.pop()
            self._row.removeWidget(cell)
            cell.hide()
            cell.plot.set_curves(())
            cell.plot.set_x_range(None)
            self._spare.append(cell)
        grouped = any(term.group for term in terms)
        before = ""
        for cell, term in zip(self._cells, terms, strict=True):
            cell.set_group(term.group if term.group != before else "", grouped)
            before = term.group
            cell.title.setToolTip("\n".join(part for part in (term.whole_title, term.help) if part))
            cell.plot.setAccessibleName(
                f"{term.group}: {term.whole_title}" if term.group else term.whole_title
            )
            cell.plot.set_curves(term.curves)
        self._terms = terms
        self._set_gap()
        self._fit_titles()

    def minimumSizeHint(self) -> QSize:
        """With the smaller gap, whichever there is now."""
        px, count = current_theme().px, max(1, len(self._cells))
        width = count * px(_LEAST_WIDTH) + (count - 1) * px(_NARROW_GAP)
        return QSize(width, super().minimumSizeHint().height())

    def _set_gap(self) -> None:
        theme, count = current_theme(), max(1, len(self._cells))
        good = count * theme.px(_GOOD_WIDTH) + (count - 1) * theme.px(theme.margin)
        self._row.setSpacing(theme.px(theme.margin if self.width() >= good else _NARROW_GAP))

    def _fit_titles(self) -> None:
        """Write the units behind the titles if there is space for all of them."""
        if len(self._cells) != len(self._terms):
            return  # it is resized while plots are added
        between = self._row.spacing() * (len(self._cells) - 1)
        each = (self.width() - between) // max(1, len(self._cells))
        fits = all(
            cell.title.fontMetrics().horizontalAdvance(term.whole_title) <= each
            for cell, term in zip(self._cells, self._terms, strict=True)
        )
        for cell, term in zip(self._cells, self._terms, strict=True):
            cell.title.set_text(term.whole_title if fits else term.title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_gap()
        self._fit_titles()

    def name_x(self, name: str) -> None:
        """Say what x is: the plots have no title below their axes."""
        self._x_name = name
        for plot in self.plots:
            plot.name_x(name)

    def set_smoothing(self, weight: float) -> None:
        """As `CurvePlot.set_smoothing`, for all."""
        self._smoothing = weight
        for plot in self.plots:
            plot.set_smoothing(weight)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """As `CurvePlot.set_logarithmic`, for all."""
        self._logarithmic = logarithmic
        for plot in self.plots:
            plot.set_logarithmic(logarithmic)

    def set_clipping(self, clipping: bool) -> None:
        """As `CurvePlot.set_clipping`, for all."""
        self._clipping = clipping
        for plot in self.plots:
            plot.set_clipping(clipping)

    def set_changes(self, marks: tuple[ChangeMark, ...]) -> None:
        """As `CurvePlot.set_changes`, for all."""
        self._changes = marks
        for plot in self.plots:
            plot.set_changes(marks)

    def set_expected_end(self, x: float | None) -> None:
        """As `CurvePlot.set_expected_end`, for all."""
        self._expected_end = x
        for plot in self.plots:
            plot.set_expected_end(x)

    def set_x_range(self, shown: Range | None) -> None:
        """As `CurvePlot.set_x_range`, for all."""
        for plot in self.plots:
            plot.set_x_range(shown)

    def set_marker(self, x: float | None) -> None:
        """As `CurvePlot.set_marker`, for all."""
        self._marker_x = x
        for plot in self.plots:
            plot.set_marker(x)

    def set_hover_x(self, x: float | None) -> None:
        """As `CurvePlot.set_hover_x`, for all."""
        for plot in self.plots:
            plot.set_hover_x(x)

    def _add(self) -> None:
        cell = self._spare.pop() if self._spare else self._make()
        cell.plot.set_smoothing(self._smoothing)
        cell.plot.set_logarithmic(self._logarithmic)
        cell.plot.set_expected_end(self._expected_end)
        cell.plot.set_marker(self._marker_x)
        cell.plot.name_x(self._x_name)
        cell.plot.set_clipping(self._clipping)
        cell.plot.set_changes(self._changes)
        self._cells.append(cell)
        self._row.addWidget(cell, 1)
        cell.show()

    def _make(self) -> _Cell:
        cell = _Cell(self)
        cell.hide()
        cell.plot.x_hovered.connect(self._hovered)
        cell.plot.x_range_chosen.connect(self._chosen)
        return cell

    @Slot()
    def _make_ahead(self) -> None:
        """Make one plot per turn of the event loop, so that no event waits for more than one."""
        if len(self._cells) + len(self._spare) < _MADE_AHEAD:
            self._spare.append(self._make())
            QTimer.singleShot(0, self, self._make_ahead)

    def _hovered(self, x: float | None) -> None:
        self.set_hover_x(x)
        self.x_hovered.emit(x)

    def _chosen(self, shown: Range | None) -> None:
        source = self.sender()
        for plot in self.plots:
            if plot is not source:
                with QSignalBlocker(plot):
                    plot.set_x_range(shown)
        self.x_range_chosen.emit(shown)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "_row"):
            self._set_gap()


class _Cell(QWidget):
    """A title over a small plot, and over that the heading of its group in the group's first one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.group = PlainLabel(parent=self)
        set_role(self.group, "label")
        self.group.hide()
        self.title = ElidedLabel(parent=self)  # the plots must fit side by side
        self.title.set_mode(Qt.TextElideMode.ElideRight)
        self.values = EndRow(self)
        self.plot = CurvePlot(self, compact=True)
        self.plot.ends_changed.connect(self.values.set_labels)
        keep_length(
            self.plot,
            lambda plot, theme: plot.setMinimumSize(theme.px(_LEAST_WIDTH), theme.px(_LEAST_HEIGHT)),
        )
        column(self.group, self.title, self.values, fill(self.plot), gap=0, on=self)

    def set_group(self, heading: str, grouped: bool) -> None:
        """Show the heading; grouped: whether to keep its line free, as the first of the group needs it."""
        self.group.setText(heading)
        self.group.setVisible(grouped)
