"""The first layer's weights, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from aestudio.datasets.image_shape import MNIST, size_text
from aestudio.gui.theme.colours import error_image
from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length
from aestudio.gui.views.features.weight_tiles import WeightTiles, weight_tiles
from aestudio.gui.views.shared.error_maps import in_colour
from aestudio.gui.views.shared.error_scale import ErrorScale
from aestudio.gui.views.shared.tile_scales import tile_scales
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_grid import GAP, ImageGrid
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from aestudio.analysis.first_layer import FirstLayer, LayerKind
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.theme.tokens import Theme

_LINES = 2  # of the layer's description, if the view is narrow
_ENOUGH = 40  # units that must fit before they are shown larger
_LARGEST, _SMALLEST = 140, 56  # logical pixels of the longer side of an image of weights
_WHITE = 255


class WeightPages(QWidget):
    """A grid of signed images; above it a description and the buttons that turn the pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer: FirstLayer | None = None
        self._tiles: WeightTiles | None = None
        self._shape = MNIST.image
        self._first = 0
        self.grid = ImageGrid()
        self.grid.set_captions(
            (" ",)
        )  # the height of the captions counts when it is measured how many units fit
        self.grid.setAccessibleName(self.tr("First-layer weights"))
        self.grid.hovered.connect(self._hovered)
        self.grid.setToolTip(self.tr("One image per unit, numbered; each in units of its largest weight"))
        self.previous_page = IconButton("chevron-left", self.tr("Previous page"))
        self.next_page = IconButton("chevron-right", self.tr("Next page"))
        self.previous_page.clicked.connect(lambda: self._turn_pages(-1))
        self.next_page.clicked.connect(lambda: self._turn_pages(1))
        self._description = FixedCaption(_LINES)
        self._range = NumberLabel(self.tr("{} of {}").format("0000–0000", "0000"), role="muted")
        self._description.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._lay_out()

    def _lay_out(self) -> None:
        self._scale = ErrorScale(self.tr("negative"), self.tr("positive"))
        self._scale.setToolTip(self.tr("Full colour: the largest weight of that unit, by magnitude"))
        title = label(self.tr("First layer"), "label")
        pages = (self.previous_page, self._range, self.next_page)
        head = row(title, fill(self._description), self._scale, 8, *pages)
        column(head, fill(self.grid), gap=None, on=self)
        keep_length(self.grid, _keep_a_row)
        QWidget.setTabOrder(self.previous_page, self.next_page)
        QWidget.setTabOrder(self.next_page, self.grid)

    def show_layer(self, layer: FirstLayer | None, shape: ImageShape) -> None:
        """Show the weights, on the same page if the layer has the same size as before; None: show none.

        shape: of the images that the model takes
        """
        if layer is self._layer and shape == self._shape:
            return
        self._layer, self._shape = layer, shape
        if layer is None:
            self._clear()
            return
        tiles = weight_tiles(layer, shape)
        if self._tiles is None or len(tiles.captions) != len(self._tiles.captions):
            self._first = 0
        self._tiles = tiles
        self._scale.setVisible(not in_colour(tiles.images))
        if tiles.images.shape[-2:] != self.grid.image_size:
            self.grid.set_images(np.zeros((0, *tiles.images.shape[1:]), np.uint8))  # to measure how many fit
        self._description.set_text(self._describe(layer))
        self._show_page()

    def _clear(self) -> None:
        self._tiles = None
        self.grid.set_captions((" ",))
        self.grid.set_images(np.zeros((0, *self._shape.array), np.uint8))
        self._description.set_text("")
        self._range.set_text("")
        for button in (self.previous_page, self.next_page):
            button.setEnabled(False)

    def _hovered(self, cell: int) -> None:
        """Show the scale of the unit under the pointer, or describe the layer if there is none."""
        layer = self._layer
        if layer is None:
            return
        unit = self._first + cell
        if cell < 0 or layer.kind == "gates" or unit >= len(layer.scales):
            self._description.set_text(self._describe(layer))
        else:
            text = self.tr("unit {}: largest weight {}, by magnitude")
            self._description.set_text(text.format(unit, f"{layer.scales[unit]:.3f}"))

    def _describe(self, layer: FirstLayer) -> str:
        if layer.images is None:
            return self.tr("{}.").format(layer.reason)
        if layer.kind == "gates":
            text = self.tr("GRU gates r (reset), z (update), n (new)")
            if layer.cell == "lstm":
                text = self.tr("LSTM gates i (input), f (forget), g (cell), o (output)")
        else:
            text = self._describe_size(layer.kind, layer.images.shape)
        if layer.told:
            text = self.tr("{}; those of what the model is told are not shown").format(text)
        if in_colour(layer.images):
            return self.tr("{}. Colours: 0.5 + weight / 2, middle grey is zero").format(text)
        return text

    def _describe_size(self, kind: LayerKind, shape: Sequence[int]) -> str:
        count, channels, height, width = shape
        size = size_text(height, width)
        if channels > 1:
            many = (
                self.tr("{} units, {} weights in each of {} channels")
                if kind == "units"
                else self.tr("{} filters, {} weights in each of {} channels")
            )
            return many.format(count, size, channels)
        many = (
            self.tr("{} units, {} weights each")
            if kind == "units"
            else self.tr("{} filters, {} weights each")
        )
        return many.format(count, size)

    def _page_size(self) -> int:
        total = len(self._tiles.captions) if self._tiles is not None else 0
        scales = tile_scales(self.grid.image_size, _LARGEST, _SMALLEST)
        capacities = [self.grid.capacity(scale) for scale in scales]
        enough = (count for count in capacities if count >= min(_ENOUGH, total))
        return max(1, next(enough, capacities[-1]))

    def _show_page(self) -> None:
        if self._tiles is None:
            return
        size, total = self._page_size(), len(self._tiles.captions)
        self._first = min(self._first, max(0, (total - 1) // size * size))
        page = slice(self._first, self._first + size)
        self.grid.set_captions(self._tiles.captions[page])
        self.grid.set_images(_coloured(self._tiles.images[page], current_theme()))
        last = min(total, self._first + size)
        self.previous_page.setEnabled(self._first > 0)
        self.next_page.setEnabled(last < total)
        visible = self.tr("{} of {}").format(f"{self._first + 1}–{last}", total)
        self._range.set_text(visible if total else "")

    def _turn_pages(self, pages: int) -> None:
        self._first = max(0, self._first + pages * self._page_size())
        self._show_page()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_page()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._show_page()


def _keep_a_row(grid: ImageGrid, theme: Theme) -> None:
    """A row of the smallest images fits, with their captions: otherwise a page has one image only."""
    grid.setMinimumHeight(_SMALLEST + theme.px(theme.caption_size + 8) + 2 * GAP)


def _coloured(weights: NDArray[np.float32], theme: Theme) -> NDArray[np.uint8]:
    """Weights (N, C, H, W) from -1 to 1 as pictures uint8 (N, 3, H, W).

    Those of one channel in the colours of signed values; those of red, green and blue as a colour around
    middle grey.
    """
    if in_colour(weights):
        return np.rint(_WHITE * (0.5 + weights / 2)).astype(np.uint8)
    return error_image(weights[:, 0], theme)
