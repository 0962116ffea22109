"""What the mouse does on a map: left moves the cursor, middle or right moves the map, the wheel zooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent, MouseDragEvent


class MapViewBox(pg.ViewBox):
    """cursor_dragged: data coordinates while the left button is held; pressed: where it was clicked."""

    cursor_dragged = Signal(QPointF)
    pressed = Signal(QPointF)

    def __init__(self) -> None:
        super().__init__(enableMenu=False, lockAspect=True)
        self.hand = False

    def mouseDragEvent(self, ev: MouseDragEvent, axis: int | None = None) -> None:  # noqa: N802 - pyqtgraph's
        """Left drags the cursor, or the map in hand mode; the other buttons drag the map."""
        ev.accept()
        if ev.button() == Qt.MouseButton.LeftButton and not self.hand:
            if ev.isStart():
                self.cursor_dragged.emit(self.mapToView(ev.buttonDownPos()))
            self.cursor_dragged.emit(self.mapToView(ev.pos()))
            return
        moved = self.mapToView(ev.lastPos()) - self.mapToView(ev.pos())
        only_y, only_x = axis == 1, axis == 0
        self.translateBy(x=None if only_y else moved.x(), y=None if only_x else moved.y())
        self.sigRangeChangedManually.emit(self.state["mouseEnabled"])

    def mouseClickEvent(self, ev: MouseClickEvent) -> None:  # noqa: N802
        """A click, unless it is the second of a double click (that shows the whole map)."""
        if ev.button() == Qt.MouseButton.LeftButton and not ev.double() and not self.hand:
            ev.accept()
            self.pressed.emit(self.mapToView(ev.pos()))
