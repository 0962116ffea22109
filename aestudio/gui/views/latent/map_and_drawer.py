"""The right part of the Latent view: the map, an open panel beside or below it, and the row of tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.views.latent.latent_arrangement import (
    LEAST_MAP,
    LEAST_PANEL,
    LOW_MAP,
    SPLIT,
    Arrangement,
)
from aestudio.gui.widgets.layouts import column, fill

if TYPE_CHECKING:
    from aestudio.gui.views.latent.drawer import Drawer

_TABS_GAP = 6


class MapAndDrawer(QWidget):
    """The row of tabs is always below, so that a tab that opens a panel stays under the pointer.

    The user drags the border between map and panel; that length is kept, each for a panel beside and below.
    """

    def __init__(self, map_panel: QWidget, drawer: Drawer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map, self._drawer = map_panel, drawer
        self._places = Arrangement(False, 0)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setProperty("role", "gap")
        self.splitter.setChildrenCollapsible(False)
        for index, part in enumerate((map_panel, drawer.stack)):
            # The proportions change only when the user drags the border, whatever the content.
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(index, 1 - index)
        column(fill(self.splitter), drawer, gap=_TABS_GAP, on=self)
        keep_length(self, lambda part, _: part._set_lengths())
        self.splitter.splitterMoved.connect(self._dragged)

    def sizeHint(self) -> QSize:
        """The smallest size: the view divides its width by other rules than what the parts would like."""
        return self.minimumSizeHint()

    def _set_lengths(self) -> None:
        px = current_theme().px
        self.splitter.setHandleWidth(px(SPLIT))
        self._map.setMinimumSize(px(LEAST_MAP[0]), px(self._least_map_height()))
        self._drawer.stack.setMinimumSize(*map(px, LEAST_PANEL))

    def _least_map_height(self) -> int:
        """Logical pixels at 100 %: a map above a panel has its tools beside it."""
        return LOW_MAP if self._places.corner else LEAST_MAP[1]

    @property
    def tabs_height(self) -> int:
        """The height of the row of tabs, with the gap above it, in logical pixels."""
        return self._drawer.tabs_height + current_theme().px(_TABS_GAP)

    def place(self, places: Arrangement, size: QSize) -> None:
        """Put an open panel where it is to be, in a part that is going to have this size."""
        self._places = places
        direction = Qt.Orientation.Horizontal if places.beside else Qt.Orientation.Vertical
        if direction != self.splitter.orientation():
            self.splitter.setOrientation(direction)
        least = current_theme().px(self._least_map_height())
        if self._map.minimumHeight() != least:
            self._map.setMinimumHeight(least)
        if self._drawer.is_open:
            length = size.width() if places.beside else size.height() - self.tabs_height
            panel = self._panel_length(length - self.splitter.handleWidth())
            self.splitter.setSizes([max(1, length - self.splitter.handleWidth() - panel), panel])

    def _panel_length(self, length: int) -> int:
        """The width or height of the panel, of what it shares with the map."""
        px, which = current_theme().px, 0 if self._places.beside else 1
        wanted = self._drawer.choices.length(self._places.beside) or self._places.panel
        of_map = px((LEAST_MAP[0], self._least_map_height())[which])
        return max(px(LEAST_PANEL[which]), min(px(wanted), length - of_map))

    def _dragged(self) -> None:
        if self._drawer.is_open:
            length = round(self.splitter.sizes()[1] / current_theme().scale)
            self._drawer.keep(self._drawer.choices.with_length(self._places.beside, length))
