"""The image of an example in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.views.latent.examples.image_row import Cell
from aestudio.gui.views.latent.examples.other_shape import unused_reason
from aestudio.gui.views.shared.condition_text import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Decoded, Example


def image_of(example: Example, state: StudioState, decoded: Decoded) -> NDArray[np.uint8] | None:
    """uint8 (C, H, W): the image or drawing itself, a bookmark's image, or the reconstruction."""
    if example.image is not None:
        return example.image
    if example.number is not None:
        found = state.image_at(example.number)
        if found is None:
            return None
        images, index = found
        return images.images[index]
    for bookmark in state.workspace.bookmarks:
        if bookmark.code is example.code and bookmark.image is not None:
            return bookmark.image
    return decoded.get(example)


def cells_of(examples: Iterable[Example], state: StudioState, decoded: Decoded) -> list[Cell]:
    """The cells of a row of these examples."""
    shape = shown_shape(state)
    return [
        Cell(
            example,
            image_of(example, state, decoded),
            example.name,
            unused_reason(example.image, shape),
            shown_text(state, example.condition),
        )
        for example in examples
    ]
