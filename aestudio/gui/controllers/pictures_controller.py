"""Intents about pictures that the user opened or dropped: each is reconstructed as a drawing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.pictures import Pictures


class PicturesController:
    """Chooses which of the opened pictures is reconstructed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def show(self, pictures: Pictures) -> None:
        """Take opened pictures, and reconstruct the chosen one."""
        self._store.update(pictures=pictures, drawing=pictures.image)

    def choose(self, index: int) -> None:
        """Take another one of the opened pictures."""
        if self._store.state.pictures is not None:
            self.show(self._store.state.pictures.with_chosen(index))

    def show_again(self, image: NDArray[np.uint8]) -> None:
        """Reconstruct this image, uint8 (C, H, W), as it is: it is on a drawing pad that is visible again."""
        if self._store.state.drawing is not image:
            self._store.update(drawing=image)
