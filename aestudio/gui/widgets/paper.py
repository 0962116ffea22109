"""Drawings for a paper as PDF, SVG or PNG: light, in vectors where the format has them.

The texts of a PDF are in an embedded font.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPoint, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from aestudio.errors import BadChoice
from aestudio.gui.theme.style import current_theme, drawn_with
from aestudio.gui.theme.tokens import LIGHT
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ("pdf", "svg", "png")
POINTS_PER_INCH, DOTS_PER_INCH = 72, 300
POINTS_PER_PIXEL = 0.75  # of what is drawn for the screen: logical pixels are 1/96 of an inch
_FINE = 10  # resolution of a PDF, in parts of a point


def on_paper(suffix: str, draw: Callable[[QPainter, bool], None], size: QSizeF, title: str = "") -> bytes:
    """The content of a file of this format with the drawing. size: in points

    draw: draws in points; is told whether texts are drawn as outlines, which look alike everywhere
    Raises BadChoice for another suffix.
    """
    if suffix not in FORMATS:
        raise BadChoice("format", suffix, FORMATS)
    if suffix == "png":
        return _png(draw, size)
    return _pdf(draw, size) if suffix == "pdf" else _svg(draw, size, title)


def widget_on_paper(widget: QWidget) -> Callable[[str], bytes]:
    """A widget that paints itself, as it is now but light: the content of the file for each format.

    Drawn at once, on the window's thread. The texts of its SVG are texts, and no outlines.
    """
    size = QSizeF(widget.size()) * POINTS_PER_PIXEL

    def draw(painter: QPainter, outlines: bool) -> None:
        del outlines
        painter.scale(POINTS_PER_PIXEL, POINTS_PER_PIXEL)
        widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.IgnoreMask)

    with drawn_with(LIGHT.scaled(current_theme().scale)):
        contents = {suffix: on_paper(suffix, draw, size, widget.accessibleName()) for suffix in FORMATS}
    return contents.__getitem__


def _pdf(draw: Callable[[QPainter, bool], None], size: QSizeF) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(_FINE * POINTS_PER_INCH)
    writer.setCreator("AE Studio")
    with painting(writer) as painter:
        painter.scale(_FINE, _FINE)
        draw(painter, False)
    return bytes(buffer.data().data())


def _svg(draw: Callable[[QPainter, bool], None], size: QSizeF, title: str) -> bytes:
    buffer = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(POINTS_PER_INCH)
    generator.setSize(QSize(round(size.width()), round(size.height())))
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    with painting(generator) as painter:
        draw(painter, True)
    return bytes(buffer.data().data())


def _png(draw: Callable[[QPainter, bool], None], size: QSizeF) -> bytes:
    factor = DOTS_PER_INCH / POINTS_PER_INCH
    pixels = QSize(round(size.width() * factor), round(size.height() * factor))
    image = QImage(pixels, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(DOTS_PER_INCH / 0.0254))
    image.setDotsPerMeterY(round(DOTS_PER_INCH / 0.0254))
    image.fill(QColor("white"))
    with painting(image) as painter:
        painter.scale(factor, factor)
        draw(painter, True)
    buffer = _buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
