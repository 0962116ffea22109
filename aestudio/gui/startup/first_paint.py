"""Calls a function when a window has painted its first frame and is back in its event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Calls `then` once, when the first frame of a top-level window is painted.

    It waits for the window's expose event, during which Qt paints the whole window. A paint event of the
    widget would not do: a widget that is covered by its children gets none.

    patience: milliseconds after which `then` is called in any case; a window that starts minimised is
              never painted
    """

    def __init__(self, window: QWidget, then: Callable[[], object], patience: int = 1_000) -> None:
        super().__init__(window)
        self._then: Callable[[], object] | None = then
        self._window = window
        window.installEventFilter(self)
        QTimer.singleShot(patience, self, self._done)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch for the widget's show event, then for its window's expose event; consume neither."""
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
