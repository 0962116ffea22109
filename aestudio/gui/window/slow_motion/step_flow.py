"""The way of the data through a step: a box for each part, with the one that happens now lit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent

_LINE, _GAP, _BETWEEN, _NAME = 30, 14, 6, 84  # logical pixels


class StepFlow(PaintedWidget):
    """One row of boxes for each phase, with arrows between; the first row begins with the batch.

    chosen(index): a box was clicked
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self._lit = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_rows(self, rows: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Show these rows: the name of each, "" for a single one, and the titles of its parts."""
        if rows != self._rows:
            self._rows = rows
            self.updateGeometry()
            self.update()

    def light(self, index: int) -> None:
        """Light the part of this number, counted through all rows."""
        self._lit = index
        titles = [title for _, row in self._rows for title in row]
        if index < len(titles):
            self.setAccessibleName(titles[index])
        self.update()

    @property
    def lit(self) -> int:
        """The number of the part that is lit."""
        return self._lit

    def sizeHint(self) -> QSize:
        theme, rows = current_theme(), max(1, len(self._rows))
        return QSize(theme.px(560), theme.px(_LINE * rows + _BETWEEN * (rows - 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(320), self.sizeHint().height())

    def box(self, index: int) -> QRectF:
        """Where the part of this number is painted."""
        theme, before = current_theme(), 0
        named = len(self._rows) > 1
        left = theme.px(_NAME) if named else 0
        most = max((len(titles) for _, titles in self._rows), default=1)
        width = (self.width() - left + theme.px(_GAP)) / most
        for number, (_, titles) in enumerate(self._rows):
            if index < before + len(titles):
                # Rows end at the same place: the batch is before all of them.
                place = index - before + (most - len(titles))
                top = number * theme.px(_LINE + _BETWEEN)
                return QRectF(left + place * width, top, width - theme.px(_GAP), theme.px(_LINE))
            before += len(titles)
        return QRectF()

    def _titles(self) -> list[str]:
        return [title for _, titles in self._rows for title in titles]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index in range(len(self._titles())):
            if self.box(index).contains(event.position()):
                self.chosen.emit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            index = 0
            for number, (name, titles) in enumerate(self._rows):
                painter.setFont(font(theme, theme.caption_size))
                painter.setPen(QColor(theme.muted))
                if len(self._rows) > 1:
                    top = number * theme.px(_LINE + _BETWEEN)
                    area = QRectF(0, top, theme.px(_NAME - 8), theme.px(_LINE))
                    metrics = painter.fontMetrics()
                    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(area.width()))
                    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
                for place, title in enumerate(titles):
                    self._paint_box(painter, index, title, joined=place > 0)
                    index += 1

    def _paint_box(self, painter: QPainter, index: int, title: str, *, joined: bool) -> None:
        theme, box, lit = current_theme(), self.box(index), index == self._lit
        passed = index < self._lit
        line = theme.accent if lit or passed else theme.line
        if joined:
            middle = box.center().y()
            painter.setPen(QPen(QColor(line), 1.5))
            painter.drawLine(
                int(box.left() - theme.px(_GAP) + 2), int(middle), int(box.left() - 2), int(middle)
            )
        fill = theme.accent if lit else mix(theme.panel, theme.accent, 0.18) if passed else theme.raised
        painter.setPen(QPen(QColor(line), 1))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        weight = QFont.Weight.Medium if lit else QFont.Weight.Normal
        painter.setFont(self._fitting(title, box.width() - 6, weight))
        painter.setPen(QColor(theme.on_accent if lit else theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)

    @staticmethod
    def _fitting(text: str, width: float, weight: QFont.Weight) -> QFont:
        """The font of a box, smaller if its word would be cut."""
        theme = current_theme()
        size = theme.body_size
        while size > 8 and QFontMetrics(font(theme, size, weight)).horizontalAdvance(text) > width:
            size -= 1
        return font(theme, size, weight)
