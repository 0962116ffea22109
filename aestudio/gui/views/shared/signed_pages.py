"""Signed pictures, weights or activations, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.colours import error_image
from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length
from aestudio.gui.views.shared.error_maps import in_colour
from aestudio.gui.views.shared.tile_scales import tile_scales
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_grid import GAP, ImageGrid
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.theme.tokens import Theme
    from aestudio.gui.widgets.layouts import Item

_WHITE = 255


@dataclass(frozen=True, eq=False)
class SignedTiles:
    """images: float32 (N, C, H, W) in [-1, 1], zero beside the numbers; captions: one for each image."""

    images: NDArray[np.float32]
    captions: tuple[str, ...]


class SignedPages(QWidget):
    """A grid of signed pictures, and the buttons that turn its pages; subclasses lay them out.

    enough: pictures that must fit before they are shown larger
    largest, smallest: logical pixels of the longer side of a picture
    """

    def __init__(
        self, enough: int = 40, largest: int = 140, smallest: int = 56, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._enough, self._largest, self._smallest = enough, largest, smallest
        self._tiles: SignedTiles | None = None
        self._first = 0
        self.grid = ImageGrid()
        self.grid.set_captions(
            (" ",)
        )  # the height of the captions counts when it is measured how many pictures fit
        self.previous_page = IconButton("chevron-left", self.tr("Previous page"))
        self.next_page = IconButton("chevron-right", self.tr("Next page"))
        self.previous_page.clicked.connect(lambda: self._turn_pages(-1))
        self.next_page.clicked.connect(lambda: self._turn_pages(1))
        self._range = NumberLabel(self.tr("{} of {}").format("0000–0000", "0000"), role="muted")

    def lay_out(self, *above: Item) -> None:
        """Put the pictures below these rows, which have the buttons. Called once, by the subclass."""
        column(*above, fill(self.grid), gap=None, on=self)
        keep_length(self.grid, self._keep_a_row)
        QWidget.setTabOrder(self.previous_page, self.next_page)
        QWidget.setTabOrder(self.next_page, self.grid)

    @property
    def first(self) -> int:
        """The number of the first picture on the page."""
        return self._first

    def show_tiles(self, tiles: SignedTiles) -> None:
        """Show these pictures, on the same page if there are as many as before."""
        if self._tiles is None or len(tiles.captions) != len(self._tiles.captions):
            self._first = 0
        self._tiles = tiles
        if tiles.images.shape[-2:] != self.grid.image_size:
            self.grid.set_images(np.zeros((0, *tiles.images.shape[1:]), np.uint8))  # to measure how many fit
        self._show_page()

    def clear(self, shape: tuple[int, int, int]) -> None:
        """Show nothing. shape: of the pictures (C, H, W) that space is kept for."""
        self._tiles = None
        self.grid.set_captions((" ",))
        self.grid.set_images(np.zeros((0, *shape), np.uint8))
        self._range.set_text("")
        for button in (self.previous_page, self.next_page):
            button.setEnabled(False)

    def _page_size(self) -> int:
        total = len(self._tiles.captions) if self._tiles is not None else 0
        scales = tile_scales(self.grid.image_size, self._largest, self._smallest)
        capacities = [self.grid.capacity(scale) for scale in scales]
        enough = (count for count in capacities if count >= min(self._enough, total))
        return max(1, next(enough, capacities[-1]))

    def _show_page(self) -> None:
        if self._tiles is None:
            return
        size, total = self._page_size(), len(self._tiles.captions)
        self._first = min(self._first, max(0, (total - 1) // size * size))
        page = slice(self._first, self._first + size)
        self.grid.set_captions(self._tiles.captions[page])
        self.grid.set_images(coloured(self._tiles.images[page], current_theme()))
        last = min(total, self._first + size)
        self.previous_page.setEnabled(self._first > 0)
        self.next_page.setEnabled(last < total)
        visible = self.tr("{} of {}").format(f"{self._first + 1}–{last}", total)
        self._range.set_text(visible if total else "")

    def _turn_pages(self, pages: int) -> None:
        self._first = max(0, self._first + pages * self._page_size())
        self._show_page()

    def _keep_a_row(self, grid: ImageGrid, theme: Theme) -> None:
        """A row of the smallest pictures fits, with captions: otherwise a page has one picture only."""
        grid.setMinimumHeight(self._smallest + theme.px(theme.caption_size + 8) + 2 * GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_page()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._show_page()


def coloured(values: NDArray[np.float32], theme: Theme) -> NDArray[np.uint8]:
    """Numbers (N, C, H, W) from -1 to 1 as pictures uint8 (N, 3, H, W).

    Those of one channel in the colours of signed values; those of red, green and blue as a colour around
    middle grey.
    """
    if in_colour(values):
        return np.rint(_WHITE * (0.5 + values / 2)).astype(np.uint8)
    return error_image(values[:, 0], theme)
