"""A page of a stack that scrolls if its content does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.layouts import column

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout


class _Page(QWidget):
    """Scrolls only if the minimum height of its content does not fit.

    With a wrapping text, a scroll area uses the preferred height of its content. That of plots and image
    grids is large, although they work at a small height.
    """

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)


def add_scroll_page(stack: QStackedWidget, across: bool = False) -> QVBoxLayout:
    """Add a page to the stack and return the layout of its content.

    across: scroll horizontally, too; otherwise the content is as wide as the stack
    """
    page = _Page()
    set_role(page, "content")
    layout = column(gap=None, on=page)
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
