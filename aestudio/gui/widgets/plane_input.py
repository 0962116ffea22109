"""Mouse and keyboard input of a window on a plane, reported as positions in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

_NOTCH, _FACTOR = 120.0, 0.8  # of the wheel
_CLICK = 4  # logical pixels that the mouse may move during a click
_ARROWS = {"plane.left": (-1, 0), "plane.right": (1, 0), "plane.up": (0, 1), "plane.down": (0, -1)}
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Grid of decoded images"),
    LocalKey("plane.left", ("Left",), lambda: translate("keys", "moves the window on the plane")),
    LocalKey("plane.right", ("Right",), lambda: translate("keys", "moves the window on the plane")),
    LocalKey("plane.up", ("Up",), lambda: translate("keys", "moves the window on the plane")),
    LocalKey("plane.down", ("Down",), lambda: translate("keys", "moves the window on the plane")),
    LocalKey("plane.zoom_in", ("+", "="), lambda: translate("keys", "zooms in")),
    LocalKey("plane.zoom_out", ("-",), lambda: translate("keys", "zooms out")),
    LocalKey("plane.reset", ("Home",), lambda: translate("keys", "shows the whole plane")),
    LocalKey("plane.enlarge", ("Return", "Enter", "Space"), lambda: translate("keys", "enlarges an image")),
    LocalKey("plane.close", ("Esc",), lambda: translate("keys", "closes the enlarged image")),
)


class PlaneInput(QWidget):
    """A window on a plane; positions are fractions of its width and height, to the right and upward.

    panned(right, up):         drag or arrow key; movement of the window, in its widths and heights
    zoomed(factor, right, up): wheel, or + and -, around a position
    reset_requested():         Home or double click
    chosen(right, up):         click
    decoding(right, up):       drag with Shift, or any drag while `set_decoding(True)` is in effect
    enlarge_requested():       Return or Space
    stepped(right, up):        arrow key while a cell is enlarged, in cells
    close_requested():         Escape, Return, Space or a click while a cell is enlarged
    """

    panned = Signal(float, float)
    zoomed = Signal(float, float, float)
    reset_requested = Signal()
    chosen = Signal(float, float)
    decoding = Signal(float, float)
    enlarge_requested = Signal()
    stepped = Signal(int, int)
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed_at: QPointF | None = None
        self._last: QPointF | None = None
        self._decode_on_drag = self._decodes = self._moved = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        FocusRing(self)
        self._show_pointer()

    def window_rect(self) -> QRectF:
        """The rectangle of the window, in logical pixels."""
        raise NotImplementedError

    @property
    def columns(self) -> int:
        """Number of images in each row of the window, and in each column."""
        raise NotImplementedError

    @property
    def enlarged(self) -> bool:
        """Whether one image is shown enlarged."""
        raise NotImplementedError

    @property
    def image(self) -> NDArray[np.uint8] | None:
        """The mosaic that is shown, uint8 (C, H, W); with None the mouse is ignored."""
        raise NotImplementedError

    def set_decoding(self, decoding: bool) -> None:
        """Choose whether dragging decodes under the pointer or moves the window."""
        self._decode_on_drag = decoding
        self._show_pointer()

    def _share(self, position: QPointF) -> tuple[float, float]:
        area = self.window_rect()
        return (
            (position.x() - area.left()) / area.width(),
            (area.bottom() - position.y()) / area.height(),
        )

    def _show_pointer(self) -> None:
        self.setCursor(Qt.CursorShape.CrossCursor if self._decode_on_drag else Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.image is None:
            return
        self._pressed_at = self._last = event.position()
        self._moved = False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._decodes = (self._decode_on_drag or shift) and not self.enlarged
        if self._decodes:
            self._emit_decoding(event.position())

    def _emit_decoding(self, position: QPointF) -> None:
        right, up = self._share(position)
        self.decoding.emit(min(max(right, 0.0), 1.0), min(max(up, 0.0), 1.0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or self._last is None:
            return
        position = event.position()
        if not self._moved and (position - self._pressed_at).manhattanLength() < _CLICK:
            return
        self._moved = True
        if self._decodes:
            self._emit_decoding(position)
            return
        moved, self._last = position - self._last, position
        area = self.window_rect()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.panned.emit(-moved.x() / area.width(), moved.y() / area.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        self._pressed_at = self._last = None
        self._show_pointer()
        if self._moved or self._decodes:
            return
        right, up = self._share(event.position())
        if self.enlarged:
            self.close_requested.emit()
        elif 0 <= right <= 1 and 0 <= up <= 1:
            self.chosen.emit(right, up)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = None
            self.reset_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _NOTCH
        if notches and self.image is not None:
            self.zoomed.emit(_FACTOR**notches, *self._share(event.position()))
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = KEYS.command(event)
        if command in _ARROWS:
            right, up = _ARROWS[command]
            if self.enlarged:
                self.stepped.emit(right, up)
            else:
                self.panned.emit(right / self.columns, up / self.columns)
        elif command in ("plane.zoom_in", "plane.zoom_out"):
            self.zoomed.emit(1 / _FACTOR if command == "plane.zoom_out" else _FACTOR, 0.5, 0.5)
        elif command == "plane.reset":
            self.reset_requested.emit()
        elif command == "plane.enlarge":
            (self.close_requested if self.enlarged else self.enlarge_requested).emit()
        elif command == "plane.close" and self.enlarged:
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)
