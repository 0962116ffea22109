"""Rows of images of several runs as a figure for a paper: light, as PDF, SVG or PNG, 16 cm wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath

from aestudio.gui.theme.fonts import interface_family
from aestudio.gui.theme.tokens import LIGHT
from aestudio.gui.widgets.paper import on_paper
from aestudio.gui.widgets.pixmap import enlarged, packed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WIDTH, _NAMES, _TYPE = 454.0, 110.0, 8.0  # points: of the page, of the names, of the text
_LINE, _GAP, _SEAM = 14.0, 10.0, 1.0  # points: of a heading, between groups and rows, between two images
_SPACING = 1.2  # of two lines of text, in their size
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
    """The height of a row: two lines of a name have room."""
    return max(2 * _TYPE * _SPACING, _image_height(sheet))


def _image_height(sheet: SheetOfImages) -> float:
    shapes = (group.shape for row in sheet.rows for group in row.groups if group is not None and len(group))
    height, width = next((shape[-2:] for shape in shapes), (1, 1))
    return _side(sheet) * height / width


def _draw(painter: QPainter, sheet: SheetOfImages, outlines: bool) -> None:
    font = QFont(interface_family())
    font.setPixelSize(round(_TYPE))
    painter.setFont(font)
    side, height, of_image = _side(sheet), _height(sheet), _image_height(sheet)
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
                at = QRectF(left, top + (height - of_image) / 2, side, of_image)
                painter.drawImage(at, _picture(image))


def _picture(image: NDArray[np.uint8]) -> QImage:
    pixels = enlarged(packed(image), _REPEATED)
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _text(painter: QPainter, font: QFont, box: QRectF, text: str, outlines: bool) -> None:
    """One line or two, in the middle of the box's height."""
    metrics = QFontMetricsF(font)
    lines = _in_two(text, box.width(), metrics)
    base = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
    base -= _TYPE * _SPACING * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        at = QPointF(box.left(), base + number * _TYPE * _SPACING)
        if outlines:
            path = QPainterPath()
            path.addText(at, font, line)
            painter.fillPath(path, QColor(LIGHT.text))
        else:
            painter.setPen(QColor(LIGHT.text))
            painter.drawText(at, line)


def _in_two(text: str, width: float, metrics: QFontMetricsF) -> list[str]:
    """The text, in two lines if it needs them; what does not fit is left out in the middle of the second."""
    words, first = text.split(" "), ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    rest = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideMiddle, width)
    return [line for line in (first, rest) if line]
