"""Draws an outline over a map by mouse or by keys: Enter starts and ends it, arrows draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal

from aestudio.gui.plots.lasso import LassoOutline

if TYPE_CHECKING:
    from aestudio.gui.plots.map_mouse import MapViewBox

_PEN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LassoInput(QObject):
    """drawn: the closed outline (M, 2) in data coordinates and the keys held (Qt.KeyboardModifier).

    switched: whether the lasso is on, after a change; cancelled: Escape without an outline
    """

    drawn = Signal(object, object)
    switched = Signal(bool)
    cancelled = Signal()

    def __init__(self, box: MapViewBox, parent: QObject) -> None:
        super().__init__(parent)
        self._box = box
        self._by_keys = False
        self.outline = LassoOutline()
        box.outline_moved.connect(self.outline.add)
        box.outline_ended.connect(self._ended)

    @property
    def on(self) -> bool:
        """Whether dragging draws an outline."""
        return self._box.lasso

    @property
    def pen_down(self) -> bool:
        """Whether the arrow keys are drawing."""
        return self._by_keys

    def switch(self, on: bool) -> None:
        """Choose whether dragging draws an outline or moves the cursor."""
        if on != self._box.lasso:
            self._cancel()
            self._box.lasso = on
            self.switched.emit(on)

    def moved_by_keys(self, at: QPointF) -> None:
        """The arrow keys have moved the cursor here."""
        if self._by_keys:
            self.outline.add(at)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, cursor: QPointF) -> bool:
        """Handle a key of the lasso; return whether it was one. cursor: where an outline would start."""
        plain = not modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
        if key == Qt.Key.Key_L and plain:
            self.switch(not self.on)
        elif key == Qt.Key.Key_Escape:
            if self.outline.begun:
                self._cancel()
            else:
                self.cancelled.emit()
        elif key in _PEN_KEYS and self.on:
            self.outline.add(cursor)
            if self._by_keys:
                self._ended(modifiers)
            else:
                self._by_keys = True
        else:
            return False
        return True

    def _ended(self, modifiers: Qt.KeyboardModifier) -> None:
        corners = self.outline.corners
        self._cancel()
        self.drawn.emit(corners, modifiers)

    def _cancel(self) -> None:
        self._by_keys = False
        self.outline.clear()
