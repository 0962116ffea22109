"""A slider over the checkpoints of a run's history, evenly spaced; its right end is the newest step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor

from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

_PAGE = 5
_MINIMUM_TICK_DISTANCE = 3  # logical pixels; closer ticks could not be distinguished


class HistorySlider(FineSlider):
    """Positions 0 ... count: the checkpoints, then the newest step.

    `moved(position)` is emitted only after an action of the user. Checkpoints are evenly spaced, which is
    nearly logarithmic in their steps: the fast changes at the beginning of a training get more space.
    """

    count_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked: tuple[int, ...] = ()
        self.setRange(0, 1)
        self.setSingleStep(1)
        self.setPageStep(_PAGE)

    def set_checkpoints(self, count: int, marked: tuple[int, ...] = ()) -> None:
        """Set the number of checkpoints; those at `marked` positions begin an epoch and get a longer tick."""
        self._marked = marked
        if count != self.maximum():
            self._blocked = True
            self.setRange(0, max(1, count))
            self._blocked = False
            self.count_changed.emit(count)
        self.update()

    def _x(self, position: int) -> float:
        left, right = self._ends()
        return left + (right - left) * position / self.maximum()

    def _position_at(self, x: float) -> int:
        left, right = self._ends()
        return round(min(1.0, max(0.0, (x - left) / (right - left))) * self.maximum())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_ticks()
        super().paintEvent(event)

    def _paint_ticks(self) -> None:
        theme = current_theme()
        left, right = self._ends()
        if not self.isEnabled():
            return
        middle, thin = self.height() / 2, theme.px(1)
        short, long = theme.px(7), theme.px(10)
        with painting(self) as painter:
            if (right - left) / self.maximum() >= theme.px(_MINIMUM_TICK_DISTANCE):
                for position in range(self.maximum()):
                    colour = QColor(mix(theme.panel, theme.muted, 0.5))
                    painter.fillRect(QRectF(round(self._x(position)), middle, thin, short), colour)
            for position in self._marked:
                painter.fillRect(QRectF(round(self._x(position)), middle, thin, long), QColor(theme.muted))
