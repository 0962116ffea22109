"""Bars of the classes among samples, each in the colour that its class has on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_LEAST_BARS, _LINE_GAP, _BAR_GAP = 16, 2, 4
_NAMED = 24  # logical pixels that a bar has at least, or its name is left out
_PERCENT = 100


class ClassShares(PaintedWidget):
    """A sentence, below it a bar for each class with its name; a line is at the share of equal classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._shares: tuple[float, ...] = ()
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Classes among the samples"))

    @property
    def caption(self) -> str:
        """The sentence above the bars."""
        return self._caption

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each class, from the left."""
        return self._shares

    def show_shares(self, caption: str, names: tuple[str, ...] = (), shares: tuple[float, ...] = ()) -> None:
        """Show a sentence, and the share of each class, 0 to 1; without classes the sentence alone."""
        if (caption, names, shares) == (self._caption, self._names, self._shares):
            return
        self._caption, self._names, self._shares = caption, names, shares
        texts = (self._text(index) for index in range(len(names)))
        self.setAccessibleDescription("; ".join((caption, *texts)))
        self.update()

    def least_height(self) -> int:
        """Of the sentence, low bars and their names, in logical pixels."""
        return 2 * self._line() + current_theme().px(_LEAST_BARS)

    def sizeHint(self) -> QSize:
        return QSize(current_theme().px(240), self.least_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(80), self.least_height())

    def _line(self) -> int:
        theme = current_theme()
        return QFontMetrics(font(theme, theme.caption_size)).height() + theme.px(_LINE_GAP)

    def _text(self, index: int) -> str:
        share = f"{_PERCENT * self._shares[index]:.1f}"
        return self.tr("{}: {} %").format(one_line(self._names[index]), share)

    def _index_at(self, point: QPoint) -> int:
        """The class whose bar is there; -1 for none."""
        count = len(self._shares)
        inside = count > 0 and 0 <= point.x() < self.width() and point.y() >= self._line()
        return int(point.x() * count / self.width()) if inside else -1

    def help_at(self, point: QPoint) -> str | None:
        """That of the class there, if there is one."""
        index = self._index_at(point)
        return None if index < 0 else f"{self._text(index)}\n{self.toolTip()}"

    def offer_at(self, at: QPoint | None) -> Offer:
        """The bars with their numbers."""
        name = self.accessibleName()
        if not self._shares:
            return Offer(chart=name, screen=self)
        index = -1 if at is None else self._index_at(at)
        text = self._text(index) if index >= 0 else self._caption
        return Offer(what=text, chart=name, text=text, screen=self, figure=self.paper, values=self._values)

    def _values(self) -> ValueTable:
        pairs = zip(self._names, self._shares, strict=True)
        rows = [(name, f"{_PERCENT * share:.1f} %") for name, share in pairs]
        return ValueTable((self.tr("Class"), self.tr("Share")), rows)

    def bar_rect(self, index: int) -> QRectF:
        """The rectangle of a bar; at least a pixel high if there is any image of its class."""
        theme, count = current_theme(), len(self._shares)
        top, bottom = self._line(), self.height() - self._line()
        width, gap = self.width() / count, theme.px(_BAR_GAP)
        share = self._shares[index]
        height = (bottom - top) * share / self._highest()
        height = max(1.0, height) if share > 0 else 0.0
        return QRectF(index * width + gap / 2, bottom - height, max(1.0, width - gap), height)

    def _highest(self) -> float:
        """The share that fills the height: twice that of equal classes, or that of the highest bar."""
        return max(2 / len(self._shares), *self._shares)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            painter.setPen(QColor(theme.muted))
            right = Qt.TextElideMode.ElideRight
            caption = painter.fontMetrics().elidedText(self._caption, right, self.width())
            painter.drawText(QRectF(0, 0, self.width(), self._line()), Qt.AlignmentFlag.AlignLeft, caption)
            if self._shares:
                self._paint_bars(painter)

    def _paint_bars(self, painter: QPainter) -> None:
        theme, count = current_theme(), len(self._shares)
        top, bottom = self._line(), self.height() - self._line()
        for index in range(count):
            colour = theme.class_colours[index % len(theme.class_colours)]
            painter.fillRect(self.bar_rect(index), QColor(colour))
        painter.fillRect(QRectF(0, bottom, self.width(), 1), QColor(theme.line))
        equal = bottom - (bottom - top) / count / self._highest()
        painter.fillRect(QRectF(0, round(equal), self.width(), 1), QColor(theme.muted))
        width = self.width() / count
        if width < theme.px(_NAMED):
            return
        painter.setPen(QColor(theme.text))
        for index, name in enumerate(self._names):
            text = painter.fontMetrics().elidedText(one_line(name), Qt.TextElideMode.ElideRight, int(width))
            area = QRectF(index * width, bottom + theme.px(_LINE_GAP), width, self._line())
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
