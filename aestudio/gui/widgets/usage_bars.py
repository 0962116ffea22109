"""A histogram of entries in order of use, each bar in the entry's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aestudio.gui.theme.entry_colours import entry_colour
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHelpEvent, QPaintEvent

_HEIGHT = 44
_PERCENT = 100


class UsageBars(QWidget):
    """Bars from the most frequent entry to those that are never taken, which leave an empty stretch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[int, ...] = ()
        self._shares: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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
        return QSize(current_theme().px(80), self.sizeHint().height())

    def bar_rect(self, index: int) -> QRectF:
        """The rectangle of a bar; at least one device-independent pixel high if the entry is taken at all."""
        width = self.width() / max(1, len(self._shares))
        base = self.height() - 1
        highest = max(self._shares, default=0.0)
        share = self._shares[index]
        height = max(1.0, base * share / highest) if share > 0 else 0.0
        gap = 1.0 if width >= 4 else 0.0
        return QRectF(index * width, base - height, max(1.0, width - gap), height)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._shares:
            help_event: QHelpEvent = event  # type: ignore[assignment]
            index = min(len(self._shares) - 1, int(help_event.pos().x() * len(self._shares) / self.width()))
            text = self.tr("Entry {}: {} % of all places").format(
                self._entries[index], f"{_PERCENT * self._shares[index]:.2g}"
            )
            QToolTip.showText(help_event.globalPos(), f"{text}\n{self.toolTip()}", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            for index, entry in enumerate(self._entries):
                painter.fillRect(self.bar_rect(index), QColor(entry_colour(entry)))
            painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(theme.line))
