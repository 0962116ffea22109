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


class ScrollPage(QScrollArea):
    """A page, laid out by `content`, that scrolls if it does not fit.

    It stops if its page takes another size each time it is resized. Qt resizes the page again within each of
    its resizes, until it has the size that it wants. If that depends on the size it has, as with parts that
    are arranged otherwise in a narrow page, this has no end, and the process crashes when its stack is full.
    """

    def __init__(self, *, across: bool = False, parent: QWidget | None = None) -> None:
        """across: scroll horizontally, too; otherwise the content is as wide as the place"""
        super().__init__(parent)
        self._nested = 0
        page = _Page()
        set_role(page, "content")
        self.content: QVBoxLayout = column(gap=None, on=page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        if not across:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        set_role(self, "bare")

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


def scroll_to(widget: QWidget) -> None:
    """Scroll the page that a widget is on until it is visible, or as much of it as fits."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget, 0, 0)


def add_scroll_page(stack: QStackedWidget, across: bool = False) -> QVBoxLayout:
    """Add a page to the stack and return the layout of its content.

    across: scroll horizontally, too; otherwise the content is as wide as the stack
    """
    page = ScrollPage(across=across)
    stack.addWidget(page)
    return page.content
