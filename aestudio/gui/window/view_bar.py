"""The bar above the view: the tabs, and what is on show, beside them or in a line of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabBar, QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length
from aestudio.gui.widgets.layouts import column, row
from aestudio.gui.window.model_header import ModelHeader

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import Theme

_GAP = 16


class ViewBar(QWidget):
    """Tabs on the left. The header is beside them if all of it fits there, and below them otherwise.

    first, last: buttons at both ends, which are hidden in most windows
    """

    def __init__(
        self,
        tabs: QTabBar,
        first: tuple[QWidget, ...] = (),
        last: tuple[QWidget, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tabs, self.header = tabs, ModelHeader()
        self._first, self._last = first, last
        self._below: bool | None = None
        self._stretched = False
        self._line = row(*first, tabs, *last, gap=None)
        self._place = len(first) + 1
        self._column = column(self._line, gap=None, on=self)
        keep_length(self, ViewBar._set_gaps)
        self.arrange()

    def _set_gaps(self, theme: Theme) -> None:
        self._line.setSpacing(theme.px(_GAP // 2))
        self._column.setSpacing(theme.px(2))
        self.arrange()

    @property
    def below(self) -> bool:
        """Whether the header has a line of its own."""
        return bool(self._below)

    def show_state(self, state: StudioState, *, comparison: bool) -> None:
        """Show what is on show."""
        if self.header.show_state(state, comparison=comparison):
            self.arrange()

    def arrange(self) -> None:
        """Put the header beside the tabs, or below them."""
        visible = [part for part in (*self._first, *self._last) if part.isVisibleTo(self)]
        gap = current_theme().px(_GAP // 2)
        taken = sum(part.sizeHint().width() + gap for part in visible) + self.tabs.sizeHint().width()
        below = taken + current_theme().px(_GAP) + self.header.needed_width > self.width()
        if below == self._below:
            return
        self._below = below
        for layout in (self._line, self._column):
            layout.removeWidget(self.header)
        if below:
            self._column.addWidget(self.header)
            self._line.insertStretch(self._place, 1)
        else:
            if self._stretched:
                self._line.takeAt(self._place)
            self._line.insertWidget(self._place, self.header, 1)
        self._stretched = below
        sides = Qt.AlignmentFlag
        self.header.set_alignment(sides.AlignLeft if below else sides.AlignRight)

    def minimumSizeHint(self) -> QSize:
        """The tabs decide, not the header, which can be shortened."""
        return QSize(self.tabs.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.arrange()
