"""The bar above the view: the tabs, and what is on show, beside them or in a line of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.window.model_header import ModelHeader

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState

_GAP, _LINE_GAP = 8, 2
_USUAL_HEADER = 572  # logical pixels: that of the shipped models and most others


class ViewBar(QWidget):
    """Tabs on the left. The header is beside them if all of it fits there, and below them otherwise.

    Its height follows from its width, so that what is below it is laid out once.

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
        self._first, self._last = (*first, tabs), last
        self._presented = False
        for part in (*first, tabs, self.header, *last):
            part.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def below(self) -> bool:
        """Whether the header has a line of its own."""
        return self._is_below(self.width())

    def show_state(self, state: StudioState, *, comparison: bool) -> None:
        """Show what is on show."""
        changed = state.presentation != self._presented
        self._presented = state.presentation
        if self.header.show_state(state, comparison=comparison) or changed:
            self.arrange()

    # ---- sizes ----------------------------------------------------------------------------------------

    def _shown(self, parts: tuple[QWidget, ...]) -> list[QWidget]:
        return [part for part in parts if not part.isHidden()]

    def _taken(self) -> int:
        """The width of the tabs and buttons, with a gap after each."""
        shown = self._shown((*self._first, *self._last))
        return sum(part.sizeHint().width() + current_theme().px(_GAP) for part in shown)

    def _is_below(self, width: int) -> bool:
        """Whether not all of it fits beside the tabs; in a usual window also if a longer title would not.

        Otherwise everything below would move when another model is shown.
        """
        px = current_theme().px
        needed = max(self.header.needed_width, 0 if self._presented else px(_USUAL_HEADER))
        return self._taken() + px(_GAP) + needed > width

    def _line(self) -> int:
        return max(part.sizeHint().height() for part in self._shown((*self._first, *self._last)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        below = self.header.sizeHint().height() + current_theme().px(_LINE_GAP)
        return self._line() + (below if self._is_below(width) else 0)

    def sizeHint(self) -> QSize:
        width = self._taken() + self.header.needed_width
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def minimumSizeHint(self) -> QSize:
        """The tabs decide, not the header, which can be shortened."""
        return QSize(self._taken(), self._line())

    # ---- layout ---------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Put the header beside the tabs, or below them."""
        self.updateGeometry()
        px, line = current_theme().px, self._line()
        left, right = 0, self.width()
        for part in self._shown(self._first):
            width = part.sizeHint().width()
            self._centre(part, left, width, line)
            left += width + px(_GAP)
        for part in reversed(self._shown(self._last)):
            width = part.sizeHint().width()
            self._centre(part, right - width, width, line)
            right -= width + px(_GAP)
        sides = Qt.AlignmentFlag
        if self.below:
            top, height = line + px(_LINE_GAP), self.header.sizeHint().height()
            self.header.setGeometry(0, top, self.width(), height)
            self.header.set_alignment(sides.AlignLeft)
        else:
            self.header.setGeometry(left + px(_GAP), 0, max(0, right - left - px(_GAP)), line)
            self.header.set_alignment(sides.AlignRight)

    @staticmethod
    def _centre(part: QWidget, left: int, width: int, line: int) -> None:
        height = min(line, part.sizeHint().height())
        part.setGeometry(left, (line - height) // 2, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def event(self, event: QEvent) -> bool:
        """Make place for a part that has changed its size."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return handled

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.arrange()
