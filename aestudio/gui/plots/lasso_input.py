"""Draws an outline over a map by mouse or by keys: Enter starts and ends it, arrows draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPointF, Qt, Signal

from aestudio.gui.plots.lasso import LassoOutline
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from aestudio.gui.plots.map_mouse import MapViewBox

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Lasso on a map"),
    LocalKey("lasso.switch", ("L",), lambda: translate("keys", "draw an outline, or move the cursor again")),
    LocalKey("lasso.pen", ("Return", "Enter"), lambda: translate("keys", "begins and ends an outline")),
    LocalKey("lasso.cancel", ("Esc",), lambda: translate("keys", "drops the outline, or the selection")),
)


class LassoInput(QObject):
    """drawn: the closed outline (M, 2) in data coordinates and the keys held (Qt.KeyboardModifier).

    switched: whether the lasso is on, after a change; cancelled: Escape without an outline

    allowed: whether there is a use for outlines here; otherwise its keys belong to what is around the map
    """

    drawn = Signal(object, object)
    switched = Signal(bool)
    cancelled = Signal()

    def __init__(self, box: MapViewBox, parent: QObject) -> None:
        super().__init__(parent)
        self._box = box
        self.allowed = True
        self._by_keys = False
        self.outline = LassoOutline()
        box.outline_moved.connect(self.outline.add)
        box.outline_ended.connect(self._ended)

    @property
    def on(self) -> bool:
        """Whether dragging draws an outline."""
        return self._box.lasso

    @property
    def _has_something(self) -> bool:
        """Whether Escape means this map; otherwise it belongs to what is around it."""
        return self.on or self.outline.begun or self._box.extended

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

    def take_key(self, event: QKeyEvent, cursor: QPointF) -> bool:
        """Handle a key of the lasso; return whether it was one. cursor: where an outline would start."""
        if not self.allowed:
            return False
        command, modifiers = KEYS.command(event), event.modifiers()
        plain = not modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
        if command == "lasso.switch" and plain:
            self.switch(not self.on)
        elif command == "lasso.cancel" and self._has_something:
            if self.outline.begun:
                self._cancel()
            else:
                self.cancelled.emit()
        elif command == "lasso.pen" and self.on:
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
