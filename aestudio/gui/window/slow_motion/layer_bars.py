"""A bar for each parameter: the length of its gradient, or of its change in an update."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_LINE, _NAME, _NUMBER = 20, 190, 90  # logical pixels
_DECADES = 6.0


class LayerBars(PaintedWidget):
    """Names on the left, bars of a logarithmic scale of six decades, numbers on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[tuple[str, float | None], ...] = ()
        self._largest = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rows(self, rows: Sequence[tuple[str, float | None]]) -> None:
        """Show these lengths; None for a parameter that the loss does not depend on."""
        count = len(self.rows)
        self.rows = tuple(rows)
        self._largest = max((value for _, value in rows if value), default=1.0)
        if count != len(self.rows):
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(420), theme.px(_LINE) * max(1, len(self.rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(_NAME + _NUMBER + 60), self.sizeHint().height())

    def share(self, value: float | None) -> float:
        """How long a bar is, from 0 to 1."""
        if not value or not math.isfinite(value):
            return 0.0
        return min(1.0, max(0.01, 1 + math.log10(value / self._largest) / _DECADES))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, line = current_theme(), current_theme().px(_LINE)
        name, number = theme.px(_NAME), theme.px(_NUMBER)
        middle = Qt.AlignmentFlag.AlignVCenter
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            metrics = painter.fontMetrics()
            for index, (title, value) in enumerate(self.rows):
                top = index * line
                painter.setPen(QColor(theme.muted))
                text = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, name - theme.px(8))
                painter.drawText(QRectF(0, top, name, line), middle, text)
                room = self.width() - name - number
                bar = QRectF(name, top + line * 0.25, room * self.share(value), line * 0.5)
                painter.fillRect(bar, QColor(theme.accent))
                painter.setPen(QColor(theme.text))
                shown = self.tr("no gradient") if value is None else f"{value:.3g}"
                area = QRectF(self.width() - number, top, number, line)
                painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, shown)
