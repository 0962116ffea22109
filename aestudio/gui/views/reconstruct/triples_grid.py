"""A grid of images, each as original, reconstruction and signed error, with its class and loss below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Signal

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.views.shared.error_maps import error_map
from aestudio.gui.views.shared.tile_scales import tile_scales
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.analysis.reconstructions import Reconstructions
    from aestudio.datasets.dataset import ImageSet
    from aestudio.datasets.image_shape import ImageShape

_LONGEST = 24  # characters of a class name
_MEMBERS = 3  # of a triple
_ENOUGH, _ENOUGH_PRESENTED = 12, 6  # triples that must fit before they are shown larger
_LARGEST, _SMALLEST = 168, 56  # logical pixels of an image's longer side


class TriplesGrid(ImageGrid):
    """One triple per cell.

    `image_selected(index)`: the user chose this image of the set
    `image_hovered(index)`: this image is under the pointer, -1 for none
    `max_triples_changed()`: more or fewer triples fit
    """

    image_selected = Signal(int)
    image_hovered = Signal(int)
    max_triples_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Reconstructions | None = None
        self._images: ImageSet | None = None
        self._ink_on_paper = False
        self._shape = MNIST.image
        self._max_triples, self._enough = 0, _ENOUGH
        self._marked = -1
        self.set_captions((" ",))
        self.setAccessibleName(self.tr("Originals, reconstructions and errors"))
        self._set_tip()
        self.image_size_changed.connect(self._count_triples)
        self.selected_changed.connect(self._select_image)
        self.hovered.connect(self._hover_image)

    @property
    def max_triples(self) -> int:
        """How many triples fit, each as large as possible while enough of them are visible."""
        return self._max_triples

    def set_image_shape(self, shape: ImageShape) -> None:
        """Make room for images of this shape; removes images of another."""
        if shape == self._shape:
            return
        self._shape = shape
        self._value = self._images = None
        self._set_tip()
        self._show_none()

    def _set_tip(self) -> None:
        error = self.tr("signed error") if self._shape.grey else self.tr("signed error of the luminance")
        tip = self.tr("Original, reconstruction, {}; below, the class and the loss per image")
        self.setToolTip(tip.format(error))

    def show_triples(self, value: Reconstructions, images: ImageSet, ink_on_paper: bool) -> None:
        """Show these reconstructions of `images`; repaints only if something changed."""
        if value is self._value and ink_on_paper == self._ink_on_paper:
            return
        self._value, self._images, self._ink_on_paper = value, images, ink_on_paper
        self._paint_triples()

    def set_presented(self, presented: bool) -> None:
        """Show fewer and larger images to an audience."""
        enough = _ENOUGH_PRESENTED if presented else _ENOUGH
        if enough != self._enough:
            self._enough = enough
            self._count_triples()

    def clear(self) -> None:
        """Show none."""
        if self._value is not None:
            self._value = self._images = None
            self._show_none()

    def _show_none(self) -> None:
        self.set_images(np.zeros((0, *self._shape.array), np.uint8))
        self.set_captions((" ",))

    def mark(self, index: int) -> None:
        """Mark the selected image of the set, if it is among those shown."""
        self._marked = index
        cells = [] if self._value is None else np.flatnonzero(self._value.indices == index).tolist()
        self.set_selected(cells[0] if cells else -1)

    def _paint_triples(self) -> None:
        value = self._value
        if value is None or self._images is None:
            return
        pair = as_shown(np.stack([value.originals, value.reconstructed], axis=1), self._ink_on_paper)
        self.set_cells(pair, error_map(value.errors, current_theme())[:, None])
        labels, names = self._images.labels, self._images.class_names
        captions = []
        for index, loss in zip(value.indices.tolist(), value.loss.tolist(), strict=True):
            name = f"{index:,}" if labels is None else one_line(names[int(labels[index])], _LONGEST)
            captions.append(self.tr("{} · {}").format(name, f"{loss:.1f}"))
        self.set_captions(captions or (" ",))

    def _select_image(self, cell: int) -> None:
        if self._value is not None and 0 <= cell < len(self._value):
            self.image_selected.emit(int(self._value.indices[cell]))

    def _hover_image(self, cell: int) -> None:
        value = self._value
        self.image_hovered.emit(
            int(value.indices[cell]) if value is not None and 0 <= cell < len(value) else -1
        )

    def number_of(self, tile: int) -> tuple[int, int] | None:
        """The image of the set at a tile, and which of the three the tile is; None without a triple there."""
        cell, member = divmod(tile, _MEMBERS)
        value = self._value
        return (int(value.indices[cell]), member) if value is not None and cell < len(value) else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.mark(self._marked)  # reaching the grid by Tab selects nothing

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._count_triples()

    def _count_triples(self) -> None:
        scales = tile_scales(self.image_size, _LARGEST, _SMALLEST)
        capacities = [self.capacity(scale, images=3) for scale in scales]
        max_triples = next((count for count in capacities if count >= self._enough), max(1, capacities[-1]))
        if max_triples != self._max_triples:
            self._max_triples = max_triples
            self.max_triples_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._paint_triples()
