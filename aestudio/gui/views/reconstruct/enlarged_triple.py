"""One image, enlarged: original, reconstruction, signed error, and a text with class, index and loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.views.shared.error_maps import error_map, in_colour
from aestudio.gui.views.shared.image_sizes import numbers_text
from aestudio.gui.views.shared.loss_units import SQUARED_ERROR, loss_text, unit_help, unit_text
from aestudio.gui.views.shared.tile_scales import least_side
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import label
from aestudio.gui.widgets.pixmap import whole_scale
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.analysis.reconstructions import Reconstructions
    from aestudio.datasets.dataset import ImageSet
    from aestudio.datasets.image_shape import ImageShape

_SHORT, _LONGEST = 3, 24  # characters of a class name
_SMALLEST, _GAP = 84, 4


class EnlargedTriple(QWidget):
    """Three images and one text in two rows of two, or all three in a row where that shows them larger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Reconstructions | None = None
        self._ink_on_paper, self._told = False, ""
        self._only_original = False
        self.original, self.reconstruction, self.error = (
            ImageView(self, smallest=_SMALLEST) for _ in range(3)
        )
        self._text = QWidget(self)
        for view, name, tip in (
            (self.original, self.tr("Original"), self.tr("The image as it is in the data set")),
            (
                self.reconstruction,
                self.tr("Reconstruction"),
                self.tr("The decoder's output for the code of this image"),
            ),
        ):
            _name(view, name, tip)
        for view in (self.original, self.reconstruction, self.error):
            view.set_hint("")
        self._name, self._index = label("", "heading"), ElidedLabel(muted=True)
        self._index.set_mode(Qt.TextElideMode.ElideRight)
        self._loss, self._squared = label("", "label"), label("", "muted")
        self._shape = MNIST.image
        self._in_a_row: bool | None = None  # None: not laid out yet
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self._name_error(colour=False)

    def set_image_shape(self, shape: ImageShape) -> None:
        """Make room for images of this shape."""
        if shape != self._shape:
            self._shape = shape
            self._name_error(colour=not shape.grey)
            self.updateGeometry()
            self._arrange()

    # ---- sizes ----------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As high as square images of half the width are; lower, the images get smaller."""
        tile = max(_SMALLEST, self._caption_width(self.reconstruction), self._caption_width(self.error))
        width = max(2 * tile + _GAP, sum(self._widths_in_a_row()))
        half = max(tile, (self.width() - _GAP) // 2)
        return QSize(width, 2 * (half + self._caption_height()) + _GAP)

    def minimumSizeHint(self) -> QSize:
        """That of a row: it is lower."""
        height = self._least.height() + self._caption_height(small=True) + self._text_height()
        return QSize(self.sizeHint().width(), height)

    @property
    def images(self) -> tuple[ImageView, ImageView, ImageView]:
        """Original, reconstruction and error."""
        return self.original, self.reconstruction, self.error

    @property
    def _least(self) -> QSize:
        """The smallest images: at a whole factor of their size."""
        side, longer = least_side(self._shape.array, _SMALLEST), max(self._shape.array[1:])
        return QSize(self._shape.width * side // longer, self._shape.height * side // longer)

    def _caption_width(self, view: ImageView, small: bool = False) -> int:
        theme = current_theme()
        metrics = QFontMetrics(font(theme, theme.caption_size if small else theme.label_size))
        return metrics.horizontalAdvance(view.accessibleName()) + _GAP

    def _caption_height(self, small: bool = False) -> int:
        theme = current_theme()
        return theme.px(theme.caption_size + 8) if small else theme.px(theme.label_size + 12)

    def _widths_in_a_row(self) -> list[int]:
        """The least width of each image in a row, with its caption."""
        return [
            max(self._least.width() + _GAP, self._caption_width(view, small=True)) for view in self.images
        ]

    def _text_height(self) -> int:
        """The height of the two lines of text below a row of images."""
        theme = current_theme()
        sizes = theme.heading_size, theme.body_size
        return sum(QFontMetrics(font(theme, size)).height() + theme.px(2) for size in sizes)

    # ---- layout ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._arrange()

    def used_height(self, width: int, height: int) -> int:
        """How much of a height its images use: in a row they may be as large as the width allows."""
        in_square, beside = self._scales(width, height)
        if beside <= in_square or self._only_original:
            return height
        images = round(beside * self._shape.height / self.devicePixelRatioF())
        return images + self._caption_height(small=True) + self._text_height()

    def _scales(self, width: int, height: int) -> tuple[int, int]:
        """Device pixels for each of the image's, in a square and in a row of this size."""
        square = QSize((width - _GAP) // 2, (height - _GAP) // 2 - self._caption_height())
        high = height - self._caption_height(small=True) - self._text_height()
        in_a_row = QSize(width // 3 - _GAP, high)
        source, ratio = (self._shape.width, self._shape.height), self.devicePixelRatioF()
        in_square, beside = (
            whole_scale((size.width(), size.height()), source, ratio) for size in (square, in_a_row)
        )
        return in_square, beside

    def _arrange(self) -> None:
        """Take the arrangement in which the images are larger."""
        square = QSize((self.width() - _GAP) // 2, (self.height() - _GAP) // 2 - self._caption_height())
        high = self.height() - self._caption_height(small=True) - self._text_height()
        in_square, beside = self._scales(self.width(), self.height())
        self._place_text(in_a_row=beside > in_square and not self._only_original)
        self._share_width()
        if self._in_a_row:
            self._arrange_in_a_row(beside, high)
        else:
            self._arrange_in_a_square(min(square.width(), square.height()), square.width())

    def _arrange_in_a_square(self, tile: int, half: int) -> None:
        caption = self._caption_height()
        width = min(
            half, max(tile, *map(self._caption_width, (self.reconstruction, self.error)))
        )  # low images keep their whole captions
        step = tile + caption + _GAP
        self.original.setGeometry(0, 0, width, tile + caption)
        self.reconstruction.setGeometry(width + _GAP, 0, width, tile + caption)
        self.error.setGeometry(0, step, width, tile + caption)
        top = 0 if self._only_original else step
        beside = self.width() - width - _GAP
        # Large type that takes another line may use the height of the captions too.
        needed = min(self._text.heightForWidth(beside), tile + caption)
        self._text.setGeometry(width + _GAP, top, beside, max(tile, needed))

    def _arrange_in_a_row(self, scale: int, high: int) -> None:
        """Images of one size, below each its caption, and below all the text; in the middle of the height."""
        widths = self._widths_in_a_row()
        third = self.width() // 3
        if max(widths) <= third:  # the same for all, if every caption fits
            widths = [third] * 3
        free, ratio = max(0, self.width() - sum(widths)) // 3, self.devicePixelRatioF()
        # The narrowest decides, so that all are of one size.
        scale = max(1, min(scale, int((min(widths) + free) * ratio) // self._shape.width))
        height, side = (round(scale * length / ratio) for length in (self._shape.height, self._shape.width))
        captions = [self._caption_width(view, small=True) for view in self.images]
        if max(captions) <= side:  # the outer images end where everything else does
            widths, free = [side] * 3, 0
        gap = max(0, self.width() - sum(widths) - 3 * free) // 2
        top, caption, left = max(0, high - height) // 2, self._caption_height(small=True), 0
        for view, width in zip(self.images, widths, strict=True):
            view.setGeometry(left, top, width + free, height + caption)
            left += width + free + gap
        self._text.setGeometry(0, top + height + caption, self.width(), self._text_height())
        self._align_numbers((self.reconstruction.width() - side) // 2 + self.reconstruction.x())

    def _lay_out(self) -> None:
        for line in (self._name, self._index, self._loss, self._squared):
            named = line in (self._name, self._index)
            # The numbers get what they need, names what is left.
            across = QSizePolicy.Policy.Ignored if named else QSizePolicy.Policy.Minimum
            line.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        # Large type is wider than half of a narrow square.
        self._squared.setWordWrap(True)
        self._squared.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        QGridLayout(self._text)
        self._place_text(in_a_row=False)

    def _place_text(self, in_a_row: bool) -> None:
        """Write the four texts below each other, or below a row of images in two columns."""
        if in_a_row == self._in_a_row:
            return
        self._in_a_row = in_a_row
        for view in self.images:
            view.set_small_caption(in_a_row)
        grid = self._text.layout()
        assert isinstance(grid, QGridLayout)
        lines = (self._name, self._index, self._loss, self._squared)
        places = ((1, 0), (2, 0), (1, 1), (2, 1)) if in_a_row else ((1, 0), (2, 0), (3, 0), (4, 0))
        for line, place in zip(lines, places, strict=True):
            grid.removeWidget(line)
            grid.addWidget(line, *place)
        px = current_theme().px
        grid.setContentsMargins(px(0 if in_a_row else 12), 0, 0, 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(0 if in_a_row else px(4))
        for outer in (0, 5):
            grid.setRowStretch(outer, 0 if in_a_row else 1)

    def _share_width(self) -> None:
        """Give each column of text what it needs; numbers count with all their places, so that none moves."""
        grid = self._text.layout()
        assert isinstance(grid, QGridLayout)
        name = self._name.fontMetrics().horizontalAdvance(self._name.text())
        grid.setColumnMinimumWidth(0, 0)
        grid.setColumnStretch(0, max(1, name, self._index.fontMetrics().horizontalAdvance("000 000 000")))
        grid.setColumnStretch(1, self._widest_number() if self._in_a_row else 0)

    def _align_numbers(self, left: int) -> None:
        """In a row the numbers begin where the reconstruction does, unless a long name needs more width."""
        grid = self._text.layout()
        assert isinstance(grid, QGridLayout)
        name = self._name.fontMetrics().horizontalAdvance(self._name.text())
        most = left - grid.horizontalSpacing()
        numbers = max(self._loss.sizeHint().width(), self._widest_number())
        if name <= most and left + numbers <= self.width():
            grid.setColumnMinimumWidth(0, most)
            grid.setColumnStretch(0, 0)
            grid.setColumnStretch(1, 1)

    def _widest_number(self) -> int:
        squared = (self._squared if self._squared.text() else self._loss).fontMetrics()
        return squared.horizontalAdvance(self.tr("squared error {}").format("0000.0"))

    def _name_error(self, colour: bool) -> None:
        if colour:
            name = self.tr("Luminance error")
            tip = self.tr("Luminance (Rec. 709) of reconstruction minus original, pixel by pixel")
        else:
            name, tip = self.tr("Error"), self.tr("Reconstruction minus original, pixel by pixel")
        if name != self.error.accessibleName():
            _name(self.error, name, tip)
            self.updateGeometry()
            self._arrange()

    def show_triple(
        self, value: Reconstructions, images: ImageSet, ink_on_paper: bool, told: str = ""
    ) -> None:
        """Show the first of these reconstructions of `images`.

        told: what a conditional model was told of the image, "told its class", or ""
        """
        if value is self._value and (ink_on_paper, told) == (self._ink_on_paper, self._told):
            return
        self._value, self._ink_on_paper, self._told = value, ink_on_paper, told
        self._name_error(in_colour(value.errors))
        self._paint_images()
        self._show_only_original(False)
        numbers = numbers_text(value.originals.shape)
        self._squared.setToolTip(
            self.tr("Squared error summed over the {}, each from 0 to 1").format(numbers)
        )
        self._describe(int(value.indices[0]), images)
        squared = f"{value.squared_error[0]:.1f}"
        if value.loss_unit == SQUARED_ERROR:
            self._loss.setText(self.tr("squared error {}").format(squared))
            self._loss.setToolTip(self._squared.toolTip())
            self._squared.setText("")
        else:
            unit = unit_text(value.loss_unit)
            self._loss.setText(loss_text(float(value.loss[0]), value.loss_unit))
            tip = self.tr("Reconstruction loss of this image in {}").format(unit)
            self._loss.setToolTip(f"{tip}\n{unit_help(value.loss_unit)}".rstrip())
            self._squared.setText(self.tr("squared error {}").format(squared))

    def clear(self) -> None:
        """Show nothing, until there is a result."""
        if self._value is None and not self._only_original:
            return
        self._value = None
        self._show_only_original(False)
        self._index.set_text("")
        for line in (self._name, self._loss, self._squared):
            line.setText("")
        for view in (self.original, self.reconstruction, self.error):
            view.set_image(None)

    def show_original(self, index: int, images: ImageSet, ink_on_paper: bool) -> None:
        """Show an image for which there is no reconstruction: the model is a classifier."""
        self._value, self._told = None, ""
        self._show_only_original(True)
        self._describe(index, images)
        self._loss.setText("")
        self._squared.setText("")
        self.original.set_image(as_shown(images.images[index], ink_on_paper))

    def _show_only_original(self, only_original: bool) -> None:
        if only_original != self._only_original:
            self._only_original = only_original
            self.reconstruction.setVisible(not only_original)
            self.error.setVisible(not only_original)
            self._arrange()

    def _describe(self, index: int, images: ImageSet) -> None:
        name = images.class_names[int(images.labels[index])] if images.labels is not None else ""
        # A long name needs the whole line, and is no number that could be taken for something else.
        title = self.tr("Class {}") if len(name) <= _SHORT else self.tr("{}")
        self._name.setText(title.format(one_line(name, _LONGEST)) if name else "")
        self._arrange()
        number = self.tr("image {}").format(f"{index:,}")
        self._index.set_text(self.tr("{}, {}").format(number, self._told) if self._told else number)

    def _paint_images(self) -> None:
        value = self._value
        if value is None:
            return
        self.original.set_image(as_shown(value.originals[0], self._ink_on_paper))
        self.reconstruction.set_image(as_shown(value.reconstructed[0], self._ink_on_paper))
        self.error.set_image(error_map(value.errors[0], current_theme()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._paint_images()


def _name(view: ImageView, name: str, tip: str) -> None:
    view.set_caption(name)
    view.setAccessibleName(name)
    view.setToolTip(tip)
