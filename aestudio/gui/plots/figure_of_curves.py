"""Curves as a figure for a paper: light, with a legend, as PDF, SVG or PNG.

The texts of a PDF are in an embedded font; those of an SVG are outlines, which look alike everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageSize,
    QPainter,
    QPainterPath,
    QPdfWriter,
    QPen,
)
from PySide6.QtSvg import QSvgGenerator

from aestudio.errors import BadChoice
from aestudio.gui.plots.axes import round_numbers
from aestudio.gui.plots.change_marks import TICK, joined_text, placed_marks
from aestudio.gui.plots.numbers import tick_numbers
from aestudio.gui.theme.fonts import interface_family
from aestudio.gui.theme.tokens import LIGHT, colour_of
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.plots.change_marks import ChangeMark
    from aestudio.gui.plots.curves import Curve

FORMATS = ("pdf", "svg", "png")
POINTS_PER_INCH, DOTS_PER_INCH = 72, 300
SIZE = QSizeF(454, 300)  # points: 16 cm wide
_TYPE, _LINE, _BETWEEN = 9.0, 1.2, 14.0  # points: of the text, of a curve, between two lines of text
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 10.0, 6.0, 34.0
_DASH, _AFTER_DASH, _AFTER_NAME = 22.0, 5.0, 16.0
_PATTERNS = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
_MOST_TICKS = 7


@dataclass(frozen=True, eq=False)
class Figure:
    """x, y: what the axes show, with units; curves: in the order of the legend.

    marks: where settings were changed, in the order of their x
    """

    curves: tuple[Curve, ...]
    x: str
    y: str
    marks: tuple[ChangeMark, ...] = ()


def write_figure(path: Path, figure: Figure, size: QSizeF = SIZE) -> None:
    """Write the figure; the suffix of the path says how. size: in points

    Raises BadChoice for another suffix, StudioError if the file cannot be written.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise BadChoice("format", suffix, FORMATS)
    data = {"pdf": _pdf, "svg": _svg, "png": _png}[suffix](figure, size)
    with new_file(path) as file:
        file.write(data)


def _pdf(figure: Figure, size: QSizeF) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(10 * POINTS_PER_INCH)
    writer.setCreator("AE Studio")
    painter = QPainter(writer)
    painter.scale(10, 10)
    _Drawing(painter, figure, size, outlines=False).draw()
    painter.end()
    return bytes(buffer.data().data())


def _svg(figure: Figure, size: QSizeF) -> bytes:
    buffer = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(POINTS_PER_INCH)
    generator.setSize(QSize(round(size.width()), round(size.height())))
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(figure.y)
    painter = QPainter(generator)
    _Drawing(painter, figure, size, outlines=True).draw()
    painter.end()
    return bytes(buffer.data().data())


def _png(figure: Figure, size: QSizeF) -> bytes:
    factor = DOTS_PER_INCH / POINTS_PER_INCH
    pixels = QSize(round(size.width() * factor), round(size.height() * factor))
    image = QImage(pixels, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(DOTS_PER_INCH / 0.0254))
    image.setDotsPerMeterY(round(DOTS_PER_INCH / 0.0254))
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.scale(factor, factor)
    _Drawing(painter, figure, size, outlines=True).draw()
    painter.end()
    buffer = _buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


