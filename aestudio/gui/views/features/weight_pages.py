"""The first layer's weights, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from aestudio.datasets.dataset import SIDE
from aestudio.gui.theme.colours import error_image
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.features.weight_tiles import WeightTiles, weight_tiles
from aestudio.gui.views.shared.error_scale import ErrorScale
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from aestudio.analysis.first_layer import FirstLayer

_LINES = 2  # of the layer's description, if the view is narrow
_ENOUGH = 40  # units that must fit before they are shown larger
_SCALES = (5, 4, 3, 2)


class WeightPages(QWidget):
    """A grid of signed images; above it a description and the buttons that turn the pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer: FirstLayer | None = None
        self._tiles: WeightTiles | None = None
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
        scale = ErrorScale(self.tr("negative"), self.tr("positive"))
        scale.setToolTip(self.tr("Full colour: the largest weight of that unit, by magnitude"))
        title = label(self.tr("First layer"), "label")
        head = row(title, fill(self._description), scale, 8, self.previous_page, self._range, self.next_page)
        column(head, fill(self.grid), gap=None, on=self)
        QWidget.setTabOrder(self.previous_page, self.next_page)
        QWidget.setTabOrder(self.next_page, self.grid)

    def show_layer(self, layer: FirstLayer | None) -> None:
        """Show the weights, on the same page if the layer has the same size as before; None: show none."""
        if layer is self._layer:
            return
        self._layer = layer
        if layer is None:
            self._clear()
            return
        tiles = weight_tiles(layer)
        if self._tiles is None or len(tiles.captions) != len(self._tiles.captions):
            self._first = 0
        self._tiles = tiles
        self._description.set_text(self._describe(layer))
        self._show_page()

    def _clear(self) -> None:
        self._tiles = None
        self.grid.set_captions((" ",))
        self.grid.set_images(np.zeros((0, SIDE, SIDE), np.uint8))
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
        count = len(layer.scales)
        if layer.kind == "units":
            return self.tr("{} units, 28 × 28 weights each").format(count)
        if layer.kind == "filters" and layer.images is not None:
            side = layer.images.shape[-1]
            return self.tr("{} filters, {} × {} weights each").format(count, side, side)
        if layer.kind == "gates":
            return self.tr("GRU gates r (reset), z (update), n (new)")
        return self.tr("{}.").format(layer.reason)

    def _page_size(self) -> int:
        total = len(self._tiles.captions) if self._tiles is not None else 0
        capacities = [self.grid.capacity(scale) for scale in _SCALES]
        enough = (count for count in capacities if count >= min(_ENOUGH, total))
        return max(1, next(enough, capacities[-1]))

    def _show_page(self) -> None:
        if self._tiles is None:
            return
        size, total = self._page_size(), len(self._tiles.captions)
        self._first = min(self._first, max(0, (total - 1) // size * size))
        page = slice(self._first, self._first + size)
        self.grid.set_captions(self._tiles.captions[page])
        self.grid.set_images(error_image(self._tiles.images[page], current_theme()))
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
