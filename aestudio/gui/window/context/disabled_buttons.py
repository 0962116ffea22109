"""Right clicks on buttons that are off: Qt lets such a button take the click, and opens no menu for it.

Just there one wants to know what it is and why it is off. The native window gets each click before that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow


class DisabledButtons(QObject):
    """Watches one window.

    clicked(QWidget, QPoint): the window, and the place on the screen, of a right click on such a button
    """

    clicked = Signal(QWidget, QPoint)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._native: QWindow | None = None
        self._pressed: QAbstractButton | None = None
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the native window, which is there once the window is shown; take none of its events."""
        if watched is self._window:
            if event.type() in (QEvent.Type.Show, QEvent.Type.WinIdChange):
                self._follow(self._window.windowHandle())
        elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.RightButton:
            self._note(event)
        return False

    def _follow(self, native: QWindow | None) -> None:
        if native is not None and native is not self._native:
            self._native = native
            native.installEventFilter(self)

    def _note(self, event: QMouseEvent) -> None:
        """Open when the mouse is released where it was pressed: before, the release would close the menu."""
        at = event.globalPosition().toPoint()
        under = self._window.childAt(self._window.mapFromGlobal(at))
        found = under if isinstance(under, QAbstractButton) and not under.isEnabled() else None
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed = found
        elif event.type() == QEvent.Type.MouseButtonRelease:
            if found is not None and found is self._pressed:
                self.clicked.emit(self._window, at)
            self._pressed = None
