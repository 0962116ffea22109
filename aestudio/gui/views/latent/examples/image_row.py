"""A row of small images with names: its layout and painting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.icons import icon_pixmap
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.pixmap import pixmap_of
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.state.workspace import Example

_PADDING, _CLOSE_SIDE = 5, 12  # logical pixels
_UNUSED_OPACITY, _OTHER_STEP_OPACITY = 0.35, 0.6


@dataclass(frozen=True, eq=False)
class Cell:
    """Content of one cell.

    image:  uint8 (C, H, W), or None until it is known
    unused: why the example is kept, dimmed, and not used ("for images of 32 × 32"); "" if it is used
    told:   what a conditional model was told of the image, "as 4", or ""
    step:   of the weights that decoded the image, if that is not the one of everything else; then
            the image is dimmed and says it
    """

    example: Example
    image: NDArray[np.uint8] | None
    name: str
    unused: str = ""
    told: str = ""
    step: int | None = None


class ImageRow(QWidget):
    """Shows cells, one of them selected, one under the mouse; scrolls to keep the selected one visible."""

    def __init__(self, name: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: tuple[Cell, ...] = ()
        self._empty = empty
        self._scale, self._first = 1, 0
        self._shape = MNIST.image
        self._selected = self._hovered = self._drop_at = -1
        self._ink_on_paper = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_cells(self, cells: Sequence[Cell], ink_on_paper: bool = False) -> None:
        """Show these cells; the selection keeps its index."""
        self._cells, self._ink_on_paper = tuple(cells), ink_on_paper
        self._selected = min(self._selected, len(self._cells) - 1)
        self._hovered = -1
        self._scroll_to(self._selected)
        self.update()

    def set_image_shape(self, shape: ImageShape) -> None:
        """Make room for images of this shape; an image of another shape is fitted into it."""
        if shape != self._shape:
            self._shape = shape
            self.updateGeometry()
            self.update()

    def set_scale(self, scale: int) -> None:
        """Logical pixels per pixel of an image of MNIST, 1 or more; other images get about its height."""
        if scale != self._scale:
            self._scale = scale
            self.updateGeometry()
            self.update()

    def set_empty(self, text: str) -> None:
        """Text to show while the row is empty."""
        if text != self._empty:
            self._empty = text
            self.update()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The shown cells."""
        return self._cells

    @property
    def selected(self) -> int:
        """The cell that the keyboard acts on, or -1."""
        return self._selected

    def cell_rect(self, index: int) -> QRect:
        """Rectangle of a cell with image and name, in pixels of this widget."""
        width = self._cell_width()
        return QRect((index - self._first) * width, 0, width, self.height())

    def _cell_width(self) -> int:
        return max(self._image_size(self._scale).width() + 2 * _PADDING, current_theme().px(44))

    def sizeHint(self) -> QSize:
        return QSize(3 * self._cell_width(), self._height(self._scale))

    def minimumSizeHint(self) -> QSize:
        # Independent of the scale: otherwise a larger scale would keep the panel from shrinking again.
        return QSize(self._image_size(1).width() + 2 * _PADDING, self._height(1))

    def _height(self, scale: int) -> int:
        theme = current_theme()
        return self._image_size(scale).height() + theme.px(theme.caption_size + 5) + _PADDING

    def _image_size(self, scale: int) -> QSize:
        """Width and height of an image in logical pixels: whole pixels of the image, or a smaller copy."""
        wanted = MNIST.image.height * scale
        times = round(wanted / self._shape.height)
        if times:
            return QSize(self._shape.width * times, self._shape.height * times)
        return QSize(max(1, round(self._shape.width * wanted / self._shape.height)), wanted)

    # ---- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            if not self._cells:
                painter.setPen(QColor(theme.muted))
                painter.drawText(
                    self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, self._empty
                )
            for index in range(self._first, len(self._cells)):
                if self.cell_rect(index).left() > self.width():
                    break
                self._paint_cell(painter, index)
            if self._drop_at >= 0:
                painter.setPen(QPen(QColor(theme.accent), 2))
                x = max(1, self.cell_rect(self._drop_at).left())
                painter.drawLine(x, 1, x, self.height() - 2)
            elif self.hasFocus() and not self._cells:
                painter.setPen(QPen(QColor(theme.accent), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_cell(self, painter: QPainter, index: int) -> None:
        theme, cell, image_rect = current_theme(), self._cells[index], self.image_rect(index)
        if cell.image is None:
            painter.fillRect(image_rect, QColor(theme.raised))
        else:
            opacity = 1.0 if cell.step is None else _OTHER_STEP_OPACITY
            painter.setOpacity(_UNUSED_OPACITY if cell.unused else opacity)
            self._paint_image(painter, as_shown(cell.image, self._ink_on_paper), image_rect)
            painter.setOpacity(1.0)
            if cell.step is not None:
                self._paint_step(painter, cell.step, image_rect)
        chosen = index == self._selected and self.hasFocus()
        if chosen or index == self._hovered:
            painter.setPen(QPen(QColor(theme.accent if chosen else theme.muted), 2 if chosen else 1))
            painter.drawRect(QRectF(image_rect).adjusted(-2, -2, 2, 2))
        if index == self._hovered:
            painter.fillRect(self.close_rect(index), QColor(theme.raised))
            icon = icon_pixmap("close", theme.text, _CLOSE_SIDE, self.devicePixelRatioF())
            painter.drawPixmap(self.close_rect(index).topLeft(), icon)
        below = self.cell_rect(index).adjusted(1, image_rect.bottom() + 3, -1, 0)
        painter.setPen(QColor(theme.text if chosen else theme.muted))
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(one_line(cell.name), elide, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _paint_step(self, painter: QPainter, step: int, image_rect: QRect) -> None:
        """Write the step over the lower edge of an image; without the word where that does not fit."""
        theme, metrics = current_theme(), painter.fontMetrics()
        most = self._cell_width() - 2
        texts = (self.tr("step {}").format(f"{step:,}"), f"{step:,}")
        text = next((one for one in texts if metrics.horizontalAdvance(one) + _PADDING <= most), texts[-1])
        width = min(most, metrics.horizontalAdvance(text) + _PADDING)
        box = QRect(0, 0, width, metrics.ascent())  # digits have no descenders
        box.moveCenter(image_rect.center())
        box.moveBottom(image_rect.bottom())
        painter.fillRect(box, QColor(theme.raised))
        painter.setPen(QColor(theme.text))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        painter.drawText(box, flags, text)

    def _paint_image(self, painter: QPainter, image: NDArray[np.uint8], area: QRect) -> None:
        """Paint an image, uint8 (C, H, W): sharp if its pixels fit, else as a smooth copy that fits."""
        ratio = self.devicePixelRatioF()
        _, height, width = image.shape
        times, rest = divmod(area.height(), height)
        if times and not rest and area.width() == width * times:
            painter.drawPixmap(area.topLeft(), pixmap_of(image, max(1, int(times * ratio)), ratio))
            return
        scale = min(area.width() / width, area.height() / height)
        fitted = QRectF(0, 0, width * scale, height * scale)
        fitted.moveCenter(QRectF(area).center())
        painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(fitted, pixmap_of(image), QRectF(0, 0, width, height))

    def image_rect(self, index: int) -> QRect:
        """Rectangle of a cell's image, in pixels of this widget."""
        cell, size = self.cell_rect(index), self._image_size(self._scale)
        return QRect(cell.left() + (cell.width() - size.width()) // 2, 3, size.width(), size.height())

    def close_rect(self, index: int) -> QRect:
        """Rectangle of the cross that removes a cell, in pixels of this widget."""
        corner = self.image_rect(index).topRight()
        return QRect(corner.x() - _CLOSE_SIDE + 2, corner.y() - 1, _CLOSE_SIDE, _CLOSE_SIDE)

    # ---- positions ------------------------------------------------------------------------------------

    def _index_at(self, position: QPoint) -> int:
        index = position.x() // self._cell_width() + self._first
        return index if 0 <= index < len(self._cells) else -1

    def _gap_at(self, position: QPoint) -> int:
        width = self._cell_width()
        return min(len(self._cells), max(0, (position.x() + width // 2) // width + self._first))

    # ---- the selected cell ------------------------------------------------------------------------------

    def _select(self, index: int) -> None:
        self._selected = index
        self._scroll_to(index)
        self.setAccessibleDescription(one_line(self._cells[index].name) if index >= 0 else "")
        self.update()

    def _scroll_to(self, index: int) -> None:
        fits = max(1, self.width() // self._cell_width())
        self._first = max(0, min(self._first, len(self._cells) - fits))
        if index >= 0:
            self._first = max(index - fits + 1, min(self._first, index))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._selected < 0 and self._cells:
            self._select(0)
