"""A grid of images, painted as one: the user hovers over them, clicks them, or selects by arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.colours import require_channels
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.grid_layout import GridLayout, GridSpace, Size, capacity, fit
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting, write_hint
from aestudio.gui.widgets.pixmap import ASSUMED_SHAPE, Canvas, enlarged, packed
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.widgets.true_pixels import sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

GAP, _SEAM = 10, 2  # logical pixels: around and between cells, and within one
_ARROWS = {"images.left": (-1, 0), "images.right": (1, 0), "images.up": (0, -1), "images.down": (0, 1)}
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Images in rows"),
    LocalKey("images.left", ("Left",), lambda: translate("keys", "selects the image on the left")),
    LocalKey("images.right", ("Right",), lambda: translate("keys", "selects the image on the right")),
    LocalKey("images.up", ("Up",), lambda: translate("keys", "selects the image above")),
    LocalKey("images.down", ("Down",), lambda: translate("keys", "selects the image below")),
    LocalKey("images.first", ("Home",), lambda: translate("keys", "selects the first image")),
    LocalKey("images.last", ("End",), lambda: translate("keys", "selects the last image")),
    LocalKey(
        "images.open",
        ("Return", "Enter", "Space"),
        lambda: translate("keys", "does what a double click does"),
    ),
)


class ImageGrid(PaintedWidget):
    """Cells of one or several images each (original, reconstruction, error), with optional captions.

    The scale is the largest whole number of device pixels at which all cells fit.
    Only an action of the user emits `hovered(index)` (-1: none), `clicked(index)`,
    `selected_changed(index)` and `activated(index)` (double click, Return, Space).
    `image_size_changed()`: the images have another height or width than before, so `capacity` changed.

    `describe` is asked about an image by its number when all images of all cells are counted.
    """

    hovered = Signal(int)
    clicked = Signal(int)
    selected_changed = Signal(int)
    activated = Signal(int)
    image_size_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels = np.zeros((0, 1, ASSUMED_SHAPE.height, ASSUMED_SHAPE.width), np.uint32)  # (N, k, H, W)
        self._captions: tuple[str, ...] = ()
        self._hint = ""
        self._columns: int | None = None
        self._members: int | None = None
        self._gap = GAP
        self._hovered = self._selected = -1
        self._layout = fit(0, 1, self.image_size, self._space())
        self._canvas = Canvas(1, 1)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        FocusRing(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Images"))

    def set_images(self, images: NDArray[np.uint8]) -> None:
        """Show one image per cell, uint8 (N, C, H, W), C = 1 or 3; repaints changed cells.

        Without images (N = 0), H and W still say for which images `capacity` is asked. Raises ValueError
        for other shapes and types.
        """
        require_channels(images, axes=4)
        self.set_cells(images[:, None])

    def set_cells(self, *images: NDArray[np.uint8]) -> None:
        """Show cells of several images: uint8 arrays (N, k, C, H, W), C = 1 or 3, joined along k.

        Grey originals and coloured errors may be given as separate arrays. Raises ValueError for
        other shapes and types, and if counts or sizes differ.
        """
        for array in images:
            require_channels(array, axes=5)
        pixels = np.concatenate([packed(array) for array in images], axis=1)
        if pixels.shape == self._pixels.shape:
            changed = np.flatnonzero((pixels != self._pixels).any(axis=(1, 2, 3)))
            self._pixels = pixels
            self._draw(changed)
            return
        resized = pixels.shape[2:] != self._pixels.shape[2:]
        self._pixels = pixels
        self._selected = self._selected if self._selected < len(pixels) else -1
        self._hovered = -1
        self.arrange()
        if resized:
            self.updateGeometry()
            self.image_size_changed.emit()

    def set_gap(self, gap: int) -> None:
        """Leave this much around and between the cells, in logical pixels."""
        if gap != self._gap:
            self._gap = gap
            self.arrange()

    def set_captions(self, captions: Sequence[str]) -> None:
        """Write a short text below each cell; an empty sequence removes the captions."""
        had_captions = bool(self._captions)
        self._captions = tuple(map(one_line, captions))
        if had_captions != bool(self._captions):
            self.arrange()
        self.update()

    def set_hint(self, hint: str) -> None:
        """Set the sentence that is shown in the middle while the grid is empty."""
        if hint != self._hint:
            self._hint = hint
            self.update()

    @property
    def hint(self) -> str:
        """The sentence that is shown while the grid is empty."""
        return self._hint

    def set_columns(self, columns: int | None) -> None:
        """Set the number of cells per row; None chooses it automatically."""
        if columns != self._columns:
            self._columns = columns
            self.arrange()

    def set_column_multiple(self, members: int | None) -> None:
        """Set the number of cells per row to a multiple of this: members of groups are then in columns.

        The multiple with which most cells are visible, and those largest; if not even one group fits into a
        row, and for None, the number is chosen automatically.
        """
        if members != self._members:
            self._members = members
            self.arrange()

    def set_selected(self, index: int) -> None:
        """Mark a cell (-1: none), without a signal."""
        if index != self._selected:
            self._update_cell(self._selected)
            self._selected = index if 0 <= index < len(self._pixels) else -1
            self._update_cell(self._selected)
            self.setAccessibleDescription(self._caption(self._selected))

    @property
    def selected(self) -> int:
        """The marked cell, or -1."""
        return self._selected

    @property
    def image_size(self) -> Size:
        """Height and width of the newest images, in their own pixels."""
        height, width = self._pixels.shape[2:]
        return height, width

    @property
    def members(self) -> int:
        """How many images a cell has."""
        return self._pixels.shape[1]

    @property
    def count(self) -> int:
        """The number of cells; fewer are visible if the space is too small."""
        return len(self._pixels)

    def capacity(self, scale: int, images: int = 1) -> int:
        """Return how many cells of `images` tiles fit at `scale` logical pixels per source pixel.

        The tiles are as large as the newest images, see `image_size_changed`.
        """
        device_scale = max(1, round(scale * self.devicePixelRatioF()))
        return capacity(images, self.image_size, device_scale, self._space())

    def cell_rect(self, index: int) -> QRectF:
        """Return the rectangle of a cell's tiles, in logical pixels."""
        left, top = self._layout.corner(index)
        ratio = self._canvas.image.devicePixelRatio()
        size = (self._layout.cell_width / ratio, self._layout.tile_height / ratio)
        return QRectF(left / ratio, top / ratio, *size)

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def minimumSizeHint(self) -> QSize:
        height, width = self.image_size
        return QSize(width + 2 * self._gap, height + 2 * self._gap)

    def _space(self) -> GridSpace:
        ratio, theme = self.devicePixelRatioF(), current_theme()
        caption = theme.px(theme.caption_size + 8) if self._captions else 0
        return GridSpace(
            width=int(self.width() * ratio),
            height=int(self.height() * ratio),
            gap=round(self._gap * ratio),
            seam=round(_SEAM * ratio),
            caption=round(caption * ratio),
        )

    def arrange(self) -> None:
        self._layout = self._fitted()
        space = self._layout.space
        self._canvas = Canvas(space.width, space.height, self.devicePixelRatioF())
        self._draw(range(self._layout.count))
        self.update()

    def _fitted(self) -> GridLayout:
        cells, images = self._pixels.shape[:2]
        space, size = self._space(), self.image_size
        layouts: list[GridLayout] = []
        if self._members:
            multiples = range(self._members, cells + 1, self._members)
            layouts = [fit(cells, images, size, space, columns) for columns in multiples]
        whole = [one for one in layouts if one.columns * one.pitch[0] + space.gap <= space.width]
        if whole:
            return max(whole, key=lambda one: (one.count, one.scale, -one.columns))
        return fit(cells, images, size, space, self._columns)

    def _draw(self, indices: Sequence[int] | NDArray[np.intp]) -> None:
        """Copy the given cells into the canvas and schedule their repaint."""
        layout = self._layout
        height, width = layout.tile_height, layout.tile_width
        for index in indices:
            if index >= layout.count:
                break
            left, top = layout.corner(int(index))
            for tile in enlarged(self._pixels[index], layout.scale):
                target = self._canvas.pixels[top : top + height, left : left + width]
                target[...] = tile[: target.shape[0], : target.shape[1]]
                left += width + layout.space.seam
            self.update(self.cell_rect(int(index)).toAlignedRect())

    def _update_cell(self, index: int) -> None:
        if 0 <= index < self._layout.count:
            caption = self._layout.space.caption / self._canvas.image.devicePixelRatio()
            ring = self.cell_rect(index).adjusted(-self._gap, -self._gap, self._gap, caption + self._gap)
            self.update(ring.toAlignedRect())

    def _caption(self, index: int) -> str:
        return self._captions[index] if 0 <= index < len(self._captions) else ""

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.drawImage(QPointF(0, 0), self._canvas.image)
            theme = current_theme()
            if not len(self._pixels) and self._hint:
                painter.setFont(font(theme, theme.body_size))
                write_hint(painter, self.rect().adjusted(16, 16, -16, -16), self._hint)
                return
            if self._hovered != self._selected:
                self._ring(painter, self._hovered, QPen(QColor(theme.muted), 1))
            accent = QPen(QColor(theme.accent), 2 if self.hasFocus() else 1.5)
            self._ring(painter, self._selected, accent)
            if self._captions:
                self._write_captions(painter, event)

    def _ring(self, painter: QPainter, index: int, pen: QPen) -> None:
        if 0 <= index < self._layout.count:
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(self.cell_rect(index).adjusted(-3, -3, 3, 3))

    def _caption_area(self, index: int) -> QRectF:
        """The place of a cell's caption, in logical pixels."""
        tile = self.cell_rect(index)
        height = self._layout.space.caption / self._canvas.image.devicePixelRatio()
        return QRectF(tile.left() - 4, tile.bottom() + 4, tile.width() + 8, height)

    def _write_captions(self, painter: QPainter, event: QPaintEvent) -> None:
        theme = current_theme()
        painter.setFont(font(theme, theme.caption_size))
        metrics = painter.fontMetrics()
        for index in range(min(self._layout.count, len(self._captions))):
            below = self._caption_area(index)
            if not event.region().intersects(below.toAlignedRect()):
                continue
            painter.setPen(QColor(theme.text if index == self._selected else theme.muted))
            text = metrics.elidedText(self._captions[index], Qt.TextElideMode.ElideRight, int(below.width()))
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)

    # ---- events ----

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def help_at(self, point: QPoint) -> str:
        """The tooltip at a point: it begins with the whole caption of a cell where that is cut."""
        index = self._index_at(QPointF(point))
        caption = self._caption(index)
        metrics = QFontMetricsF(font(current_theme(), current_theme().caption_size))
        cut = bool(caption) and metrics.horizontalAdvance(caption) > self._caption_area(index).width()
        return "\n".join(part for part in (caption if cut else "", self.toolTip()) if part)

    def offer_at(self, at: QPoint | None) -> Offer:
        """The image at the pointer, or the first one of the selected cell, and all visible ones."""
        layout, cell, member = self._layout, self._selected, 0
        if at is not None:
            cell, member = self._index_at(QPointF(at)), self._member_at(at)
        name, visible = self.accessibleName(), self._pixels[: layout.count]
        if not len(visible):
            return Offer(what=name, no_picture=self.tr("There are no images here yet."))
        everything = Offer(what=name, pictures=lambda: sheet(visible, layout.columns))
        if not 0 <= cell < len(visible):
            return everything
        what = "\n".join(part for part in (name, self._caption(cell).strip()) if part)
        tile = Offer(what=what, picture=visible[cell, member])
        return self.described(cell * layout.images + member).inside(tile).inside(everything)

    def _member_at(self, at: QPoint) -> int:
        """Which of the images of a cell is at a point."""
        layout, x = self._layout, at.x() * self._canvas.image.devicePixelRatio()
        within = (x - layout.left) % layout.pitch[0]
        return min(layout.images - 1, int(within // (layout.tile_width + layout.space.seam)))

    def _index_at(self, position: QPointF) -> int:
        ratio = self._canvas.image.devicePixelRatio()
        return self._layout.index_at(position.x() * ratio, position.y() * ratio)

    def _set_hovered(self, index: int) -> None:
        if index != self._hovered:
            self._update_cell(self._hovered)
            self._hovered = index
            self._update_cell(index)
            self.hovered.emit(index)

    def _select_by_user(self, index: int) -> None:
        if 0 <= index < self._layout.count and index != self._selected:
            self.set_selected(index)
            self.selected_changed.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered(self._index_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._select_by_user(index)
            self.clicked.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.activated.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = KEYS.command(event)
        if command == "images.open" and self._selected >= 0:
            self.activated.emit(self._selected)
            return
        target = self._key_target(command)
        if target is None:
            super().keyPressEvent(event)
        else:
            self._select_by_user(target)

    def _key_target(self, command: str) -> int | None:
        """Return the cell that a command moves the selection to; None for other commands."""
        if command in ("images.first", "images.last"):
            return 0 if command == "images.first" else self._layout.count - 1
        step = _ARROWS.get(command)
        return None if step is None else self._layout.neighbour(self._selected, *step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._selected < 0:
            self.set_selected(0)
        self._update_cell(self._selected)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._update_cell(self._selected)
