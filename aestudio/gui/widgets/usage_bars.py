"""A histogram of entries in order of use, each bar in the entry's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.entry_colours import entry_colour
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QPaintEvent

_HEIGHT, _LOWEST, _GAP = 44, 32, 6
_PERCENT = 100


class UsageBars(PaintedWidget):
    """Bars from the most frequent entry to those that are never taken, which leave an empty stretch.

    On the left stand 0 and the share of the highest bar.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[int, ...] = ()
        self._shares: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(self.tr("Usage of the entries"))

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each bar, from the left."""
        return self._shares

    def set_usage(self, entries: Sequence[int], shares: Sequence[float]) -> None:
        """Show these entries from the left, and how often each is taken, 0 to 1."""
        self._entries, self._shares = tuple(entries), tuple(shares)
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(240), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(80), theme.px(_LOWEST))

    def _numbers_width(self) -> int:
        """Of the numbers beside the bars; as wide as the longest, so that no bar moves when they change."""
        theme = current_theme()
        metrics = QFontMetrics(font(theme, theme.caption_size))
        return metrics.horizontalAdvance(self.tr("{} %").format("100")) + theme.px(_GAP)

    def bar_rect(self, index: int) -> QRectF:
        """The rectangle of a bar; at least one device-independent pixel high if the entry is taken at all."""
        left = self._numbers_width()
        width = (self.width() - left) / max(1, len(self._shares))
        base = self.height() - 1
        highest = max(self._shares, default=0.0)
        share = self._shares[index]
        height = max(1.0, base * share / highest) if share > 0 else 0.0
        gap = 1.0 if width >= 4 else 0.0
        return QRectF(left + index * width, base - height, max(1.0, width - gap), height)

    def help_at(self, point: QPoint) -> str | None:
        """That of the bar there, if there is one."""
        left, x = self._numbers_width(), point.x()
        index = int((x - left) * len(self._shares) / max(1, self.width() - left))
        if x < left or index >= len(self._shares):
            return None
        share = f"{_PERCENT * self._shares[index]:.2g}"
        text = self.tr("Entry {}: {} % of all places").format(self._entries[index], share)
        return f"{text}\n{self.toolTip()}"

    def offer_at(self, at: QPoint | None) -> Offer:
        """The bars with their numbers."""
        name = self.accessibleName()
        if not self._shares:
            return Offer(chart=name, screen=self)
        text = "" if at is None else (self.help_at(at) or "").split("\n")[0]
        return Offer(what=text, chart=name, text=text, screen=self, figure=self.paper, values=self._values)

    def _values(self) -> ValueTable:
        rows = list(zip(self._entries, (f"{_PERCENT * share:.3g} %" for share in self._shares), strict=True))
        return ValueTable((self.tr("Entry"), self.tr("Share of all places")), rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        left = self._numbers_width()
        with painting(self) as painter:
            for index, entry in enumerate(self._entries):
                painter.fillRect(self.bar_rect(index), QColor(entry_colour(entry)))
            painter.fillRect(QRectF(left, self.height() - 1, self.width() - left, 1), QColor(theme.line))
            if self._shares:
                self._write_numbers(painter)

    def _write_numbers(self, painter: QPainter) -> None:
        theme = current_theme()
        painter.setFont(font(theme, theme.caption_size))
        painter.setPen(QColor(theme.muted))
        area = QRectF(0, 0, self._numbers_width() - theme.px(_GAP), self.height())
        right, highest = Qt.AlignmentFlag.AlignRight, f"{_PERCENT * max(self._shares):.2g}"
        painter.drawText(area, right | Qt.AlignmentFlag.AlignTop, self.tr("{} %").format(highest))
        painter.drawText(area, right | Qt.AlignmentFlag.AlignBottom, "0")
