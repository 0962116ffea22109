"""Examples in rows: their images, and going to one."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.shown_step import other_step
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
    from aestudio.runs.bookmarks_file import Bookmark


def image_of(example: Example, state: StudioState, decoded: Decoded) -> NDArray[np.uint8] | None:
    """uint8 (C, H, W): the image or drawing itself, the reconstruction, or until then a bookmark's image."""
    if example.image is not None:
        return example.image
    if example.number is not None:
        found = state.image_at(example.number)
        if found is None:
            return None
        images, index = found
        return images.images[index]
    bookmark = _bookmark_of(example, state, decoded)
    return decoded.get(example) if bookmark is None else bookmark.image


def step_of(example: Example, state: StudioState, decoded: Decoded, step: int | None) -> int | None:
    """The step of the weights that decoded the image of an example, if everything else is of another one.

    step: of the reconstructions; while steps follow one another, these are a little behind all the time
    """
    if example.image is not None or example.number is not None:
        return None
    bookmark = _bookmark_of(example, state, decoded)
    if bookmark is not None:
        return other_step(bookmark.step, state)
    return None if state.step_advances or example not in decoded else other_step(step, state)


def _bookmark_of(example: Example, state: StudioState, decoded: Decoded) -> Bookmark | None:
    """The bookmark whose image is shown, because its code has not been decoded yet."""
    if example in decoded or example.code is None:
        return None
    marks = (mark for mark in state.workspace.bookmarks if mark.code is example.code)
    return next((mark for mark in marks if mark.image is not None), None)


def cells_of(
    examples: Iterable[Example], state: StudioState, decoded: Decoded, step: int | None
) -> list[Cell]:
    """The cells of a row of these examples. step: of `decoded`"""
    shape = shown_shape(state)
    return [
        Cell(
            example,
            image_of(example, state, decoded),
            example.name,
            unused_reason(example.image, shape),
            shown_text(state, example.condition),
            step_of(example, state, decoded, step),
        )
        for example in examples
    ]


class ShownExamples:
    """Shows examples in rows, each row again only if something that its images depend on has changed."""

    def __init__(self, *rows: ExampleRow) -> None:
        self._rows = rows
        self._shown = Shown()

    def show(
        self, groups: Iterable[tuple[Example, ...]], state: StudioState, channel: str, decoded: Decoded
    ) -> None:
        """Show one group of examples in each row.

        channel: of the value that `decoded`, the reconstructions of those without an image, were taken from
        """
        groups, shape, step = tuple(groups), shown_shape(state), state.step_of(channel)
        others = state.value(channel), state.image_sets, state.workspace.bookmarks, state.ink_on_paper
        every = tuple(chain.from_iterable(groups))
        steps = [step_of(example, state, decoded, step) for example in every]
        if not self._shown.differs(*every, *steps, *map(len, groups), str(shape), *others):
            return
        for row, examples in zip(self._rows, groups, strict=True):
            row.set_image_shape(shape)
            row.set_cells(cells_of(examples, state, decoded, step), state.ink_on_paper)


def go_to(session: Session, example: Example, told: ConditionRow | None) -> None:
    """Select the image of an example, or move to its code.

    told: what a conditional model was told of an example that does not say it itself
    """
    if example.number is not None:
        session.explore.select(example.number)
    elif example.code is not None:
        session.explore.move_to(example.code, example.condition or told)
