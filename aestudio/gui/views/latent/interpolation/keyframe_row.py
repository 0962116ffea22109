"""The keyframes of an interpolation: by default the selected image and one of another class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget

from aestudio.errors import StudioError
from aestudio.gui.inference.requests.interpolation_request import Interpolate
from aestudio.gui.state.capabilities import no_codes
from aestudio.gui.state.model_shape import usable
from aestudio.gui.state.workspace import Example
from aestudio.gui.views.latent.examples.example_images import ShownExamples
from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.views.latent.examples.example_row import ExampleRow
from aestudio.gui.widgets.layouts import fill, row
from aestudio.recipes.latent import NormalPrior

if TYPE_CHECKING:
    from typing import Any

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.requests.interpolation_request import Interpolated
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.examples.example_row import ExampleMime


class KeyframeRow(QWidget):
    """Shows and changes `state.workspace.keyframes`; shows two default keyframes while it is empty."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._defaults: tuple[Any, tuple[Example, ...]] = (None, ())
        self._problem = ""  # why there are no defaults
        self.add = ExampleMenu(session, self.tr("Add a keyframe"))
        self.add.chosen.connect(lambda example: self._insert(example, len(self._current())))
        self._empty = self.tr("Add keyframes with the button on the left.")
        self.row = ExampleRow(self.tr("Keyframes"), self._empty)
        self._examples = ShownExamples(self.row)
        self.row.removed.connect(self._remove)
        self.row.moved.connect(self._move)
        self.row.dropped.connect(self._dropped)
        self.row.activated.connect(self._go_to)
        self._animation: Interpolated | None = None
        row(self.add, fill(self.row), gap=4, on=self)

    def keyframes(self, state: StudioState) -> tuple[Example, ...]:
        """The user's keyframes, or the selected image and one of another class.

        Without codes of images: two samples of the prior; none if the prior is a user's own and fails.
        """
        if state.workspace.keyframes:
            return state.workspace.keyframes
        key: tuple[Any, ...] = (*state.image_sets, state.selected)
        if state.snapshot is not None and no_codes(state.snapshot):
            key = (state.snapshot.architecture.latent,)
        if self._defaults[0] != key:
            self._problem = ""
            self._defaults = key, self._default_keyframes(state)
        return self._defaults[1]

    def used(self, state: StudioState) -> tuple[Example, ...]:
        """The keyframes that the shown model can use."""
        return usable(self.keyframes(state), state)

    def _default_keyframes(self, state: StudioState) -> tuple[Example, ...]:
        if state.snapshot is not None and no_codes(state.snapshot):
            latent = state.snapshot.architecture.latent
            prior = latent.prior or NormalPrior(latent.size)
            try:
                samples = prior.sample(2, np.random.default_rng(0))
            except StudioError as problem:
                self._problem = str(problem)
                return ()
            return tuple(
                Example(self.tr("Sample {}").format(number), code=code)
                for number, code in enumerate(samples, 1)
            )
        if state.selected_image is None or len(state.image_sets[0]) < 2:
            return ()
        (images, index), test = state.selected_image, state.image_sets[0]
        second = (state.selected + 1) % len(test)
        if images.labels is not None and test.labels is not None:
            other_class = (test.labels != images.labels[index]).nonzero()[0]
            later = other_class[other_class > state.selected]
            if len(other_class):
                second = int(later[0] if len(later) else other_class[0])
        return self.add.digit(state.selected), self.add.digit(second)

    def show_state(self, state: StudioState, animation: Interpolated | None) -> None:
        """Show the keyframes; `animation` has the reconstructions of those without an image."""
        self._animation = animation
        self.row.set_empty(self._problem or self._empty)
        decoded = {}
        if animation is not None:
            frames = zip(animation.keyframes, animation.keyframe_indices, strict=True)
            decoded = {example: animation.images[frame] for example, frame in frames}
        self._examples.show((self.keyframes(state),), state, Interpolate.channel, decoded)

    def _current(self) -> tuple[Example, ...]:
        return self.keyframes(self._session.state)

    def _insert(self, example: Example, index: int) -> None:
        old = self._current()
        self._session.workspace.set_keyframes((*old[:index], example, *old[index:]))

    def _dropped(self, mime: ExampleMime, index: int) -> None:
        self._insert(mime.example, index)

    def _remove(self, index: int) -> None:
        old = self._current()
        self._session.workspace.set_keyframes((*old[:index], *old[index + 1 :]))

    def _move(self, index: int, target: int) -> None:
        changed = list(self._current())
        changed.insert(target, changed.pop(index))
        self._session.workspace.set_keyframes(tuple(changed))

    def _go_to(self, index: int) -> None:
        animation, used = self._animation, self.used(self._session.state)
        keyframe = self._current()[index]
        if animation is not None and animation.keyframes == used and keyframe in used:
            frame = animation.keyframe_indices[used.index(keyframe)]
            told = animation.conditions[frame] if animation.conditions else None
            self._session.explore.move_to(animation.codes[frame], told)
