"""The first layer's weights, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aestudio.datasets.image_shape import MNIST, size_text
from aestudio.gui.views.features.weight_tiles import weight_tiles
from aestudio.gui.views.shared.error_maps import in_colour
from aestudio.gui.views.shared.error_scale import ErrorScale
from aestudio.gui.views.shared.signed_pages import SignedPages
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.layouts import fill, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from aestudio.analysis.first_layer import FirstLayer, LayerKind
    from aestudio.datasets.image_shape import ImageShape

_LINES = 2  # of the layer's description, if the view is narrow


class WeightPages(SignedPages):
    """A grid of signed images; above it a description and the buttons that turn the pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._layer: FirstLayer | None = None
        self._shape = MNIST.image
        self.grid.setAccessibleName(self.tr("First-layer weights"))
        self.grid.hovered.connect(self._hovered)
        self.grid.setToolTip(self.tr("One image per unit, numbered; each in units of its largest weight"))
        self.description = FixedCaption(_LINES)
        self.description.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._scale = ErrorScale(self.tr("negative"), self.tr("positive"))
        self._scale.setToolTip(self.tr("Full colour: the largest weight of that unit, by magnitude"))
        title = label(self.tr("First layer"), "label")
        pages = (self.previous_page, self._range, self.next_page)
        self.lay_out(row(title, fill(self.description), self._scale, 8, *pages))

    def show_layer(self, layer: FirstLayer | None, shape: ImageShape) -> None:
        """Show the weights, on the same page if the layer has the same size as before; None: show none.

        shape: of the images that the model takes
        """
        if layer is self._layer and shape == self._shape:
            return
        self._layer, self._shape = layer, shape
        if layer is None:
            self.clear(shape.array)
            self.description.set_text("")
            return
        tiles = weight_tiles(layer, shape)
        self._scale.setVisible(not in_colour(tiles.images))
        self.description.set_text(self._describe(layer))
        self.show_tiles(tiles)

    def _hovered(self, cell: int) -> None:
        """Show the scale of the unit under the pointer, or describe the layer if there is none."""
        layer = self._layer
        if layer is None:
            return
        unit = self.first + cell
        if cell < 0 or layer.kind == "gates" or unit >= len(layer.scales):
            self.description.set_text(self._describe(layer))
        else:
            text = self.tr("unit {}: largest weight {}, by magnitude")
            self.description.set_text(text.format(unit, f"{layer.scales[unit]:.3f}"))

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
