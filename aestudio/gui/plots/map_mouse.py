"""The mouse on a map: left moves the cursor, middle or right moves the map, the wheel zooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal

from aestudio.gui.plots.plot_box import PlotBox

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent, MouseDragEvent

EXTENDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
"""Keys that add an outline's points to the selection, or take them away."""


class MapViewBox(PlotBox):
    """All positions are data coordinates.

    lasso:    whether dragging draws an outline
    turned:   whether dragging turns the map, and a click moves no cursor
    extended: whether dragging with Shift or Alt does, because there is a selection to add to or take from

    cursor_dragged: while the left button is held; pressed: after a click
    turn_dragged: to the right and down, in half turns for the length of the view
    outline_moved: while an outline is drawn; outline_ended: with the modifier keys, Qt.KeyboardModifier
    """

    cursor_dragged = Signal(QPointF)
    pressed = Signal(QPointF)
    turn_dragged = Signal(float, float)
    outline_moved = Signal(QPointF)
    outline_ended = Signal(object)

    def __init__(self) -> None:
        super().__init__(lock_aspect=True)
        self.pan_mode = False
        self.lasso = self.extended = self.turned = False
        self._outlines = False  # the drag that goes on

    def mouseDragEvent(self, ev: MouseDragEvent, axis: int | None = None) -> None:
        """Left drags the cursor, the outline or, in pan mode, the map; the other buttons drag the map."""
        ev.accept()
        if ev.button() == Qt.MouseButton.LeftButton and not self.pan_mode:
            if ev.isStart():
                self._outlines = self.lasso or (self.extended and bool(ev.modifiers() & EXTENDING))
            if self.turned and not self._outlines:
                by, side = ev.pos() - ev.lastPos(), max(1.0, min(self.width(), self.height()))
                self.turn_dragged.emit(by.x() / side, by.y() / side)
                return
            moved = self.outline_moved if self._outlines else self.cursor_dragged
            if ev.isStart():
                moved.emit(self.mapToView(ev.buttonDownPos()))
            moved.emit(self.mapToView(ev.pos()))
            if self._outlines and ev.isFinish():
                self.outline_ended.emit(ev.modifiers())
            return
        shift = self.mapToView(ev.lastPos()) - self.mapToView(ev.pos())
        only_y, only_x = axis == 1, axis == 0
        self.translateBy(x=None if only_y else shift.x(), y=None if only_x else shift.y())
        self.sigRangeChangedManually.emit(self.state["mouseEnabled"])

    def mouseClickEvent(self, ev: MouseClickEvent) -> None:
        """A click, unless it is the second of a double click (that shows the whole map)."""
        if ev.button() == Qt.MouseButton.LeftButton and not ev.double() and not self.pan_mode:
            ev.accept()
            self.pressed.emit(self.mapToView(ev.pos()))
