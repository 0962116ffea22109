"""Tells when a window has painted its first frame and is back in its event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Calls `then` once, when the frame stands; Qt paints a window's children in the same go, after it.

    patience: milliseconds after which `then` is called anyway: a window that starts hidden or minimised
    is not painted
    """

    def __init__(self, window: QWidget, then: Callable[[], object], patience: int = 1_000) -> None:
        super().__init__(window)
        self._then: Callable[[], object] | None = then
        self._window = window
        window.installEventFilter(self)
        QTimer.singleShot(patience, self, self._done)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802 - Qt's signature
        """Let everything pass, and wait for the paint event."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._done)
        return False

    @Slot()
    def _done(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            self._window.removeEventFilter(self)
            then()
