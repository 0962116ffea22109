"""The layout of a latent slider, and the painting of its lamp, names and meter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.slider_button import SIDE

if TYPE_CHECKING:
    from aestudio.gui.widgets.slider_row import SliderRow

WIDE = 620  # from here on a slider takes a single line
_LINE, _SLIDER = 20, 22
_LAMP, _BOX, _BAR = 8, 54, 28
_FIGURE, _FIGURE_WITH_UNIT = 36, 62
ROOMY = 420  # from here on the meter's number has its unit beside it
_NAMES_WHEN_WIDE = 190


@dataclass(frozen=True)
class Places:
    """Rectangles of a slider's parts in logical pixels; `height` is the whole slider's."""

    height: int
    lamp: QRect
    names: QRect
    slider: QRect
    meter: QRect
    box: QRect
    buttons: tuple[QRect, ...]


def slider_places(width: int, removable: bool) -> Places:
    """The layout of a slider of this width."""
    px = current_theme().px
    side, gap = px(SIDE), px(4)
    count = 3 if removable else 5
    buttons_left = width - count * side
    meter = px(_FIGURE_WITH_UNIT if width >= px(ROOMY) else _FIGURE) + gap + px(_BAR)
    wide = width >= px(WIDE)
    height = px(_SLIDER) if wide else px(_LINE) + px(_SLIDER)
    top = px(_LINE) if not wide else 0  # of the slider's line
    first = height if wide else px(_LINE)  # height of the names' line
    right = buttons_left - gap if wide else width
    box = QRect(right - px(_BOX), top, px(_BOX), px(_SLIDER))
    figures = QRect(box.left() - gap - meter, top, meter, px(_SLIDER))
    left = px(_NAMES_WHEN_WIDE) if wide else 0
    names_right = left if wide else buttons_left
    lamp = px(_LAMP)
    return Places(
        height,
        QRect(px(2), (first - lamp) // 2, lamp, lamp),
        QRect(px(16), 0, names_right - px(16) - gap, first),
        QRect(left, top, figures.left() - gap - left, px(_SLIDER)),
        figures,
        box,
        tuple(
            QRect(buttons_left + number * side, (first - side) // 2, side, side) for number in range(count)
        ),
    )


def paint_lamp(painter: QPainter, place: QRect, row: SliderRow) -> None:
    """A filled circle if the dimension is active, a ring if it has collapsed."""
    if row.active is None:
        return
    theme = current_theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.muted), 1.5))
    painter.setBrush(QColor(theme.muted) if row.active else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(place).adjusted(1, 1, -1, -1))


def paint_names(painter: QPainter, place: QRect, row: SliderRow) -> None:
    """Symbol, then what the axis moves, as much of it as there is room for."""
    theme = current_theme()
    strong, plain = font(theme, weight=QFont.Weight.DemiBold), font(theme)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(strong)
    painter.setPen(QColor(theme.disabled if row.silent else theme.text))
    symbol = QFontMetrics(strong).elidedText(row.symbol, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, middle, symbol)
    used = QFontMetrics(strong).horizontalAdvance(symbol) + theme.px(8)
    rest = place.adjusted(used, 0, 0, 0)
    if row.name and rest.width() > theme.px(24):
        painter.setFont(plain)
        painter.setPen(QColor(theme.disabled if row.silent else theme.muted))
        painter.drawText(
            rest, middle, QFontMetrics(plain).elidedText(row.name, Qt.TextElideMode.ElideRight, rest.width())
        )


def paint_meter(painter: QPainter, place: QRect, row: SliderRow) -> None:
    """A bar as long as the number beside it is large."""
    if row.meter is None:
        return
    theme = current_theme()
    px = theme.px
    thick, length = px(4), px(_BAR)
    groove = QRectF(place.left(), place.center().y() - thick / 2 + 0.5, length, thick)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(theme.panel, theme.line, 0.7)))
    painter.drawRoundedRect(groove, thick / 2, thick / 2)
    groove.setWidth(max(0.0, min(1.0, row.meter)) * length)
    painter.setBrush(QColor(theme.muted))
    painter.drawRoundedRect(groove, thick / 2, thick / 2)
    roomy = place.width() >= px(_FIGURE_WITH_UNIT) + length
    words = f"{row.figure} {row.figure_unit}" if roomy and row.figure_unit else row.figure
    painter.setFont(font(theme, theme.caption_size))
    painter.setPen(QColor(theme.muted))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
