"""The images that a view shows: those that a lasso selected on the map, or the test set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.dataset import ImageSet, take
from aestudio.gui.state.shown import Shown

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

MOST = 10_000
"""Enough for every plot and grid here; more would take too long to copy on the window's own thread."""


class SelectedImages:
    """Copies a selection once and keeps it, so that requests about it stay equal."""

    def __init__(self) -> None:
        self._selection = Shown()
        self._images: ImageSet | None = None

    def of(self, state: StudioState) -> ImageSet | None:
        """The first `MOST` selected images as one set; the test set if nothing is selected."""
        if self._selection.differs(state.workspace.selection, state.image_set, state.data.dataset):
            selection = state.workspace.selection
            images = None if selection is None else take(state.image_sets, selection[:MOST])
            self._images = images if images is not None and len(images) else None
        return self._images or state.image_set

    def number(self, state: StudioState, index: int) -> int:
        """The number of the image at this index of the set, as `StudioState.image_at` counts."""
        selection = state.workspace.selection
        if self._images is None or selection is None:
            return index
        numbers = [number for number in selection[:MOST].tolist() if state.image_at(number) is not None]
        return numbers[index] if index < len(numbers) else index

    def selected(self, images: ImageSet) -> bool:
        """Whether these are the selected images."""
        return images is self._images
