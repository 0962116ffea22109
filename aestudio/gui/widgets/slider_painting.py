"""The layout of a latent slider in one line, and the painting of its activity mark, names and meter."""

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

ROW_HEIGHT = 28
"""Logical pixels of a slider, if there is room."""
_MARK, _BOX, _CONTROL = 8, 56, 22
_METER, _BAR = 42, 32  # wide enough for its number, which replaces the bar
_MEASURED = 400  # from this width on there is room for the meter
_NAME_SHARE, _LEAST_NAMES, _MOST_NAMES = 0.4, 148, 248
_LEAST_TRACK = 92  # has more right to the width than the name; four buttons still fit beside it from 288 on
_SYMBOL = 48  # what buttons leave of the name: the mark and a short symbol


@dataclass(frozen=True)
class SliderLayout:
    """Rectangles of a slider's parts in logical pixels; `height` is the whole slider's.

    meter:   empty if there is no room for it
    buttons: at the end of the name's place, which is the shorter for it
    """

    height: int
    activity: QRect
    names: QRect
    buttons: tuple[QRect, ...]
    meter: QRect
    slider: QRect
    box: QRect


def slider_layout(width: int, buttons: int = 0, height: int = 0) -> SliderLayout:
    """The layout of a slider of this size, of whose buttons this number is shown; height 0: the usual one."""
    px = current_theme().px
    height, gap, side = height or px(ROW_HEIGHT), px(4), px(BUTTON_SIDE)
    control = min(px(_CONTROL), height - 2)
    top, button = (height - control) // 2, min(side, height)
    names_right = _names_right(width)
    meter_width = px(_METER) if width >= px(_MEASURED) else 0
    box = QRect(width - px(_BOX), top, px(_BOX), control)
    meter = QRect(names_right + gap, top, meter_width, control)
    left = meter.left() + (meter_width + gap if meter_width else 0)
    first = names_right - buttons * side
    mark = px(_MARK)
    return SliderLayout(
        height,
        QRect(px(2), (height - mark) // 2, mark, mark),
        QRect(px(14), 0, first - px(14) - (gap if buttons else 0), height),
        tuple(
            QRect(first + number * side, (height - button) // 2, side, button) for number in range(buttons)
        ),
        meter,
        QRect(left, top, box.left() - gap - left, control),
        box,
    )


def buttons_that_fit(width: int) -> int:
    """How many buttons the name of a slider of this width can give room to, beside its symbol."""
    px = current_theme().px
    return max(0, (_names_right(width) - px(_SYMBOL)) // px(BUTTON_SIDE))


def _names_right(width: int) -> int:
    px = current_theme().px
    beside_track = width - px(_BOX) - 2 * px(4) - px(_LEAST_TRACK)
    least = min(px(_LEAST_NAMES), beside_track)
    return min(max(round(_NAME_SHARE * width), least), px(_MOST_NAMES))


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
    """Draw the symbol, then the name of the axis: shortened or elided if it does not fit."""
    theme = current_theme()
    strong, plain = font(theme, weight=QFont.Weight.DemiBold), font(theme)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(strong)
    painter.setPen(QColor(theme.disabled if row.held else theme.text))
    symbol = QFontMetrics(strong).elidedText(row.symbol, Qt.TextElideMode.ElideRight, rectangle.width())
    painter.drawText(rectangle, middle, symbol)
    used = QFontMetrics(strong).horizontalAdvance(symbol) + theme.px(6)
    name_area = rectangle.adjusted(used, 0, 0, 0)
    if row.name and name_area.width() > theme.px(24):
        painter.setFont(plain)
        painter.setPen(QColor(theme.disabled if row.held else theme.muted))
        painter.drawText(name_area, middle, fitting_name(row, QFontMetrics(plain), name_area.width()))


def fitting_name(row: SliderRow, metrics: QFontMetrics, width: int) -> str:
    """The name in full if it fits into this width, else its short form, else that with an ellipsis."""
    if not row.short_name or metrics.horizontalAdvance(row.name) <= width:
        return metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, width)
    return metrics.elidedText(row.short_name, Qt.TextElideMode.ElideRight, width)


def paint_meter(painter: QPainter, rectangle: QRect, row: SliderRow, number: bool) -> None:
    """Draw a bar whose length is proportional to the meter's number, or the number itself."""
    if row.meter is None or rectangle.isEmpty():
        return
    theme = current_theme()
    if number:
        painter.setFont(font(theme, theme.caption_size))
        painter.setPen(QColor(theme.text))
        painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, row.meter_text)
        return
    thickness, length = theme.px(4), theme.px(_BAR)
    groove = QRectF(rectangle.left(), rectangle.center().y() - thickness / 2 + 0.5, length, thickness)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(theme.panel, theme.line, 0.7)))
    painter.drawRoundedRect(groove, thickness / 2, thickness / 2)
    groove.setWidth(max(0.0, min(1.0, row.meter)) * length)
    painter.setBrush(QColor(theme.muted))
    painter.drawRoundedRect(groove, thickness / 2, thickness / 2)
