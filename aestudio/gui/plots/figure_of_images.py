"""Rows of images of several runs as a figure for a paper: light, as PDF, SVG or PNG, 16 cm wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath

from aestudio.gui.plots.paper import on_paper
from aestudio.gui.theme.fonts import interface_family
from aestudio.gui.theme.tokens import LIGHT
from aestudio.gui.widgets.pixmap import enlarged, packed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WIDTH, _NAMES, _TYPE = 454.0, 110.0, 8.0  # points: of the page, of the names, of the text
_LINE, _GAP, _SEAM = 14.0, 10.0, 1.0  # points: of a heading, between groups and rows, between two images
_REPEATED = 8  # every pixel is a square of this side, which programs that enlarge images cannot blur


@dataclass(frozen=True, eq=False)
class RowOfImages:
    """A name, and a group of images uint8 (N, C, H, W) for each heading; None for a group that is empty."""

    name: str
    groups: tuple[NDArray[np.uint8] | None, ...]


@dataclass(frozen=True)
class SheetOfImages:
    """headings: of the groups; rows: all with as many groups, whose images have one size and number."""

    headings: tuple[str, ...]
    rows: tuple[RowOfImages, ...]


def images_data(suffix: str, sheet: SheetOfImages) -> bytes:
    """The content of a file of this format; raises BadChoice for another one."""
    size = QSizeF(_WIDTH, _LINE + len(sheet.rows) * (_height(sheet) + _GAP / 2))
    return on_paper(suffix, lambda painter, outlines: _draw(painter, sheet, outlines), size)


def _side(sheet: SheetOfImages) -> float:
    """The width of an image."""
    most = max((len(group) for row in sheet.rows for group in row.groups if group is not None), default=1)
    groups = len(sheet.headings)
    return ((_WIDTH - _NAMES - groups * _GAP) / groups - (most - 1) * _SEAM) / most


def _height(sheet: SheetOfImages) -> float:
    shapes = (group.shape for row in sheet.rows for group in row.groups if group is not None and len(group))
    height, width = next((shape[-2:] for shape in shapes), (1, 1))
    return max(_LINE, _side(sheet) * height / width)


def _draw(painter: QPainter, sheet: SheetOfImages, outlines: bool) -> None:
    font = QFont(interface_family())
    font.setPixelSize(round(_TYPE))
    painter.setFont(font)
    side, height = _side(sheet), _height(sheet)
    across = (_WIDTH - _NAMES) / len(sheet.headings)
    for number, heading in enumerate(sheet.headings):
        left = _NAMES + number * across + _GAP
        _text(painter, font, QRectF(left, 0, across - _GAP, _LINE), heading, outlines)
    for place, row in enumerate(sheet.rows):
        top = _LINE + place * (height + _GAP / 2)
        _text(painter, font, QRectF(0, top, _NAMES, height), row.name, outlines)
        for number, group in enumerate(row.groups):
            for column, image in enumerate(() if group is None else group):
                left = _NAMES + number * across + _GAP + column * (side + _SEAM)
                painter.drawImage(QRectF(left, top, side, height), _picture(image))


def _picture(image: NDArray[np.uint8]) -> QImage:
    pixels = enlarged(packed(image), _REPEATED)
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _text(painter: QPainter, font: QFont, box: QRectF, text: str, outlines: bool) -> None:
    """One line in the middle of the box's height; what does not fit is left out in the middle of it."""
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
    base = QPointF(box.left(), box.center().y() + (metrics.ascent() - metrics.descent()) / 2)
    if outlines:
        path = QPainterPath()
        path.addText(base, font, shown)
        painter.fillPath(path, QColor(LIGHT.text))
    else:
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(base, shown)
