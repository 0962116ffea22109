"""Examples in rows: their images, and going to one."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.views.latent.examples.image_row import Cell
from aestudio.gui.views.latent.examples.other_shape import unused_reason
from aestudio.gui.views.shared.condition_text import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Decoded, Example
    from aestudio.gui.views.latent.examples.example_row import ExampleRow
    from aestudio.inference.conditions import ConditionRow


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


class ShownExamples:
    """Shows examples in rows, each row again only if something that its images depend on has changed."""

    def __init__(self, *rows: ExampleRow) -> None:
        self._rows = rows
        self._shown = Shown()

    def show(
        self, groups: Iterable[tuple[Example, ...]], state: StudioState, source: object, decoded: Decoded
    ) -> None:
        """Show one group of examples in each row.

        source: what `decoded`, the reconstructions of those without an image, were taken from
        """
        groups, shape = tuple(groups), shown_shape(state)
        others = state.image_sets, state.workspace.bookmarks, state.ink_on_paper, str(shape)
        if not self._shown.differs(*chain.from_iterable(groups), *map(len, groups), source, *others):
            return
        for row, examples in zip(self._rows, groups, strict=True):
            row.set_image_shape(shape)
            row.set_cells(cells_of(examples, state, decoded), state.ink_on_paper)


def go_to(session: Session, example: Example, told: ConditionRow | None) -> None:
    """Select the image of an example, or move to its code.

    told: what a conditional model was told of an example that does not say it itself
    """
    if example.number is not None:
        session.explore.select(example.number)
    elif example.code is not None:
        session.explore.move_to(example.code, example.condition or told)
