"""The pad in the corner: the user draws a digit and sees its reconstruction beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length
from aestudio.gui.views.shared.error_maps import error_map
from aestudio.gui.views.shared.loss_units import loss_text, short_loss_text, unit_help, unit_text
from aestudio.gui.views.shared.tile_scales import least_side
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.inference.requests.reconstructions_request import ReconstructedDrawing
    from aestudio.gui.state.pictures import Pictures

_SMALL, _GAP, _SLACK = 56, 4, 24  # logical pixels
_STRIP = 56  # logical pixels: one row of opened pictures


class _PadAndImages(QWidget):
    """The pad in the shape of an image, and beside it three images that are together as high."""

    def __init__(self, pad: DrawingPad, views: tuple[ImageView, ...]) -> None:
        super().__init__()
        self._pad, self._views = pad, views
        self._shape = MNIST.image
        for child in (pad, *views):
            child.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_image_shape(self, shape: ImageShape) -> None:
        """Take the shape of the images."""
        if shape != self._shape:
            self._shape = shape
            self._arrange()
            self.updateGeometry()

    def _tile(self, side: int) -> QSize:
        """The largest images of the shape whose longer side is `side`."""
        longer = max(self._shape.height, self._shape.width)
        return QSize(self._shape.width * side // longer, self._shape.height * side // longer)

    def _pad_size(self, tile: QSize) -> QSize:
        """A sheet as high as three images and the gaps between them, as wide as the shape demands."""
        height = 3 * tile.height() + 2 * _GAP
        return QSize(round(height * self._shape.width / self._shape.height), height + self._palette_height())

    def _palette_height(self) -> int:
        """What the pad needs below the sheet: pens, if there are colours."""
        return self._pad.heightForWidth(self._shape.width) - self._shape.height

    @property
    def _least(self) -> QSize:
        """The smallest images: at a whole factor of their size."""
        return self._tile(least_side(self._shape.array, _SMALL))

    def sizeHint(self) -> QSize:
        pad, least = self._pad_size(self._tile(_SMALL)), self._least
        return QSize(pad.width() + _GAP + least.width(), max(pad.height(), _column_height(least)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        tile = self._largest(width, None)
        return max(self._pad_for(tile, width, None).height(), _column_height(tile))

    def _largest(self, width: int, height: int | None) -> QSize:
        """The largest image for which the pad and the images fit into a width and, if given, a height."""
        high = self._shape.height / self._shape.width
        # Pad and images together are 4 images wide, and the 2 gaps of the pad's height as much as it is wide.
        across = (width - _GAP - 2 * _GAP / high) / 4
        if height is not None:
            across = min(across, (height - self._palette_height() - 2 * _GAP) / 3 / high)
        least = self._least
        return QSize(max(least.width(), int(across)), max(least.height(), int(across * high)))

    def _pad_for(self, tile: QSize, width: int, height: int | None) -> QSize:
        """The pad beside images of this size: smaller than three of them if there is no space for more."""
        pad, palette = self._pad_size(tile), self._palette_height()
        high = self._shape.height / self._shape.width
        across = min(pad.width(), width - _GAP - tile.width())
        if height is not None:
            across = min(across, int((height - palette) / high))
        return pad if across >= pad.width() else QSize(across, round(across * high) + palette)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        tile = self._largest(self.width(), self.height())
        pad = self._pad_for(tile, self.width(), self.height())
        self._pad.setGeometry(0, 0, pad.width(), pad.height())
        left = pad.width() + _GAP
        if self.width() - left - tile.width() <= _SLACK:  # up to the edge at which everything else ends
            left = self.width() - tile.width()
        for index, view in enumerate(self._views):
            top = index * (tile.height() + _GAP)
            view.setGeometry(left, top, tile.width(), tile.height())


def _column_height(tile: QSize) -> int:
    return 3 * tile.height() + 2 * _GAP


class DrawingCorner(QWidget):
    """A pad, its tools, and the drawing as the model sees and reconstructs it.

    `drawn(canvas)`: uint8 (h, w), or (3, h, w) in colour, at each change; `keep_wanted()`: keep the drawing
    `picture_shown(image)`: as the pad's; `picture_chosen(index)`: the user chose one of the opened pictures
    """

    drawn = Signal(object)
    picture_shown = Signal(object)
    picture_chosen = Signal(int)
    keep_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: ReconstructedDrawing | None = None
        self._ink_on_paper, self._told = False, ""
        self._shape = MNIST.image
        self.pad = DrawingPad()
        self.pad.drawing_changed.connect(self.drawn)
        self.pad.picture_shown.connect(self.picture_shown)
        self._pictures: Pictures | None = None
        self.strip = ImageGrid()
        self.strip.setAccessibleName(self.tr("Opened pictures"))
        self.strip.setToolTip(self.tr("Click a picture to put it on the pad"))
        keep_length(self.strip, lambda strip, theme: strip.setFixedHeight(theme.px(_STRIP)))
        self.strip.hide()
        self.strip.selected_changed.connect(self._choose_picture)
        self.strip.clicked.connect(self._choose_picture)
        self.normalised, self.reconstruction, self.error = (ImageView(smallest=_SMALL) for _ in range(3))
        self.loss = label("")
        self._name_images()
        self._lay_out()

    def _name_images(self) -> None:
        # Its text appears and disappears; nothing beside it may move.
        self.loss.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for view, text, hint in (
            (self.normalised, self.tr("normalised"), self.tr("in")),
            (self.reconstruction, self.tr("reconstruction"), self.tr("out")),
            (self.error, self.tr("error"), self.tr("error")),
        ):
            view.set_hint(hint)
            view.setAccessibleName(self.tr("My drawing, {}").format(text))
        self._describe_reconstruction()
        self._describe_shape()

    def _describe_reconstruction(self) -> None:
        tip = self.tr("The decoder's output for the drawing's code")
        if self._told:
            tip = self.tr("The decoder's output for the drawing's code; encoded and decoded {}").format(
                self._told
            )
        self.reconstruction.setToolTip(tip)

    def _describe_shape(self) -> None:
        shape = self._shape
        if shape == MNIST.image:
            tip = self.tr("Your drawing, normalised as MNIST's digits are: {}")
        else:
            tip = self.tr("Your drawing as the model takes it: {}")
        self.normalised.setToolTip(tip.format(shape))
        error = self.tr("Reconstruction minus drawing, pixel by pixel")
        if not shape.grey:
            error = self.tr("Luminance error: that of reconstruction minus drawing, pixel by pixel")
        self.error.setToolTip(error)

    def set_image_shape(self, shape: ImageShape) -> None:
        """Let the user draw images of this shape; forgets a drawing of another."""
        if shape == self._shape:
            return
        self._shape, self._value = shape, None
        self.keep.setEnabled(False)
        self.pad.set_shape(shape)
        self._images.set_image_shape(shape)
        self._describe_shape()
        self._paint_images()

    def _lay_out(self) -> None:
        self._images = _PadAndImages(self.pad, (self.normalised, self.reconstruction, self.error))
        self.heading = label(self.tr("My drawings"), "label")
        self._buttons = self._tools()
        column(
            row(self.heading, 4, fill(self.loss), *self._buttons, gap=4),
            fill(self._images),
            self.strip,
            gap=4,
            on=self,
        )
        QWidget.setTabOrder(self.clear, self.pad)

    def _tools(self) -> tuple[IconButton, ...]:
        self.eraser = IconButton("eraser", self.tr("Erase with the left mouse button"))
        self.eraser.setCheckable(True)
        self.eraser.toggled.connect(self.pad.set_erasing)
        self.undo = IconButton("undo", self.tr("Undo the last stroke (Ctrl+Z)"))
        self.undo.setEnabled(False)
        self.undo.clicked.connect(self.pad.undo)
        self.pad.undo_possible.connect(self.undo.setEnabled)
        self.clear = IconButton("trash", self.tr("Empty the pad (Delete)"))
        self.clear.clicked.connect(self.pad.clear)
        self.keep = IconButton("pin", self.tr("Keep the drawing: it appears on the map of the Latent view"))
        self.keep.setEnabled(False)
        self.keep.clicked.connect(self.keep_wanted)
        return self.keep, self.eraser, self.undo, self.clear

    def show_drawn(self, value: ReconstructedDrawing | None, ink_on_paper: bool, told: str = "") -> None:
        """Show the drawing's reconstruction; None empties the three images.

        told: what a conditional model was told of the drawing, "as 4", or ""
        """
        if value is self._value and (ink_on_paper, told) == (self._ink_on_paper, self._told):
            return
        self._value, self._ink_on_paper, self._told = value, ink_on_paper, told
        self._describe_reconstruction()
        self.keep.setEnabled(value is not None)
        self.pad.set_ink_on_paper(ink_on_paper)
        self._paint_images()

    def show_pictures(self, pictures: Pictures | None, ink_on_paper: bool) -> None:
        """Put the chosen one of the opened pictures on the pad, and show all if there are several."""
        if pictures is None or pictures.images.shape[1:] != self._shape.array:
            self._pictures = None
            self.strip.hide()
            return
        if pictures is not self._pictures:
            self._pictures = pictures
            self.pad.show_picture(pictures.image)
            self.strip.setVisible(len(pictures.names) > 1)
        self.strip.set_images(as_shown(pictures.images, ink_on_paper))
        self.strip.set_selected(pictures.chosen)

    def _choose_picture(self, index: int) -> None:
        """Put another picture on the pad, or the same one again if it was drawn on."""
        if self._pictures is not None and (index != self._pictures.chosen or not self.pad.shows_picture):
            self.picture_chosen.emit(index)

    def set_decodes(self, decodes: bool) -> None:
        """Show or hide what only a decoder computes: reconstruction, error and loss."""
        for part in (self.reconstruction, self.error, self.loss):
            part.setVisible(decodes)

    def _paint_images(self) -> None:
        value = self._value
        triple = None if value is None else value.triple
        self.normalised.set_image(None if value is None else as_shown(value.image, self._ink_on_paper))
        self.reconstruction.set_image(
            None if triple is None else as_shown(triple.reconstructed[0], self._ink_on_paper)
        )
        self.error.set_image(None if triple is None else error_map(triple.errors[0], current_theme()))
        self._make_room_for_loss()

    def _make_room_for_loss(self) -> None:
        """Show the heading if the whole loss fits beside it: the first digits of a number are another one."""
        triple = None if self._value is None else self._value.triple
        long = short = tip = ""
        if triple is not None:
            loss, unit = float(triple.loss[0]), triple.loss_unit
            long, short = loss_text(loss, unit), short_loss_text(loss, unit)
            if self._told:
                long, short = (self.tr("{}, {}").format(text, self._told) for text in (long, short))
            tip = self.tr("Reconstruction loss of your drawing, summed over its pixels: {}")
            tip = f"{tip.format(unit_text(unit))}\n{unit_help(unit)}".rstrip()
        gap = current_theme().px(4)
        heading, *buttons = (part.sizeHint().width() + gap for part in (self.heading, *self._buttons))
        left = self.width() - sum(buttons) - gap
        text = long if self.loss.fontMetrics().horizontalAdvance(long) <= left else short
        self.loss.setText(text)
        self.loss.setToolTip(tip)
        needed = heading + self.loss.fontMetrics().horizontalAdvance(text)
        self.heading.setVisible(not text or needed <= left)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room_for_loss()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._paint_images()
