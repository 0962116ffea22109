"""A pad to draw a digit on, with mouse or tablet."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QKeySequence, QPainter, QPen, QPointingDevice
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.drawing_sheet import PAPER, DrawingSheet
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent, QTabletEvent

_INTERVAL_MILLISECONDS = 34  # at most 30 drawings a second


class DrawingPad(QWidget):
    """White ink on black (or ink on paper), a soft pen as thick as MNIST's strokes.

    The right button or a tablet's eraser end erases. `drawing_changed(array)` gives the drawing,
    uint8 (280, 280), 255 = ink, at most 30 times a second and always once more after the last change.
    """

    drawing_changed = Signal(object)
    undo_possible = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = DrawingSheet()
        self._empty = True
        self._erasing = False
        self._ink_on_paper = False
        self._last: QPointF | None = None
        self._waiting = False
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(_INTERVAL_MILLISECONDS)
        self._limit.timeout.connect(self._send_waiting)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Drawing pad"))
        self.setToolTip(self.tr("Draw with the left button, erase with the right one. Ctrl+Z undoes."))

    def set_erasing(self, erasing: bool) -> None:
        """Let the left button erase."""
        self._erasing = erasing

    def set_ink_on_paper(self, ink_on_paper: bool) -> None:
        """Show dark ink on white paper; the drawing itself stays 255 = ink."""
        self._ink_on_paper = ink_on_paper
        self.update()

    @Slot()
    def clear(self) -> None:
        """Empty the pad; can be undone."""
        if not self._empty:
            self._sheet.clear()
            self._changed()

    @Slot()
    def undo(self) -> None:
        """Undo the last stroke or clearing."""
        if self._sheet.can_undo:
            self._sheet.undo()
            self._changed()

    def draw(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw one stroke through points of the 280 x 280 sheet, as if the user had drawn it."""
        self._sheet.begin()
        for start, end in itertools.pairwise([points[0], *points]):
            self._sheet.stroke(QPointF(*start), QPointF(*end))
        self._changed()

    @property
    def empty(self) -> bool:
        return self._empty

    def sizeHint(self) -> QSize:
        return QSize(PAPER, PAPER)

    def minimumSizeHint(self) -> QSize:
        return QSize(PAPER // 2, PAPER // 2)

    def heightForWidth(self, width: int) -> int:
        return width

    def pad_rect(self) -> QRectF:
        """The square on which the user draws, in logical pixels."""
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    # ---- drawing ----

    def _changed(self) -> None:
        self._empty = self._sheet.empty
        self.update()
        self.undo_possible.emit(self._sheet.can_undo)
        if self._limit.isActive():
            self._waiting = True
        else:
            self._limit.start()
            self.drawing_changed.emit(self._sheet.pixels())

    @Slot()
    def _send_waiting(self) -> None:
        if self._waiting:
            self._waiting = False
            self._limit.start()
            self.drawing_changed.emit(self._sheet.pixels())

    def _on_sheet(self, position: QPointF) -> QPointF:
        pad = self.pad_rect()
        return (position - pad.topLeft()) * (PAPER / pad.width())

    def _start(self, position: QPointF, *, erase: bool, pressure: float = 1.0) -> None:
        self._sheet.begin()
        self._last = self._on_sheet(position)
        self._sheet.stroke(self._last, self._last, erase=erase, pressure=pressure)
        self._changed()

    def _continue(self, position: QPointF, *, erase: bool, pressure: float = 1.0) -> None:
        if self._last is not None:
            point = self._on_sheet(position)
            self._sheet.stroke(self._last, point, erase=erase, pressure=pressure)
            self._last = point
            self._changed()

    # ---- events ----

    def event(self, event: QEvent) -> bool:
        """Take the Undo shortcut before the window does: it undoes a stroke while the pad has the focus."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo):
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._start(event.position(), erase=self._erases(event.button()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        right = bool(event.buttons() & Qt.MouseButton.RightButton)
        self._continue(event.position(), erase=right or self._erasing)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    def _erases(self, button: Qt.MouseButton) -> bool:
        return self._erasing or button == Qt.MouseButton.RightButton

    def tabletEvent(self, event: QTabletEvent) -> None:
        erase = self._erasing or event.pointerType() == QPointingDevice.PointerType.Eraser
        options = {"erase": erase, "pressure": max(0.1, event.pressure())}
        if event.type() == event.Type.TabletPress:
            self._start(event.position(), **options)
        elif event.type() == event.Type.TabletMove:
            self._continue(event.position(), **options)
        elif event.type() == event.Type.TabletRelease:
            self._last = None
        event.accept()  # otherwise Qt sends mouse events, too

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        pad = self.pad_rect()
        image = self._sheet.image
        if self._ink_on_paper:
            image = image.copy()
            image.invertPixels(QImage.InvertMode.InvertRgb)
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(pad, image)
            if self._empty:
                painter.setFont(font(theme, theme.label_size))
                painter.setPen(QColor("#6B7480" if self._ink_on_paper else "#8B95A1"))
                painter.drawText(pad, Qt.AlignmentFlag.AlignCenter, self.tr("Draw a digit here"))
            focused = self.hasFocus()
            painter.setPen(QPen(QColor(theme.accent if focused else theme.control), 2 if focused else 1))
            inset = 1.0 if focused else 0.5
            painter.drawRect(pad.adjusted(inset, inset, -inset, -inset))
