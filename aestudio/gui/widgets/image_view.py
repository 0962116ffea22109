"""One image, large and sharp; dragging over it reports a position from 0 to 1 in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.colours import require_channels
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting, write_hint
from aestudio.gui.widgets.pixmap import ASSUMED_SHAPE, Canvas, enlarged, packed, whole_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

SMALLEST = 280  # logical pixels
_SMALL = 112  # logical pixels; in a smaller one the hint is smaller, too


class ImageView(PaintedWidget):
    """An image as large as fits in whole device pixels, centred, with a caption below.

    `dragged(x, y)`: the position within the image, 0 ... 1 from the left and from the top, while
    the left button is down; `released()` when it goes up.
    """

    dragged = Signal(float, float)
    released = Signal()

    def __init__(self, parent: QWidget | None = None, *, smallest: int = SMALLEST) -> None:
        super().__init__(parent)
        self._smallest = smallest
        self._image: NDArray[np.uint8] | None = None
        self._size = (ASSUMED_SHAPE.height, ASSUMED_SHAPE.width)  # of the newest image
        self._caption, self._small_caption = "", False
        self._hint = self.tr("No image yet")
        self._canvas = Canvas(1, 1)
        self._image_at = QRectF()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Image"))

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show an image, uint8 (C, H, W), C = 1 or 3; None shows the hint instead, in the same place.

        Raises ValueError for other shapes and types.
        """
        if image is not None:
            require_channels(image, axes=3)
        same_size = self._image is not None and image is not None and self._size == image.shape[1:]
        self._image = image
        if image is not None:
            height, width = image.shape[1:]
            self._size = height, width
        if same_size and image is not None:
            self._draw(image)
            self.update(self._image_at.toAlignedRect())
        else:
            self.arrange()

    def set_caption(self, caption: str) -> None:
        """Set a short line below the image; "" removes it and its space."""
        if bool(caption) != bool(self._caption):
            self._caption = caption
            self.arrange()
        elif caption != self._caption:
            self._caption = caption
            self.update()

    def set_small_caption(self, small: bool) -> None:
        """Write the caption in the small font, where images lie close to each other."""
        if small != self._small_caption:
            self._small_caption = small
            self.arrange()

    def set_hint(self, hint: str) -> None:
        """Set the text that is shown without an image."""
        self._hint = hint
        self.update()

    def image_rect(self) -> QRectF:
        """The rectangle of the image, in logical pixels."""
        return QRectF(self._image_at)

    def offer_at(self, at: QPoint | None) -> Offer:
        """The image, wherever the pointer is."""
        del at
        if self._image is None:
            nothing = Offer(what=self.accessibleName(), no_picture=self.tr("There is no image here yet."))
            return nothing.inside(self.described(0))
        return self.described(0).inside(Offer(what=self.accessibleName(), picture=packed(self._image)))

    def sizeHint(self) -> QSize:
        return QSize(self._smallest, self._smallest + self._caption_height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def _caption_size(self) -> int:
        theme = current_theme()
        return theme.caption_size if self._small_caption else theme.label_size

    def _caption_height(self) -> int:
        return (
            current_theme().px(self._caption_size + (8 if self._small_caption else 12))
            if self._caption
            else 0
        )

    def arrange(self) -> None:
        ratio = self.devicePixelRatioF()
        height, width = self._size
        caption = self._caption_height()
        scale = whole_scale((self.width(), self.height() - caption), (width, height), ratio)
        self._canvas = Canvas(width * scale, height * scale, ratio)
        left = int((self.width() * ratio - width * scale) / 2) / ratio
        top = int(((self.height() - caption) * ratio - height * scale) / 2) / ratio
        self._image_at = QRectF(left, top, width * scale / ratio, height * scale / ratio)
        if self._image is not None:
            self._draw(self._image)
        self.updateGeometry()
        self.update()

    def _draw(self, image: NDArray[np.uint8]) -> None:
        scale = self._canvas.pixels.shape[0] // image.shape[1]
        np.copyto(self._canvas.pixels, enlarged(packed(image), scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setFont(font(theme, theme.label_size))
            if self._image is None:
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.setBrush(QColor(theme.raised))
                painter.drawRect(self._image_at.adjusted(0.5, 0.5, -0.5, -0.5))
                side = self._image_at.width()
                if side < theme.px(_SMALL):
                    painter.setFont(font(theme, theme.caption_size))
                inset = 16 if side >= theme.px(_SMALL) else 2
                words = map(painter.fontMetrics().horizontalAdvance, self._hint.split())
                if max(words, default=0) <= side - 2 * inset:
                    write_hint(painter, self._image_at.adjusted(inset, inset, -inset, -inset), self._hint)
            else:
                painter.drawImage(self._image_at.topLeft(), self._canvas.image)
            if self._caption:
                bottom = self._image_at.bottom()
                below = QRectF(0, bottom, self.width(), self._caption_height())
                painter.setFont(font(theme, self._caption_size))
                painter.setPen(QColor(theme.muted))
                text = painter.fontMetrics().elidedText(
                    self._caption, Qt.TextElideMode.ElideRight, int(below.width())
                )
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def _emit_dragged(self, position: QPointF) -> None:
        area = self._image_at
        if self._image is not None:
            x = (position.x() - area.left()) / area.width()
            y = (position.y() - area.top()) / area.height()
            self.dragged.emit(min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._emit_dragged(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._emit_dragged(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit()
