"""A mark at one position of a map, of a fixed size in pixels: a cross with a ring, or only a ring.

Each is one item: the same mark of four pyqtgraph items cost five times as much per frame while dragging.
"""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from aestudio.gui.plots.pixel_overlay import PixelOverlay
from aestudio.gui.theme.style import current_theme

Position = tuple[float, float]
_LINE_ALPHA = 110  # of 255
_CROSS, _RING = 18, 12  # diameters in logical pixels


class MapMarker(PixelOverlay):
    """A mark at data coordinates, or hidden. `lines`: draw lines through the whole view."""

    def __init__(self, lines: bool) -> None:
        super().__init__()
        self._lines = self._through = lines
        self._at: Position | None = None

    def set_lines(self, lines: bool) -> None:
        """Draw lines through the whole view, or only the ring of the cross."""
        self._through = lines
        self.update()

    def set_position(self, at: Position | None) -> None:
        """Move it there; None hides it."""
        if at != self._at:
            self._at = at
            self.setVisible(at is not None)
            self.update()

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        if self._at is None:
            return
        at, view = to_widget.map(QPointF(*self._at)), to_widget.mapRect(self.boundingRect())
        if self._through:
            self._paint_lines(painter, at, view)
        self._paint_ring(painter, at)

    def _paint_lines(self, painter: QPainter, at: QPointF, view: QRectF) -> None:
        ink = QColor(current_theme().text)
        ink.setAlpha(_LINE_ALPHA)
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QLineF(at.x(), view.top(), at.x(), view.bottom()))
        painter.drawLine(QLineF(view.left(), at.y(), view.right(), at.y()))

    def _paint_ring(self, painter: QPainter, at: QPointF) -> None:
        theme = current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = theme.px(_CROSS if self._lines else _RING) / 2
        inks = [(theme.panel, theme.px(6)), (theme.text, theme.px(2.5))] if self._lines else []
        for ink, width in inks or [(theme.text, theme.px(2))]:
            painter.setPen(QPen(QColor(ink), width))
            painter.drawEllipse(at, radius, radius)
