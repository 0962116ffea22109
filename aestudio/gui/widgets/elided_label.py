"""A label that elides its text in the middle, and shows all of it in its tooltip.

superqt's QElidingLabel does not serve here: its size hint is that of the elided text, so that a narrow label
stays narrow, and each resize sets a text, which makes Qt lay out the window again. It also has no tooltip,
interprets markup and ignores font changes; a subclass would override nearly all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from aestudio.gui.theme.tokens import ColourRole

_LONGEST = 2000  # characters; more are never visible, and slow down each paint


class ElidedLabel(QWidget):
    """One line, elided in the middle (folders, run names): both ends of a path matter.

    `muted` draws it in the muted colour; `set_colour` in any other of the theme's. A tooltip that is set by
    `setToolTip` stays, below the whole text while that is elided.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None, *, muted: bool = False) -> None:
        super().__init__(parent)
        self._text = self._help = ""
        self._colour: ColourRole = "muted" if muted else "text"
        self._mode = Qt.TextElideMode.ElideMiddle
        self._side = Qt.AlignmentFlag.AlignLeft
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show a text, in one line and without control characters."""
        text = one_line(text, _LONGEST)
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._update_tooltip()
            self.updateGeometry()
            self.update()

    def offer_at(self, at: QPoint | None) -> Offer:
        """All of its text."""
        del at
        return Offer(text=self._text)

    def set_mode(self, mode: Qt.TextElideMode) -> None:
        """Choose where the text is elided; in the middle by default."""
        self._mode = mode
        self._update_tooltip()
        self.update()

    def set_alignment(self, side: Qt.AlignmentFlag) -> None:
        """Align the text; left by default."""
        self._side = side
        self.update()

    def set_colour(self, role: ColourRole) -> None:
        """Draw the text in this colour of the theme."""
        if role != self._colour:
            self._colour = role
            self.update()

    @property
    def text(self) -> str:
        return self._text

    @property
    def shown(self) -> str:
        """The text as shown, elided if it does not fit."""
        return self.fontMetrics().elidedText(self._text, self._mode, self.width())

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 1, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 6, self.fontMetrics().height() + 2)

    def setToolTip(self, text: str) -> None:
        self._help = text
        self._update_tooltip()

    def _update_tooltip(self) -> None:
        hidden = self.shown != self._text and self._text not in self._help
        parts = (self._text if hidden else "", self._help)
        super().setToolTip("\n".join(part for part in parts if part))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tooltip()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_tooltip()
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setFont(font(theme))
            colour: str = getattr(theme, self._colour) if self.isEnabled() else theme.disabled
            painter.setPen(QColor(colour))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self._side, self.shown)
