"""A column of widgets that scrolls if it is higher than its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.layouts import Item, boxed, column

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QVBoxLayout

_GAP = 4  # logical pixels between the content and the scroll bar


class ScrollColumn(QScrollArea):
    """Uses the whole width while everything fits; `content` is the layout of its items."""

    def __init__(self, *items: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content: QVBoxLayout = column(*items)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(boxed(self.content, "content"))
        self.verticalScrollBar().rangeChanged.connect(self._leave_gap)

    def reveal(self, part: QWidget, area_of: Callable[[], QRect]) -> None:
        """Scroll as far as needed to show an area of a part, its top if it is higher than the view.

        area_of: called when everything that has just been shown or hidden is laid out
        """
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        area = area_of()
        content = self.widget()
        assert content is not None  # boxed in __init__
        top = part.mapTo(content, QPoint(0, area.top())).y()
        height, bar = self.viewport().height(), self.verticalScrollBar()
        lowest = min(top, top + area.height() - height)
        bar.setValue(min(top, max(lowest, bar.value())))

    def _leave_gap(self, _lowest: int, highest: int) -> None:
        self.content.setContentsMargins(0, 0, current_theme().px(_GAP) if highest else 0, 0)
