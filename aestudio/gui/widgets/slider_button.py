"""A small button of a latent slider, with a letter or an icon."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractButton, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.icons import icon_pixmap
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPaintEvent, QPixmap

BUTTON_SIDE = 20
_ICON = 14


class SliderButton(QAbstractButton):
    """Has its own paint event: dozens are shown at once, and a styled QToolButton paints ten times slower.

    It does not accept the focus: its slider has the focus, and handles the button's key.
    """

    def __init__(self, mark: str, parent: QWidget | None = None, *, checkable: bool = True) -> None:
        super().__init__(parent)
        self._mark = mark
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_tip(self, tip: str) -> None:
        """Set the tooltip and accessible name."""
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def sizeHint(self) -> QSize:
        side = current_theme().px(BUTTON_SIDE)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        on = self.isChecked()
        with painting(self) as painter:
            if on or self.isDown() or self.underMouse():
                painter.setPen(QColor(theme.accent) if on else Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.selection if on else theme.raised))
                radius = theme.px(4)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
            colour = theme.text if on or self.underMouse() else theme.muted
            self._paint_mark(painter, colour)

    def _paint_mark(self, painter: QPainter, colour: str) -> None:
        theme = current_theme()
        if len(self._mark) == 1:
            painter.setFont(font(theme, theme.caption_size, QFont.Weight.DemiBold))
            painter.setPen(QColor(colour))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._mark)
            return
        side = theme.px(_ICON)
        corner = QPointF((self.width() - side) / 2, (self.height() - side) / 2)
        painter.drawPixmap(corner, _icon(self._mark, colour, side, self.devicePixelRatioF()))


@lru_cache(maxsize=128)
def _icon(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    """Cached: rendering an SVG takes longer than painting a whole slider."""
    return icon_pixmap(name, colour, side, ratio)
