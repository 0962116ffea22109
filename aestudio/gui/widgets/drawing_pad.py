"""A pad to draw an image on, with mouse or tablet."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QPointingDevice,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.drawing_sheet import LONGER_SIDE, DrawingSheet
from aestudio.gui.widgets.local_keys import DIGITS, LocalKey, LocalKeys
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.pen_palette import PEN_COLOURS, PenPalette
from aestudio.gui.widgets.pixmap import packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent, QTabletEvent

    from aestudio.datasets.image_shape import ImageShape

_INTERVAL_MILLISECONDS = 34  # at most 30 drawings a second

_PENS = DIGITS[1 : 1 + len(PEN_COLOURS)]

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Drawing pad"),
    LocalKey("drawing.clear", ("Del", "Backspace"), lambda: translate("keys", "clears the sheet")),
    LocalKey("drawing.pen", _PENS, lambda: translate("keys", "takes that pen, in colour")),
)


class DrawingPad(QWidget):
    """A sheet in the proportions of the images, and a soft pen as thick as MNIST's strokes.

    For grey images: white ink on black (or ink on paper). For images in colour: eight pens on black, with a
    palette below the sheet. The right button or a tablet's eraser end erases.

    drawing_changed(array): the drawing, uint8 (h, w) in grey, 255 = ink, or (3, h, w) in colour, with whole
    pixels of the sheet for each pixel of an image; at most 30 times a second and always after the last change
    picture_shown(image): the pad is visible again with the picture that `show_picture` put on it, unchanged
    """

    drawing_changed = Signal(object)
    picture_shown = Signal(object)
    undo_possible = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = MNIST.image
        self._sheet = DrawingSheet(self._shape)
        self._palette: PenPalette | None = None
        self._empty = True
        self._picture: NDArray[np.uint8] | None = None  # until the user draws on it
        self._erasing = False
        self._ink_on_paper = False
        self._last: QPointF | None = None
        self._still: QPointF | None = None  # where the right button was pressed, until the mouse moves
        self._right = False  # the right button draws a stroke, which erases
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
        self._describe()

    def set_shape(self, shape: ImageShape) -> None:
        """Draw images of this shape from now on; what was drawn for another one is removed."""
        if shape == self._shape:
            return
        drawn = not self._empty
        self._shape, self._sheet = shape, DrawingSheet(shape)
        self._last = self._picture = None
        self._show_palette(not shape.grey)
        self._describe()
        self.updateGeometry()
        self.update()
        if drawn:
            self._changed()
        self.undo_possible.emit(False)

    def _show_palette(self, shown: bool) -> None:
        if self._palette is not None:
            self._palette.hide()
            self._palette.deleteLater()
            self._palette = None
        if shown:
            self._palette = PenPalette(self)
            self._palette.chosen.connect(self._set_pen)
            self._palette.show()
            self._place_palette()

    def _describe(self) -> None:
        text = self.tr("Draw with the left button, erase by dragging with the right one. Ctrl+Z undoes.")
        if self._palette is not None:
            text += "\n" + self.tr("The keys 1 to {} choose a pen.").format(len(PEN_COLOURS))
        self.setToolTip(text)

    @property
    def pens(self) -> PenPalette | None:
        """The pens to choose from; None for grey images."""
        return self._palette

    @Slot(int)
    def _set_pen(self, number: int) -> None:
        self._sheet.pen = QColor(PEN_COLOURS[number])

    def set_erasing(self, erasing: bool) -> None:
        """Let the left button erase."""
        self._erasing = erasing

    def set_ink_on_paper(self, ink_on_paper: bool) -> None:
        """Show dark ink on white paper; the drawing itself stays 255 = ink. Colours are never inverted."""
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
        """Draw one stroke through points of the sheet, as if the user had drawn it."""
        self._sheet.begin()
        for start, end in itertools.pairwise([points[0], *points]):
            self._sheet.stroke(QPointF(*start), QPointF(*end))
        self._changed()

    def show_picture(self, image: NDArray[np.uint8]) -> None:
        """Put an image of the pad's shape, uint8 (C, H, W), on the sheet; can be undone, and drawn on.

        Nothing is emitted: the image is known, and it is not a drawing until the user changes it.
        """
        self._sheet.put(image)
        self._picture, self._empty = image, self._sheet.empty
        self._waiting = False
        self.update()
        self.undo_possible.emit(True)

    @property
    def shows_picture(self) -> bool:
        """Whether there is a picture on it that the user has not changed."""
        return self._picture is not None

    @property
    def empty(self) -> bool:
        return self._empty

    def sizeHint(self) -> QSize:
        width, height = self._fitting(LONGER_SIDE, LONGER_SIDE)
        return QSize(width, height + self._palette_height())

    def minimumSizeHint(self) -> QSize:
        width, height = self._fitting(LONGER_SIDE // 2, LONGER_SIDE // 2)
        return QSize(width, height + self._palette_height())

    def heightForWidth(self, width: int) -> int:
        return width * self._shape.height // self._shape.width + self._palette_height()

    def pad_rect(self) -> QRectF:
        """The rectangle on which the user draws, in logical pixels."""
        available = self.height() - self._palette_height()
        width, height = self._fitting(self.width(), available)
        return QRectF((self.width() - width) // 2, (available - height) // 2, width, height)

    def _fitting(self, width: int, height: int) -> tuple[int, int]:
        """The largest width and height in the proportions of the images."""
        high, wide = self._shape.height, self._shape.width
        if width * high <= height * wide:
            return width, max(1, width * high // wide)
        return max(1, height * wide // high), height

    def _palette_height(self) -> int:
        return 0 if self._palette is None else self._palette.sizeHint().height()

    def _place_palette(self) -> None:
        if self._palette is not None:
            pad, height = self.pad_rect(), self._palette_height()
            self._palette.setGeometry(QRect(0, int(pad.bottom()), self.width(), height))

    # ---- drawing ----

    def _changed(self) -> None:
        self._picture = None
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
        return (position - pad.topLeft()) * (self._sheet.size.width() / pad.width())

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
        if event.button() == Qt.MouseButton.LeftButton:
            self._start(event.position(), erase=self._erasing)
        elif event.button() == Qt.MouseButton.RightButton:
            self._still = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw; the right button erases once it is dragged, because a click with it opens the menu."""
        if self._still is not None:
            moved = (event.position() - self._still).manhattanLength()
            if moved < QApplication.startDragDistance():
                return
            self._start(self._still, erase=True)
            self._still, self._right = None, True
        self._continue(event.position(), erase=self._right or self._erasing)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        still, self._still = self._still, None
        self._last, self._right = None, False
        if event.button() == Qt.MouseButton.RightButton and still is not None:
            at = event.position().toPoint()
            menu = QContextMenuEvent(QContextMenuEvent.Reason.Other, at, self.mapToGlobal(at))
            QApplication.sendEvent(self, menu)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The window opens the menu; for the right button on its release, because it also erases."""
        event.setAccepted(event.reason() == event.Reason.Mouse)

    def offer_at(self, at: QPoint | None) -> Offer:
        """The drawing as an image, and what changes it."""
        del at
        nothing = "" if not self._empty else self.tr("Draw something first.")
        kept = "" if self._sheet.can_undo else self.tr("There is nothing to undo on the pad.")
        pixels = self._sheet.pixels()
        image = as_shown(pixels if pixels.ndim > 2 else pixels[None], self._ink_on_paper)
        return Offer(
            what=self.tr("Drawing"),
            picture=None if self._empty else packed(image),
            no_picture=nothing,
            source="data",
            entries=(
                Entry(self.tr("Undo the last stroke"), self.undo, obstacle=kept),
                Entry(self.tr("Clear the pad"), self.clear, obstacle=nothing),
            ),
        )

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
        elif KEYS.command(event) == "drawing.clear":
            self.clear()
        elif not self._choose_pen(event):
            super().keyPressEvent(event)

    def _choose_pen(self, event: QKeyEvent) -> bool:
        """Choose a pen by its number; False for other keys, and without pens to choose from."""
        if self._palette is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if KEYS.command(event) != "drawing.pen":
            return False
        self._palette.choose(event.key() - Qt.Key.Key_1)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Send the drawing again: meanwhile another pad may have sent its own, or have been emptied."""
        super().showEvent(event)
        if self._picture is not None:
            self.picture_shown.emit(self._picture)
        elif not self.empty:
            self._changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_palette()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._place_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        pad = self.pad_rect()
        image = self._sheet.image
        inverted = self._ink_on_paper and self._shape.grey
        if inverted:
            image = image.copy()
            image.invertPixels(QImage.InvertMode.InvertRgb)
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(pad, image)
            if self._empty:
                painter.setFont(font(theme, theme.label_size))
                painter.setPen(QColor("#6B7480" if inverted else "#8B95A1"))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(pad, flags, self._hint())
            focused = self.hasFocus()
            painter.setPen(QPen(QColor(theme.accent if focused else theme.control), 2 if focused else 1))
            inset = 1.0 if focused else 0.5
            painter.drawRect(pad.adjusted(inset, inset, -inset, -inset))

    def _hint(self) -> str:
        return self.tr("Draw a digit here") if self._shape == MNIST.image else self.tr("Draw here")
