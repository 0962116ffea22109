"""The image of an example in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.views.latent.examples.image_row import Item

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Decoded, Example


def image_of(example: Example, state: StudioState, decoded: Decoded) -> NDArray[np.uint8] | None:
    """uint8 (28, 28): the image or drawing itself, a bookmark's image, else its reconstruction."""
    if example.image is not None:
        return example.image
    if example.number is not None:
        place = state.image_at(example.number)
        return None if place is None else place[0].images[place[1], 0]
    for mark in state.workspace.bookmarks:
        if mark.code is example.code and mark.image is not None:
            return mark.image
    return decoded.get(example)


def items_of(examples: Iterable[Example], state: StudioState, decoded: Decoded) -> list[Item]:
    """The cells of a row."""
    return [Item(example, image_of(example, state, decoded), example.name) for example in examples]
