"""The digits that a view shows: those that a lasso selected on the map, or the test set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.dataset import ImageSet, take
from aestudio.gui.state.shown import Shown

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

# Enough for every figure here; more would be copied on the window's own thread.
MOST = 10_000


class SelectedDigits:
    """Gathers a selection once and keeps it, so that questions about it stay equal."""

    def __init__(self) -> None:
        self._seen = Shown()
        self._found: ImageSet | None = None

    def of(self, state: StudioState) -> ImageSet | None:
        """The first 10,000 selected digits as one set; the test set where nothing is selected."""
        if self._seen.differs(state.workspace.selection, state.image_set, state.data.dataset):
            selection = state.workspace.selection
            found = None if selection is None else take(state.image_sets, selection[:MOST])
            self._found = found if found is not None and len(found) else None
        return self._found or state.image_set

    def number(self, state: StudioState, place: int) -> int:
        """The number of the digit at this place of the set, as `StudioState.image_at` counts."""
        selection = state.workspace.selection
        if self._found is None or selection is None:
            return place
        there = [number for number in selection[:MOST].tolist() if state.image_at(number) is not None]
        return there[place] if place < len(there) else place

    def selected(self, digits: ImageSet) -> bool:
        """Whether these are the selected ones."""
        return digits is self._found
