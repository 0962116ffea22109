"""The right part of the Latent view: the map, and the drawer below it or, if it is open, beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from aestudio.gui.theme.style import current_theme, keep_length

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.theme.tokens import Theme
    from aestudio.gui.views.latent.drawer import Drawer

# Logical pixels: a smaller map or panel would be of no use, so the view scrolls instead.
_MIN_WIDTH, _MIN_MAP, _MIN_PANEL = 368, 266, 150
_GAP = 8
_PANEL_HEIGHT, _PANEL_WIDTH = 248, 400  # of an open panel, if there is room
_PANEL_SHARE = 0.36  # of the height or width, if that is more
# What is beside the data of the map (an axis), and above and below: toolbar, axis, legend, closed drawer.
_BESIDE_DATA, _AROUND_DATA = 56, 172
_LEAST_SHARE, _MOST_SHARE = 0.48, 0.62  # of the view's width, for the map


def least_width() -> int:
    """The least width of the right part."""
    return current_theme().px(_MIN_WIDTH)


def width_for_map(view: QSize) -> int:
    """The width of the right part at a size of the view: as wide as makes the highest map a square."""
    px = current_theme().px
    square = view.height() - px(_AROUND_DATA) + px(_BESIDE_DATA)
    share = max(_LEAST_SHARE * view.width(), min(_MOST_SHARE * view.width(), square))
    return max(px(_MIN_WIDTH), round(share))


class MapAndDrawer(QSplitter):
    """The closed drawer is as high as its tabs. It opens where that leaves the larger square to the map."""

    def __init__(self, map_panel: QWidget, drawer: Drawer, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._map, self._drawer = map_panel, drawer
        self._shares: dict[Qt.Orientation, float] = {}  # of the drawer, as far as the user dragged it
        self.setHandleWidth(current_theme().px(_GAP))
        self.setProperty("role", "gap")
        self.setChildrenCollapsible(False)
        for index, part in enumerate((map_panel, drawer)):
            # The proportions change only when the user drags the splitter, whatever the content.
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self.addWidget(part)
            self.setStretchFactor(index, 1 - index)
        keep_length(map_panel, partial(_set_minimum_size, height=_MIN_MAP))
        self._set_drawer_limits()
        drawer.toggled.connect(self._arrange)
        self.splitterMoved.connect(self._dragged)

    def sizeHint(self) -> QSize:
        """The smallest size: the view divides its width by other rules than what the parts would like."""
        return self.minimumSizeHint()

    def _set_drawer_limits(self) -> None:
        theme, drawer = current_theme(), self._drawer
        drawer.setMinimumWidth(theme.px(_MIN_WIDTH))
        closed = drawer.closed_height
        if drawer.is_open:
            drawer.setMinimumHeight(closed + theme.px(_MIN_PANEL))
            drawer.setMaximumHeight(_UNLIMITED)
        else:
            drawer.setFixedHeight(closed)
        self.handle(1).setEnabled(drawer.is_open)

    def _arrange(self) -> None:
        """Choose where the drawer is, and how large, for the current size."""
        self._set_drawer_limits()
        below = self._open_length(Qt.Orientation.Vertical)
        beside = self._open_length(Qt.Orientation.Horizontal)
        gap = self.handleWidth()
        square_above = min(self.width(), self.height() - gap - below)
        square_beside = min(self.width() - gap - beside, self.height())
        fits_beside = self.width() - gap - beside >= current_theme().px(_MIN_WIDTH)
        wide = self._drawer.is_open and fits_beside and square_beside > square_above
        direction = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if direction != self.orientation():
            self.setOrientation(direction)
        length = self.width() if wide else self.height()
        own = (beside if wide else below) if self._drawer.is_open else self._drawer.closed_height
        self.setSizes([max(1, length - gap - own), own])

    def _open_length(self, direction: Qt.Orientation) -> int:
        """The height or width of the open drawer."""
        px, vertical = current_theme().px, direction == Qt.Orientation.Vertical
        length = self.height() if vertical else self.width()
        if direction in self._shares:
            return round(self._shares[direction] * length)
        own = px(_PANEL_HEIGHT) + self._drawer.closed_height if vertical else px(_PANEL_WIDTH)
        return max(own, round(_PANEL_SHARE * length))

    def _dragged(self) -> None:
        if self._drawer.is_open:
            first, own = self.sizes()
            self._shares[self.orientation()] = own / max(1, first + own + self.handleWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


_UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX


def _set_minimum_size(part: QWidget, theme: Theme, height: int) -> None:
    part.setMinimumSize(theme.px(_MIN_WIDTH), theme.px(height))
