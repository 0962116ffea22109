"""The frame around a widget that paints itself, while it has the focus by a key: the style sheet frames none
of these, and somebody without a mouse would not see where the keys go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QFocusEvent, QRegion
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

_WIDTH = 2  # logical pixels
_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_WINDOW = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class FocusRing(QWidget):
    """Lies over its parent's edge and takes no input. A click shows where the focus is: it needs no frame."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._wanted = False
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus and the size of the parent."""
        if watched is self.parent():
            if isinstance(event, QFocusEvent):
                self._follow(event)
            elif event.type() == QEvent.Type.Resize:
                self._place()
        return False

    def _follow(self, event: QFocusEvent) -> None:
        if event.reason() not in _WINDOW:  # another window or a menu is used, and it gets the focus back
            self._wanted = event.gotFocus() and event.reason() in _BY_KEY
        self._place()
        self.setVisible(self._wanted and event.gotFocus())
        self.raise_()

    def _place(self) -> None:
        """Cover the edge only: what moves inside is painted without this."""
        parent = self.parentWidget()
        if parent is None:
            return
        width = current_theme().px(_WIDTH)
        self.setGeometry(parent.rect())
        self.setMask(QRegion(self.rect()).subtracted(QRegion(self._inside(width))))

    def _inside(self, width: int) -> QRect:
        return self.rect().adjusted(width, width, -width, -width)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(event.rect(), QColor(current_theme().accent))
