"""Tells when a window has painted its first frame and is back in its event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Calls `then` once, when the first frame of a top-level window is painted.

    The window system's exposing of the window is waited for, in which Qt paints all of it; the widget
    itself gets no paint event where its children cover it.

    patience: milliseconds after which `then` is called anyway: a window that starts minimised is not
    painted
    """

    def __init__(self, window: QWidget, then: Callable[[], object], patience: int = 1_000) -> None:
        super().__init__(window)
        self._then: Callable[[], object] | None = then
        self._window = window
        window.installEventFilter(self)
        QTimer.singleShot(patience, self, self._done)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything pass: first the widget's show event, then its window's expose event."""
        if event.type() == QEvent.Type.Show and watched is self._window:
            self._window.removeEventFilter(self)
            self._window.windowHandle().installEventFilter(self)
        elif event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._done)
        return False

    @Slot()
    def _done(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
