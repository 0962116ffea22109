"""Resets the view of a plot: a button in its corner while the view is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QGraphicsItem, QGraphicsView


_MARGIN = 6


class ResetViewButton:
    """Belongs to one plot; the button calls `show_all`."""

    def __init__(self, plot: QGraphicsView, view_box: QGraphicsItem, show_all: Callable[[], None]) -> None:
        self._plot, self._view_box = plot, view_box
        self._show_all = show_all
        self.offered = False
        self.button = IconButton(
            "expand",
            QCoreApplication.translate("ResetViewButton", "Show all (Home, or double-click)"),
            plot,
            role="",
        )
        self.button.hide()
        self.button.clicked.connect(self._chosen)

    def offer(self, offered: bool) -> None:
        """Show the button, or hide it."""
        self.offered = offered
        if not offered and self._plot.window().focusWidget() is self.button:
            self._plot.setFocus()  # otherwise the focus jumps to the next widget
        self.button.setVisible(offered)
        if offered:
            self.place()

    def place(self) -> None:
        """In the upper right corner, between the axes."""
        if self.offered:
            margin = current_theme().px(_MARGIN)
            self.button.adjustSize()
            inside = self._plot.mapFromScene(self._view_box.sceneBoundingRect()).boundingRect()
            self.button.move(inside.right() - self.button.width() - margin, inside.top() + margin)
            self.button.raise_()

    def _chosen(self) -> None:
        self._show_all()
