"""Shows a message in full above the status line, if it is too long for one line."""

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

    def __init__(self, line: StatusLine, parent: QWidget) -> None:
        super().__init__(parent)
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
        if not text or not self._line.message_is_cut:
            self._timer.stop()
            self.hide()
            return
        self.label.setText(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def _place(self) -> None:
        parent, px = self.parentWidget(), current_theme().px
        assert parent is not None
        width = min(parent.width() - px(32), px(_WIDEST))
        layout = self.layout()
        assert layout is not None
        height = layout.totalHeightForWidth(width)
        above = self._line.mapTo(parent, QPoint(0, 0)).y() if self._line.isVisible() else parent.height()
        self.setGeometry(parent.width() - width - px(16), above - height - px(4), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window; a line that is wide enough now needs no help."""
        if event.type() == QEvent.Type.Resize and watched is self.parent() and not self.isHidden():
            QTimer.singleShot(0, self, self._follow)
        return False

    def _follow(self) -> None:
        if self._line.message_is_cut:
            self._place()
        else:
            self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.hide()
