"""Bars of counts beside each other: images of each class, or pixels of each grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QPaintEvent

_BARS, _LINE_GAP = 40, 3  # logical pixels: the height of the highest bar
_NAMED = 20  # logical pixels that a bar has at least, or only the first and the last are named


class CountBars(PaintedWidget):
    """A bar for each count, below it its name; where the bars are too thin, the first and the last name."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: for screen readers and copied tables"""
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._texts: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def counts(self) -> tuple[int, ...]:
        """The count of each bar, from the left."""
        return self._counts

    def show_counts(self, counts: Sequence[int], names: Sequence[str], texts: Sequence[str]) -> None:
        """Show these counts; texts: what a tooltip says of each."""
        self._counts, self._names, self._texts = tuple(counts), tuple(names), tuple(texts)
        self.setAccessibleDescription("; ".join(self._texts))
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(200), theme.px(_BARS) + self._line())

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(80), self.sizeHint().height())

    def _line(self) -> int:
        theme = current_theme()
        return QFontMetrics(font(theme, theme.caption_size)).height() + theme.px(_LINE_GAP)

    def _index_at(self, point: QPoint) -> int:
        """The bar there; -1 for none."""
        inside = bool(self._counts) and 0 <= point.x() < self.width()
        return int(point.x() * len(self._counts) / self.width()) if inside else -1

    def help_at(self, point: QPoint) -> str | None:
        """That of the bar there, if there is one."""
        index = self._index_at(point)
        return None if index < 0 else self._texts[index]

    def offer_at(self, at: QPoint | None) -> Offer:
        """The bars with their numbers."""
        name, index = self.accessibleName(), -1 if at is None else self._index_at(at)
        if not self._counts:
            return Offer(chart=name, screen=self)
        text = self._texts[index] if index >= 0 else ""
        return Offer(what=text, chart=name, text=text, screen=self, figure=self.paper, values=self._values)

    def _values(self) -> ValueTable:
        rows = [(name, f"{count}") for name, count in zip(self._names, self._counts, strict=True)]
        return ValueTable((self.tr("Name"), self.tr("Count")), rows)

    def bar_rect(self, index: int) -> QRectF:
        """The rectangle of a bar; at least a pixel high if there is anything in it."""
        bottom = self.height() - self._line()
        width = self.width() / len(self._counts)
        count = self._counts[index]
        height = max(1.0, bottom * count / max(1, *self._counts)) if count else 0.0
        gap = 2.0 if width >= 8 else 1.0 if width >= 4 else 0.0
        return QRectF(index * width, bottom - height, max(1.0, width - gap), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._counts:
            return
        theme = current_theme()
        with painting(self) as painter:
            colour = QColor(mix(theme.panel, theme.muted, 0.75))
            for index in range(len(self._counts)):
                painter.fillRect(self.bar_rect(index), colour)
            bottom = self.height() - self._line()
            painter.fillRect(QRectF(0, bottom, self.width(), 1), QColor(theme.line))
            painter.setFont(font(theme, theme.caption_size))
            painter.setPen(QColor(theme.muted))
            self._write_names(painter, QRectF(0, bottom + theme.px(_LINE_GAP), self.width(), self._line()))

    def _write_names(self, painter: QPainter, area: QRectF) -> None:
        width = self.width() / len(self._names)
        centre, top = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignTop
        metrics, right = painter.fontMetrics(), Qt.TextElideMode.ElideRight
        if width >= current_theme().px(_NAMED):
            for index, name in enumerate(self._names):
                text = metrics.elidedText(one_line(name), right, int(width))
                painter.drawText(QRectF(index * width, area.top(), width, area.height()), centre | top, text)
            return
        half = int(self.width() / 2)
        first, last = (metrics.elidedText(one_line(self._names[at]), right, half) for at in (0, -1))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | top, first)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | top, last)
