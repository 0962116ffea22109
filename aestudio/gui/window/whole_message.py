"""Shows a message in full above the foot of the window, if the status line is too short, or hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.layouts import column
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.window.status_line import StatusLine

SECONDS = 20  # enough to read several lines
_WIDEST = 720


class WholeMessage(QFrame):
    """Lies over the view, so that nothing moves; a click, the next message or some seconds remove it."""

    def __init__(self, line: StatusLine, other_foot: QWidget, parent: QWidget) -> None:
        """other_foot: what is at the foot of the window while the status line is hidden"""
        super().__init__(parent)
        self._feet = (line, other_foot)
        set_role(self, "floating")
        self._line = line
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        column(self.label, margins=(12, 8, 12, 8), on=self)
        self.setToolTip(self.tr("A click closes this message"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(1000 * SECONDS)
        self._timer.timeout.connect(self.hide)
        line.message_changed.connect(self._show)
        parent.installEventFilter(self)
        self.hide()

    def _show(self, text: str) -> None:
        if not text or not self._is_needed():
            self._timer.stop()
            self.hide()
            return
        self.label.setText(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def _is_needed(self) -> bool:
        """Without a status line, in a presentation, only what the lecturer has to know."""
        return self._line.message_is_cut if self._line.isVisible() else self._line.tone in ("warn", "bad")

    def _place(self) -> None:
        parent, px = self.parentWidget(), current_theme().px
        assert parent is not None
        width = min(parent.width() - px(32), px(_WIDEST))
        layout = self.layout()
        assert layout is not None
        height = layout.totalHeightForWidth(width)
        foot = next((part for part in self._feet if part.isVisible()), None)
        above = parent.height() if foot is None else foot.mapTo(parent, QPoint(0, 0)).y()
        self.setGeometry(parent.width() - width - px(16), above - height - px(4), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window; a line that is wide enough now needs no help."""
        if event.type() == QEvent.Type.Resize and watched is self.parent() and not self.isHidden():
            QTimer.singleShot(0, self, self._follow)
        return False

    def _follow(self) -> None:
        if self._is_needed():
            self._place()
        else:
            self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.hide()
