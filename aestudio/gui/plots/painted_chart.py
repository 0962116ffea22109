"""The base of charts that paint themselves: a name, a table of their numbers, a figure for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting, write_hint

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QFont, QPainter, QPaintEvent
    from PySide6.QtWidgets import QWidget

_LEAST, _USUAL = QSize(320, 150), QSize(640, 360)


class PaintedChart(PaintedWidget):
    """Subclasses say whether there is something to show, paint it, and give its numbers."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: for screen readers, menus and files"""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._empty = ""

    def set_empty_text(self, text: str) -> None:
        """The sentence while there is nothing to show."""
        if text != self._empty:
            self._empty = text
            self.update()

    @property
    def has_content(self) -> bool:
        """Whether there is something to show."""
        raise NotImplementedError

    def table(self) -> ValueTable:
        """Its numbers."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """Paint what there is."""
        raise NotImplementedError

    def offer_at(self, at: QPoint | None) -> Offer:
        """The chart as a picture, a figure and a table."""
        text = "" if at is None else self.help_at(at) or ""
        if not self.has_content:
            return Offer(chart=self.accessibleName(), screen=self)
        return Offer(
            what=text,
            chart=self.accessibleName(),
            text=text,
            screen=self,
            figure=self.paper,
            values=self.table,
        )

    def sizeHint(self) -> QSize:
        px = current_theme().px
        return QSize(px(_USUAL.width()), px(_USUAL.height()))

    def minimumSizeHint(self) -> QSize:
        px = current_theme().px
        return QSize(px(_LEAST.width()), px(_LEAST.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.setFont(small_font())
            if self.has_content:
                self.paint(painter)
            else:
                write_hint(painter, self.rect(), self._empty)


def small_font() -> QFont:
    """The type of numbers and captions."""
    return font(current_theme(), current_theme().caption_size)


def small_metrics() -> QFontMetricsF:
    """Widths and heights in that type."""
    return QFontMetricsF(small_font())