class _Drawing:
    """Draws a figure, in points. outlines: whether texts are drawn as shapes"""

    def __init__(self, painter: QPainter, figure: Figure, size: QSizeF, *, outlines: bool) -> None:
        self._painter, self._figure, self._size, self._outlines = painter, figure, size, outlines
        self._font = QFont(interface_family())
        self._font.setPixelSize(round(_TYPE))
        self._metrics = QFontMetricsF(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)

    def draw(self) -> None:
        """The legend, the axes and the curves."""
        top = self._legend()
        area = QRectF(_LEFT, top, self._size.width() - _LEFT - _RIGHT, self._size.height() - top - _BOTTOM)
        x, y = self._ranges()
        self._axes(area, x, y)
        self._marks(area, x)
        self._painter.save()
        self._painter.setClipRect(area)
        for number, curve in enumerate(self._figure.curves):
            self._painter.setPen(_pen(number, curve))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawPath(_path(curve, area, x, y))
        self._painter.restore()

    def _legend(self) -> float:
        """One entry after another, as many in a line as fit; returns where the plot begins."""
        left, top = _LEFT, _TOP
        for number, curve in enumerate(self._figure.curves):
            width = _DASH + _AFTER_DASH + self._metrics.horizontalAdvance(curve.name)
            if left > _LEFT and left + width > self._size.width() - _RIGHT:
                left, top = _LEFT, top + _BETWEEN
            middle = top + _BETWEEN / 2
            self._painter.setPen(_pen(number, curve))
            self._painter.drawLine(QPointF(left, middle), QPointF(left + _DASH, middle))
            at = QRectF(left + _DASH + _AFTER_DASH, top, self._size.width(), _BETWEEN)
            self._text(at, Qt.AlignmentFlag.AlignLeft, curve.name)
            left += width + _AFTER_NAME
        return top + _BETWEEN + 8

    def _ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the axes show: everything that is a number."""
        x = np.concatenate([curve.x for curve in self._figure.curves] or [np.zeros(1)])
        y = np.concatenate([curve.y for curve in self._figure.curves] or [np.zeros(1)])
        return _padded(x[np.isfinite(x)], 0.0), _padded(y[np.isfinite(y)], 0.04)

    def _axes(self, area: QRectF, x: tuple[float, float], y: tuple[float, float]) -> None:
        painter = self._painter
        for low, high, vertical in ((*x, False), (*y, True)):
            ticks = round_numbers(low, high, _MOST_TICKS).tolist()
            for value, text in zip(ticks, tick_numbers(ticks), strict=True):
                share = (value - low) / (high - low)
                painter.setPen(QPen(QColor(LIGHT.line), 0.5))
                if vertical:
                    at = area.bottom() - share * area.height()
                    painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
                    box = QRectF(0, at - _BETWEEN / 2, area.left() - 5, _BETWEEN)
                    self._text(box, Qt.AlignmentFlag.AlignRight, text)
                else:
                    at = area.left() + share * area.width()
                    painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
                    box = QRectF(at - 40, area.bottom() + 2, 80, _BETWEEN)
                    self._text(box, Qt.AlignmentFlag.AlignHCenter, text)
        painter.setPen(QPen(QColor(LIGHT.text), 0.8))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.topLeft())
        below = QRectF(area.left(), self._size.height() - _BETWEEN - 2, area.width(), _BETWEEN)
        self._text(below, Qt.AlignmentFlag.AlignHCenter, self._figure.x)
        painter.save()
        painter.translate(2, area.bottom())
        painter.rotate(-90)
        self._text(QRectF(0, 0, area.height(), _BETWEEN), Qt.AlignmentFlag.AlignHCenter, self._figure.y)
        painter.restore()

    def _marks(self, area: QRectF, x: tuple[float, float]) -> None:
        """Dotted lines with their texts at the top; ticks where texts would overlap."""
        places = [(area.width() * (mark.x - x[0]) / (x[1] - x[0]), mark) for mark in self._figure.marks]
        for place in placed_marks(places, area.width(), self._metrics.horizontalAdvance, joined_text):
            pen = QPen(QColor(LIGHT.muted), 0.6, Qt.PenStyle.DotLine if place.text else Qt.PenStyle.SolidLine)
            self._painter.setPen(pen)
            at = area.left() + place.at
            bottom = area.bottom() if place.text else area.top() + TICK
            self._painter.drawLine(QPointF(at, area.top()), QPointF(at, bottom))
            if place.text:
                box = QRectF(area.left() + place.left, area.top(), area.width(), _BETWEEN)
                self._text(box, Qt.AlignmentFlag.AlignLeft, place.text)

    def _text(self, box: QRectF, side: Qt.AlignmentFlag, text: str) -> None:
        """One line, in the middle of the box's height."""
        width = self._metrics.horizontalAdvance(text)
        left = {
            Qt.AlignmentFlag.AlignRight: box.right() - width,
            Qt.AlignmentFlag.AlignHCenter: box.center().x() - width / 2,
        }.get(side, box.left())
        base = box.center().y() + (self._metrics.ascent() - self._metrics.descent()) / 2
        if not self._outlines:
            self._painter.setPen(QColor(LIGHT.text))
            self._painter.drawText(QPointF(left, base), text)
            return
        path = QPainterPath()
        path.addText(QPointF(left, base), self._font, text)
        self._painter.fillPath(path, QColor(LIGHT.text))


def _pen(number: int, curve: Curve) -> QPen:
    """Colour never speaks alone: the lines differ in grey, too."""
    pen = QPen(QColor(colour_of(LIGHT, curve.colour_role)), _LINE)
    pen.setStyle(_PATTERNS[number % len(_PATTERNS)])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _path(curve: Curve, area: QRectF, x: tuple[float, float], y: tuple[float, float]) -> QPainterPath:
    """The curve in points; what is no number leaves a gap, a point alone is a dot."""
    across = area.left() + (curve.x - x[0]) / (x[1] - x[0]) * area.width()
    down = area.bottom() - (curve.y - y[0]) / (y[1] - y[0]) * area.height()
    path, begun = QPainterPath(), False
    for left, top in zip(across.tolist(), down.tolist(), strict=True):
        if not np.isfinite(top):
            begun = False
        elif begun:
            path.lineTo(left, top)
        else:
            path.moveTo(left, top)
            path.lineTo(left + 0.01, top)
            begun = True
    return path


def _padded(values: np.ndarray, share: float) -> tuple[float, float]:
    """The range of these values, wider by this share on both sides; never empty."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if high <= low:
        return low - 0.5, low + 0.5
    return low - share * (high - low), high + share * (high - low)
