"""Curves and points as a figure for a paper: light, with a legend, as PDF, SVG or PNG.

The texts of a PDF are in an embedded font; those of an SVG are outlines, which look alike everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from aestudio.gui.plots.axes import round_numbers
from aestudio.gui.plots.change_marks import TICK, colour_of_marks, joined_text, placed_marks
from aestudio.gui.plots.numbers import tick_numbers
from aestudio.gui.plots.point_rings import ring_pen
from aestudio.gui.theme.fonts import interface_family
from aestudio.gui.theme.tokens import LIGHT, colour_of
from aestudio.gui.widgets.paper import on_paper
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.gui.plots.curves import Curve
    from aestudio.gui.plots.figure import Dots, Figure
    from aestudio.gui.plots.ranges import Range

SIZE = QSizeF(454, 300)  # points: 16 cm wide
_TYPE, _LINE, _BETWEEN = 9.0, 1.2, 14.0  # points: of the text, of a curve, between two lines of text
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 10.0, 6.0, 34.0
_DASH, _AFTER_DASH, _AFTER_NAME = 22.0, 5.0, 16.0
_PATTERNS = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
_MOST_TICKS = 7
_DOT, _RING, _RING_LINE = 1.6, 3.0, 0.8  # points: diameter of a dot, radius and line of a ring
_NONE = np.zeros(1)


def figure_data(suffix: str, figure: Figure, size: QSizeF = SIZE) -> bytes:
    """The content of a file of this format; raises BadChoice for another one. size: in points"""

    def draw(painter: QPainter, outlines: bool) -> None:
        _Drawing(painter, figure, size, outlines=outlines).draw()

    return on_paper(suffix, draw, size, figure.y)


def write_figure(path: Path, figure: Figure, size: QSizeF = SIZE) -> None:
    """Write the figure; the suffix of the path says how. size: in points

    Raises BadChoice for another suffix, StudioError if the file cannot be written.
    """
    data = figure_data(path.suffix.lower().removeprefix("."), figure, size)
    with new_file(path) as file:
        file.write(data)


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
        if self._figure.dots is not None:
            x, y = _alike(x, y, area)
        self._axes(area, x, y)
        self._marks(area, x)
        self._painter.save()
        self._painter.setClipRect(area)
        for number, curve in enumerate(self._figure.curves):
            self._painter.setPen(_pen(number, curve))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawPath(_path(curve, area, x, y))
            if self._figure.marked:
                self._dots(_placed(np.stack([curve.x, curve.y], axis=1), area, x, y), _colour(curve))
        if self._figure.dots is not None:
            self._cloud(self._figure.dots, area, x, y)
        self._painter.restore()

    def _cloud(self, dots: Dots, area: QRectF, x: Range, y: Range) -> None:
        """The points, those of one colour after those of another."""
        placed = _placed(dots.xy, area, x, y)
        for colour in np.unique(dots.colours).tolist():
            if colour:
                self._dots(placed[dots.colours == colour], QColor(colour & 0xFFFFFF))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for (left, top), (*_, look, place) in zip(
            _placed(np.array([ring[:2] for ring in dots.rings]).reshape(-1, 2), area, x, y).tolist(),
            dots.rings,
            strict=True,
        ):
            self._painter.setPen(ring_pen(LIGHT, look, _RING_LINE))
            self._painter.drawEllipse(QPointF(left, top), _RING + 2 * place, _RING + 2 * place)

    def _dots(self, placed: NDArray[np.float64], colour: QColor) -> None:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)  # where two overlap is no hole
        for left, top in placed[np.isfinite(placed).all(axis=1)].tolist():
            path.addEllipse(QPointF(left, top), _DOT / 2, _DOT / 2)
        self._painter.fillPath(path, colour)

    def _legend(self) -> float:
        """One entry after another, as many in a line as fit; returns where the plot begins."""
        left, top = _LEFT, _TOP
        curves = [(curve.name, _pen(number, curve)) for number, curve in enumerate(self._figure.curves)]
        dots = self._figure.dots
        names: tuple[tuple[str, str | int], ...] = () if dots is None else (*dots.names, *dots.ring_names)
        for name, mark in (*curves, *names):
            dash = _DASH if isinstance(mark, QPen) else 2 * _DOT
            width = dash + _AFTER_DASH + self._metrics.horizontalAdvance(name)
            if left > _LEFT and left + width > self._size.width() - _RIGHT:
                left, top = _LEFT, top + _BETWEEN
            middle = top + _BETWEEN / 2
            if isinstance(mark, QPen):
                self._painter.setPen(mark)
                self._painter.drawLine(QPointF(left, middle), QPointF(left + dash, middle))
            elif isinstance(mark, int):
                self._painter.setPen(ring_pen(LIGHT, mark, _RING_LINE))
                self._painter.drawEllipse(QPointF(left + _DOT, middle), _RING, _RING)
            else:
                path = QPainterPath()
                path.addEllipse(QPointF(left + _DOT, middle), 1.5 * _DOT, 1.5 * _DOT)
                self._painter.fillPath(path, QColor(mark))
            at = QRectF(left + dash + _AFTER_DASH, top, self._size.width(), _BETWEEN)
            self._text(at, Qt.AlignmentFlag.AlignLeft, name)
            left += width + _AFTER_NAME
        return top + _BETWEEN + 8

    def _ranges(self) -> tuple[Range, Range]:
        """What the axes show: everything that is a number."""
        dots = [] if self._figure.dots is None else [self._figure.dots.xy]
        x = np.concatenate([curve.x for curve in self._figure.curves] + [xy[:, 0] for xy in dots] or [_NONE])
        y = np.concatenate([curve.y for curve in self._figure.curves] + [xy[:, 1] for xy in dots] or [_NONE])
        return _padded(x[np.isfinite(x)], 0.0), _padded(y[np.isfinite(y)], 0.04)

    def _axes(self, area: QRectF, x: Range, y: Range) -> None:
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
            colour = QColor(colour_of_marks(LIGHT, place.marks))
            pen = QPen(colour, 0.6, Qt.PenStyle.DotLine if place.text else Qt.PenStyle.SolidLine)
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


def _colour(curve: Curve) -> QColor:
    return QColor(colour_of(LIGHT, curve.colour_role))


def _pen(number: int, curve: Curve) -> QPen:
    """Colour never speaks alone: the lines differ in grey, too."""
    pen = QPen(_colour(curve), _LINE)
    pen.setStyle(_PATTERNS[number % len(_PATTERNS)])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _path(curve: Curve, area: QRectF, x: Range, y: Range) -> QPainterPath:
    """The curve in points; what is no number leaves a gap, a point alone is a dot."""
    path, begun = QPainterPath(), False
    for left, top in _placed(np.stack([curve.x, curve.y], axis=1), area, x, y).tolist():
        if not np.isfinite(top):
            begun = False
        elif begun:
            path.lineTo(left, top)
        else:
            path.moveTo(left, top)
            path.lineTo(left + 0.01, top)
            begun = True
    return path


def _placed(xy: NDArray[Any], area: QRectF, x: Range, y: Range) -> NDArray[np.float64]:
    """Where points (N, 2) of these ranges are in the area, (N, 2) in points of the paper."""
    across = area.left() + (xy[:, 0] - x[0]) / (x[1] - x[0]) * area.width()
    down = area.bottom() - (xy[:, 1] - y[0]) / (y[1] - y[0]) * area.height()
    return np.stack([across, down], axis=1).astype(np.float64)


def _alike(x: Range, y: Range, area: QRectF) -> tuple[Range, Range]:
    """The two ranges, one of them wider, so that a unit is equally long along both axes."""
    scale = max((x[1] - x[0]) / area.width(), (y[1] - y[0]) / area.height())
    halves = scale * area.width() / 2, scale * area.height() / 2
    middles = (x[0] + x[1]) / 2, (y[0] + y[1]) / 2
    left, low = (middle - half for middle, half in zip(middles, halves, strict=True))
    return (left, left + 2 * halves[0]), (low, low + 2 * halves[1])


def _padded(values: np.ndarray, share: float) -> Range:
    """The range of these values, wider by this share on both sides; never empty."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if high <= low:
        return low - 0.5, low + 0.5
    return low - share * (high - low), high + share * (high - low)
