"""A page of a stack that scrolls if its content does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.layouts import column

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QVBoxLayout

_MOST_NESTED = 8


class _Page(QWidget):
    """Scrolls only if the minimum height of its content does not fit.

    With a wrapping text, a scroll area uses the preferred height of its content. That of plots and image
    grids is large, although they work at a small height.
    """

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)


class _ScrollArea(QScrollArea):
    """Stops if its page takes another size each time it is resized.

    Qt resizes the page again within each of its resizes, until it has the size that it wants. If that depends
    on the size it has, as with parts that are arranged otherwise in a narrow page, this has no end, and the
    process crashes when its stack is full.
    """

    def __init__(self) -> None:
        super().__init__()
        self._nested = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Qt adapt the page, a few times within each other at most."""
        if event.type() != QEvent.Type.Resize:
            return super().eventFilter(watched, event)
        if self._nested >= _MOST_NESTED:
            return False
        self._nested += 1
        try:
            return super().eventFilter(watched, event)
        finally:
            self._nested -= 1


def add_scroll_page(stack: QStackedWidget, across: bool = False) -> QVBoxLayout:
    """Add a page to the stack and return the layout of its content.

    across: scroll horizontally, too; otherwise the content is as wide as the stack
    """
    page = _Page()
    set_role(page, "content")
    layout = column(gap=None, on=page)
    scroll = _ScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    if not across:
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(page)
    set_role(scroll, "bare")
    stack.addWidget(scroll)
    return layout
