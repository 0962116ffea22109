"""Mouse and keyboard input of a window on a plane, reported as positions in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent

_NOTCH, _FACTOR = 120.0, 0.8  # of the wheel
_CLICK = 4  # pixels that the mouse may move during a click
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # a table  # fmt: skip


class PlaneInput(QWidget):
    """A square window; positions in it are shares of its side, to the right and upward.

    panned(right, up): dragged, or an arrow key, in window widths, of the image under the pointer
    zoomed(factor, right, up): wheel, or + and -; homed(): Home, double click
    chosen(right, up): clicked; walked(right, up): dragged with Shift, or in walking mode
    entered(): Return, Space; stepped(right, up): an arrow key while a cell is enlarged; left(): Escape,
    or a click while a cell is enlarged
    """

    panned = Signal(float, float)
    zoomed = Signal(float, float, float)
    homed = Signal()
    chosen = Signal(float, float)
    walked = Signal(float, float)
    entered = Signal()
    stepped = Signal(int, int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed_at: QPointF | None = None
        self._last: QPointF | None = None
        self._walking = self._walks = self._moved = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._show_pointer()

    def square(self) -> QRectF:
        """Where the window lies, in logical pixels."""
        raise NotImplementedError

    @property
    def across(self) -> int:
        """Digits side by side in the window."""
        raise NotImplementedError

    @property
    def enlarged(self) -> bool:
        """Whether a digit is shown large."""
        raise NotImplementedError

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The digits that are shown; without any there is nothing to take hold of."""
        raise NotImplementedError

    def set_walking(self, walking: bool) -> None:
        """Whether dragging decodes under the pointer instead of moving the window."""
        self._walking = walking
        self._show_pointer()

    def _share(self, position: QPointF) -> tuple[float, float]:
        square = self.square()
        return (
            (position.x() - square.left()) / square.width(),
            (square.bottom() - position.y()) / square.height(),
        )

    def _show_pointer(self) -> None:
        self.setCursor(Qt.CursorShape.CrossCursor if self._walking else Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.picture is None:
            return
        self._pressed_at = self._last = event.position()
        self._moved = False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._walks = (self._walking or shift) and not self.enlarged
        if self._walks:
            self._walk(event.position())

    def _walk(self, position: QPointF) -> None:
        right, up = self._share(position)
        self.walked.emit(min(max(right, 0.0), 1.0), min(max(up, 0.0), 1.0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or self._last is None:
            return
        at = event.position()
        if not self._moved and (at - self._pressed_at).manhattanLength() < _CLICK:
            return
        self._moved = True
        if self._walks:
            self._walk(at)
            return
        moved, self._last = at - self._last, at
        side = self.square().width()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.panned.emit(-moved.x() / side, moved.y() / side)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        self._pressed_at = self._last = None
        self._show_pointer()
        if self._moved or self._walks:
            return
        right, up = self._share(event.position())
        if self.enlarged:
            self.left.emit()
        elif 0 <= right <= 1 and 0 <= up <= 1:
            self.chosen.emit(right, up)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = None
            self.homed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _NOTCH
        if notches and self.picture is not None:
            self.zoomed.emit(_FACTOR**notches, *self._share(event.position()))
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ARROWS:
            right, up = _ARROWS[key]
            if self.enlarged:
                self.stepped.emit(right, up)
            else:
                self.panned.emit(right / self.across, up / self.across)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoomed.emit(1 / _FACTOR if key == Qt.Key.Key_Minus else _FACTOR, 0.5, 0.5)
        elif key == Qt.Key.Key_Home:
            self.homed.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            (self.left if self.enlarged else self.entered).emit()
        elif key == Qt.Key.Key_Escape and self.enlarged:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
