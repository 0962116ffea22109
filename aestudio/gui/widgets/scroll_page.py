"""A page of a stack that scrolls if its content does not fit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from aestudio.gui.theme.style import set_role


class _Page(QWidget):
    """Scrolls only where the least height of its content is more than there is.

    Where a text wraps, Qt asks for the height that the content would like to have: plots and grids of digits
    would like much, and get along with little.
    """

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)


def add_scroll_page(stack: QStackedWidget, across: bool = False) -> QVBoxLayout:
    """A new page of the stack; the layout takes its content, whose parts never lie over each other.

    across: scroll sideways, too; without, the content is as wide as the stack
    """
    page = _Page()
    set_role(page, "content")
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    if not across:
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(page)
    set_role(scroll, "bare")
    stack.addWidget(scroll)
    return layout
