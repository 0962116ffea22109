"""A black screen over everything, as the key B of slide programs: the audience looks at the lecturer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QMouseEvent, QPaintEvent


class BlankScreen(QWidget):
    """Covers its window while it is shown; a click uncovers it. What runs goes on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAccessibleName(self.tr("The screen is blank: press B to see it again"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        window.installEventFilter(self)
        self.hide()

    @property
    def blank(self) -> bool:
        """Whether it covers the window."""
        return not self.isHidden()

    def set_blank(self, blank: bool) -> None:
        """Cover the window, or uncover it."""
        if blank:
            self.setGeometry(self.window().rect())
            self.raise_()
        self.setVisible(blank)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize and watched is self.parent() and self.blank:
            self.setGeometry(self.window().rect())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.set_blank(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(event.rect(), QColor("#000000"))
