"""The layout of a latent slider, and the painting of its activity mark, names and meter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.slider_button import BUTTON_SIDE

if TYPE_CHECKING:
    from aestudio.gui.widgets.slider_row import SliderRow

WIDE = 620  # from here on a slider takes a single line
_LINE, _SLIDER = 20, 22
_MARK, _BOX = 8, 54
_BAR = _LINE + _MARK  # length of the meter's bar
_NUMBER, _NUMBER_WITH_UNIT = 36, 62
UNIT_WIDTH = 420  # from here on the meter's number has its unit beside it
_NAMES_WHEN_WIDE = 190


@dataclass(frozen=True)
class SliderLayout:
    """Rectangles of a slider's parts in logical pixels; `height` is the whole slider's."""

    height: int
    activity: QRect
    names: QRect
    slider: QRect
    meter: QRect
    box: QRect
    buttons: tuple[QRect, ...]


def slider_layout(width: int, removable: bool) -> SliderLayout:
    """The layout of a slider of this width."""
    px = current_theme().px
    side, gap = px(BUTTON_SIDE), px(4)
    count = 3 if removable else 5
    buttons_left = width - count * side
    meter_width = px(_NUMBER_WITH_UNIT if width >= px(UNIT_WIDTH) else _NUMBER) + gap + px(_BAR)
    wide = width >= px(WIDE)
    height = px(_SLIDER) if wide else px(_LINE) + px(_SLIDER)
    top = px(_LINE) if not wide else 0  # of the track's line
    first = height if wide else px(_LINE)  # height of the names' line
    right = buttons_left - gap if wide else width
    box = QRect(right - px(_BOX), top, px(_BOX), px(_SLIDER))
    meter_rectangle = QRect(box.left() - gap - meter_width, top, meter_width, px(_SLIDER))
    left = px(_NAMES_WHEN_WIDE) if wide else 0
    names_right = left if wide else buttons_left
    activity = px(_MARK)
    return SliderLayout(
        height,
        QRect(px(2), (first - activity) // 2, activity, activity),
        QRect(px(16), 0, names_right - px(16) - gap, first),
        QRect(left, top, meter_rectangle.left() - gap - left, px(_SLIDER)),
        meter_rectangle,
        box,
        tuple(
            QRect(buttons_left + number * side, (first - side) // 2, side, side) for number in range(count)
        ),
    )


def paint_activity(painter: QPainter, rectangle: QRect, row: SliderRow) -> None:
    """Draw a filled circle if the dimension is active, a ring if it has collapsed."""
    if row.active is None:
        return
    theme = current_theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.muted), 1.5))
    painter.setBrush(QColor(theme.muted) if row.active else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(rectangle).adjusted(1, 1, -1, -1))


def paint_names(painter: QPainter, rectangle: QRect, row: SliderRow) -> None:
    """Draw the symbol, then the name of the axis, elided if it does not fit."""
    theme = current_theme()
    strong, plain = font(theme, weight=QFont.Weight.DemiBold), font(theme)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(strong)
    painter.setPen(QColor(theme.disabled if row.held else theme.text))
    symbol = QFontMetrics(strong).elidedText(row.symbol, Qt.TextElideMode.ElideRight, rectangle.width())
    painter.drawText(rectangle, middle, symbol)
    used = QFontMetrics(strong).horizontalAdvance(symbol) + theme.px(8)
    name_area = rectangle.adjusted(used, 0, 0, 0)
    if row.name and name_area.width() > theme.px(24):
        painter.setFont(plain)
        painter.setPen(QColor(theme.disabled if row.held else theme.muted))
        painter.drawText(
            name_area,
            middle,
            QFontMetrics(plain).elidedText(row.name, Qt.TextElideMode.ElideRight, name_area.width()),
        )


def paint_meter(painter: QPainter, rectangle: QRect, row: SliderRow) -> None:
    """Draw the number and a bar whose length is proportional to it."""
    if row.meter is None:
        return
    theme = current_theme()
    px = theme.px
    thickness, length = px(4), px(_BAR)
    groove = QRectF(rectangle.left(), rectangle.center().y() - thickness / 2 + 0.5, length, thickness)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(theme.panel, theme.line, 0.7)))
    painter.drawRoundedRect(groove, thickness / 2, thickness / 2)
    groove.setWidth(max(0.0, min(1.0, row.meter)) * length)
    painter.setBrush(QColor(theme.muted))
    painter.drawRoundedRect(groove, thickness / 2, thickness / 2)
    unit_fits = rectangle.width() >= px(_NUMBER_WITH_UNIT) + length
    text = f"{row.meter_text} {row.meter_unit}" if unit_fits and row.meter_unit else row.meter_text
    painter.setFont(font(theme, theme.caption_size))
    painter.setPen(QColor(theme.muted))
    painter.drawText(rectangle, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
