"""Intents about exploring: the selected image, the point of the latent space, the drawing.

A dragged slider is decoded at once on the window's own thread, with a module that the worker fills: 2 to
4 ms, compared with 12 to 17 ms through a busy thread (measured; no shipped recipe needs more than 2.2 ms of
a core). A random code of a learned prior can need much more, and is a request.

Longer than other files, because everything that moves the code shares locks, transform, module and Undo.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.analysis.code_limit import LARGEST, too_large
from aestudio.errors import StudioError
from aestudio.gui.controllers.condition_choice import choose, take
from aestudio.gui.inference.decoded_point import decode_point
from aestudio.gui.inference.requests.exploration_request import (
    DrawCode,
    Inspect,
    InspectHovered,
    PrepareSlider,
    SpareModules,
)
from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
from aestudio.gui.state.capabilities import is_discrete
from aestudio.gui.state.chosen_by_run import remembered
from aestudio.gui.state.condition_state import class_rows, shown_condition
from aestudio.gui.state.effects.reactions import ComputeShown, DecodeAgain, SetFirstCode, ShowEarlyImage
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.model_state import first_code, random_code
from aestudio.gui.state.reducers import with_ranges
from aestudio.gui.state.studio_state import Exploration, PlaneChoice
from aestudio.gui.state.workspace import Workspace, latent_transform_of
from aestudio.inference.early_decoder import EarlyDecoder, early_decoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.inference.decoded_point import DecodedPoint, PointDecoder
    from aestudio.gui.state.studio_state import MapChoice, Result
    from aestudio.gui.state.workspace import LatentTransform
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.events import RunKey

translate = QCoreApplication.translate

_GREY_AXES = 2  # of a drawing in grey, (h, w)


class ExploreController:
    """Selects images and moves the point in the latent space."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._frozen_model: PointDecoder | None = None
        self._spare = SpareModules()
        store.react_with(ComputeShown, lambda _: self._compute_shown())
        store.react_with(SetFirstCode, lambda _: self._begin())
        store.react_with(ShowEarlyImage, lambda _: self._show_early_image())
        store.react_with(DecodeAgain, lambda reaction: self._decode_again(reaction.transformed))

    # ---- images -----------------------------------------------------------------------------------

    def select(self, index: int) -> None:
        """Select this image in every view, by its number, and start exploring from its code."""
        if self._store.state.image_at(index) is None:
            return
        self._store.intents.remember(translate("workspace", "another image"), "select")
        self._follow_selected()
        take(self._store, None)
        if index != self._store.state.selected:
            self._store.update(selected=index)
        else:
            self._follow(self._store.state.results.get(Inspect.channel))

    def select_random(self) -> None:
        """Select an image at random."""
        image_set = self._store.state.image_set
        if image_set is not None:
            self.select(int(np.random.default_rng().integers(len(image_set))))

    def hover(self, index: int) -> None:
        """Set the image under the pointer; -1 for none."""
        known = self._store.state.image_at(index) is not None
        if index != self._store.state.hovered:
            self._store.update(hovered=index if known else -1)

    def choose_plane(self, choice: PlaneChoice) -> None:
        """Take another plane through the latent space for map and grid."""
        self._store.update(plane=choice)

    def choose_map(self, choice: MapChoice) -> None:
        """Choose the images, the colours and the overlay of the map."""
        if choice != self._store.state.map_choice:
            self._store.update(map_choice=choice)

    def draw(self, canvas: NDArray[np.uint8]) -> None:
        """Take a drawing as an image of the shown model's shape, a grey one normalised as MNIST's digits are.

        canvas: uint8 (h, w) in grey, or (3, h, w) in colour, which a model of grey images does not take
        """
        from aestudio.datasets.handwriting import drawing_as_image

        shape = shown_shape(self._store.state)
        fits = canvas.any() and (canvas.ndim == _GREY_AXES or not shape.grey)
        self._store.update(drawing=drawing_as_image(canvas, shape) if fits else None)

    # ---- the point in the latent space ------------------------------------------------------------

    def move_to(self, code: NDArray[np.float32], condition: ConditionRow | None = None) -> None:
        """Show the image of this code, float32 (L,), at once.

        condition: what a conditional model is told of it from now on; None: what it was told before
        A code of another length, from an animation or a map that is about to be replaced, is ignored.
        """
        model = self._store.state.model
        if model is not None and model.snapshot.architecture.latent.size != len(code):
            return
        self._move(code, self.latent_transform(len(code)), condition)

    def _move(
        self, code: NDArray[np.float32], transform: LatentTransform, condition: ConditionRow | None = None
    ) -> None:
        self._store.intents.remember(translate("workspace", "move"), "point")
        if condition is not None:
            take(self._store, condition)
        code = transform.with_locks(code, self._store.state.exploration.code)
        self._show(code, set_by_user=True, transform=transform)

    def move_decoded_code_to(
        self, decoded_code: NDArray[np.float32], condition: ConditionRow | None = None
    ) -> None:
        """Move the decoded code, float32 (L,); shift the slider code by the same offset.

        condition: as in `move_to`
        """
        point = self._store.state.exploration
        if point.code is None or point.decoded_code is None or len(point.decoded_code) != len(decoded_code):
            self.move_to(decoded_code, condition)
        else:
            moved = point.code + (decoded_code - point.decoded_code)
            self.move_to(moved.astype(np.float32), condition)

    def choose_condition(self, condition: ConditionRow | None) -> None:
        """Decode as this class, or with these factors, from now on; None: those of the selected image."""
        choose(self._store, condition)

    def choose_class(self, label: int) -> None:
        """Decode as this class from now on; nothing happens for a model that is told no class."""
        rows = class_rows(self._store.state)
        if 0 <= label < len(rows):
            self.choose_condition(rows[label])

    def return_to(
        self, code: NDArray[np.float32], following: bool = False, condition: ConditionRow | None = None
    ) -> None:
        """Go back to a code, float32 (L,), by Undo: ignore locks, and add nothing to the undo history.

        following: the code was that of the selected image; take what the model makes of it now
        condition: what had been chosen that a conditional model is told; None: nothing
        """
        take(self._store, condition)
        model = self._store.state.model
        if model is not None and model.snapshot.architecture.latent.size == len(code):
            self._show(code, set_by_user=not following)
            if following:
                self._follow(self._store.state.results.get(Inspect.channel))

    def _show(
        self, code: NDArray[np.float32], set_by_user: bool, transform: LatentTransform | None = None
    ) -> None:
        """Decode a code and show it. transform: the one that applies, if it is known already"""
        if too_large(code):
            text = translate("session", "A code with numbers as large as {} is not shown: up to {} can be.")
            self._store.show_message(text.format(f"{np.abs(code).max():.3g}", f"{LARGEST:.0e}"), "warn")
            return
        began = time.perf_counter()
        transform = self.latent_transform(len(code)) if transform is None else transform
        decoded_code = transform.decoded_code(code)
        frozen_model, old = self._own_frozen_model(), self._store.state.exploration
        told = shown_condition(self._store.state)
        decoded = None if frozen_model is None else self._decode(frozen_model, decoded_code, told)
        if frozen_model is not None and decoded is not None:
            step, (image, entries, density) = frozen_model.snapshot.step, decoded
            shown = Exploration(code, decoded_code, image, began, set_by_user, step, told, entries, density)
        elif frozen_model is None or frozen_model.snapshot.architecture.latent.size != len(code):
            # the image comes with the module
            shown = Exploration(code, decoded_code, old.image, 0.0, set_by_user, old.step, old.condition)
        else:
            shown = Exploration(code, decoded_code, set_by_user=set_by_user, condition=told)
        self._store.move(shown, chosen_codes=self._chosen_codes(code if set_by_user else None))

    def _follow_selected(self) -> None:
        """From now on the code is that of the selected image."""
        exploration = replace(self._store.state.exploration, set_by_user=False)
        self._store.update_quietly(exploration=exploration, chosen_codes=self._chosen_codes(None))

    def _chosen_codes(self, code: NDArray[np.float32] | None) -> Mapping[RunKey, NDArray[np.float32]]:
        """The codes that the user chose, by run, with this one for the run that is shown; None: forget it."""
        state, chosen = self._store.state, self._store.state.chosen_codes
        if state.snapshot is None or (code is None and not chosen):
            return chosen
        return remembered(chosen, state.snapshot.run_key, code)

    def _own_frozen_model(self) -> PointDecoder | None:
        """The module, if it is of the run that is shown: another run's codes mean nothing to it."""
        frozen_model, snapshot = self._frozen_model, self._store.state.snapshot
        if frozen_model is None or snapshot is None:
            return None
        return frozen_model if frozen_model.snapshot.run_key == snapshot.run_key else None

    def latent_transform(self, size: int) -> LatentTransform:
        """What is applied between the sliders and the decoder, for codes of this length."""
        state = self._store.state
        if is_discrete(state.snapshot):  # there is nothing to mute, and no direction
            return latent_transform_of(Workspace(), size, None)
        statistics = state.value("sliders")
        axes = None if statistics is None else statistics.axes_of(state.workspace.sliders.basis)
        return latent_transform_of(state.workspace, size, axes)

    def _with_locks(self, code: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.latent_transform(len(code)).with_locks(code, self._store.state.exploration.code)

    def _decode_again(self, transformed: bool) -> None:
        """Decode the same code as it is meant now, unless its image has just been replaced by another."""
        state = self._store.state
        code, exploration = state.exploration.code, state.exploration
        if not transformed and self._own_frozen_model() is None:
            return  # the module is being made, and decodes when it is there
        if code is not None and not self._code_is_coming():
            self._show(code, exploration.set_by_user)

    def move_slider(self, index: int, value: float) -> None:
        """Move one slider to a coordinate of its axis (of the basis that is shown)."""
        code = self._store.state.exploration.code
        if code is not None and index not in self._store.state.workspace.sliders.locked:
            transform = self.latent_transform(len(code))
            self._move(transform.axes.with_coordinate(code, index, value), transform)

    def move_sliders(self, values: Mapping[int, float]) -> None:
        """Move several sliders at once, as an animation does: Undo goes back to its start only."""
        code, locked = self._store.state.exploration.code, self._store.state.workspace.sliders.locked
        free = {index: value for index, value in values.items() if index not in locked}
        if code is not None and free:
            transform = self.latent_transform(len(code))
            moved = transform.axes.with_coordinates(code, free, np.array(list(free.values())))
            self._show(moved, set_by_user=True, transform=transform)

    def move_dimension(self, index: int, value: float) -> None:
        """Move one number of the code."""
        code = self._store.state.exploration.code
        if code is not None and 0 <= index < len(code):
            moved = code.copy()
            moved[index] = value
            self.move_to(moved)

    def reset(self) -> None:
        """Back to the code of the selected image, and to its class; to `first_code` if images have none."""
        self._follow_selected()
        take(self._store, None)
        if not self._follow(self._store.state.results.get(Inspect.channel)):
            model = self._store.state.model
            if model is not None and self._store.state.exploration.code is not None:
                self._show(self._with_locks(first_code(model)), set_by_user=False)

    def sample_prior(self) -> None:
        """A random code: from the prior, or within the data's ranges if the model has none."""
        model, generator = self._store.state.model, np.random.default_rng()
        if model is None:
            return
        if model.snapshot.architecture.latent.learned_prior:
            self._store.request([DrawCode(model.snapshot, int(generator.integers(2**63)))])
            return
        try:
            self.move_to(random_code(model, generator))
        except StudioError as problem:
            self._store.show_message(str(problem), "warn")

    def _decode(
        self, frozen_model: PointDecoder, code: NDArray[np.float32], condition: ConditionRow | None
    ) -> DecodedPoint | None:
        """As `decode_point`; None with a message if a user's own part failed."""
        try:
            return decode_point(frozen_model, code, condition)
        except StudioError as problem:
            self._store.show_message(str(problem), "warn")
            return None

    # ---- keeping up with the model ----------------------------------------------------------------

    def _compute_shown(self) -> None:
        """Request a slider module of the shown model, and its codes of the selected and hovered image."""
        state = self._store.state
        if state.model is None:
            return
        snapshot = state.model.snapshot
        requests: list = [PrepareSlider(snapshot, self._spare)]
        if state.selected_image is not None:
            requests.append(Inspect(snapshot, state.image_sets, state.selected))
        if state.image_at(state.hovered) is not None:
            requests.append(InspectHovered(snapshot, state.image_sets, state.hovered))
        self._store.request(requests)

    def _show_early_image(self) -> None:
        """Decode the code that came with a shipped model, until torch is imported."""
        model, selected = self._store.state.model, self._store.state.selected
        if model is None or model.shipped_codes is None:
            return
        if self._own_frozen_model() is None:
            self._frozen_model = early_decoder(model.snapshot)
        if self._frozen_model is not None:
            self._show(model.shipped_codes.mean[selected], set_by_user=False)

    def after_result(self, channel: str, result: Result) -> None:
        """Use a slider module, an image's code, or the map that gives the sliders their ranges."""
        if channel == DrawCode.channel and result.problem is None:
            self.move_to(result.value)
        elif channel == DrawCode.channel:
            self._store.show_message(str(result.problem), "warn")
        elif result.problem is not None and channel == Inspect.channel:
            self._show_again()  # the module was waiting for this code
        elif result.problem is not None:
            self._begin()
        elif channel == PrepareSlider.channel:
            self._take_over(result.value)
            self._show_again()
        elif channel == Inspect.channel:
            follows = self._store.state.exploration.following and not self._module_is_coming(result)
            if not (follows and self._follow(result)) and (result.value is None or result.value.code is None):
                self._show_again()  # images have no codes here, but the module has waited for this one
            self._begin()  # a classifier has no code to follow
        elif channel == LatentMapRequest.channel:
            self._store.set_state(with_ranges(self._store.state, result.value.ranges.astype(np.float32)))

    def _take_over(self, frozen_model: FrozenModel) -> None:
        """Decode with this module from now on; the one before is filled next, on the other thread."""
        before, self._frozen_model = self._frozen_model, frozen_model
        if before is not None and before is not frozen_model and not isinstance(before, EarlyDecoder):
            self._spare.give(before)

    def _show_again(self) -> None:
        """Decode with the module that has come; the code of the image once it is of the same step."""
        state = self._store.state
        exploration = state.exploration
        inspected = state.results.get(Inspect.channel) if exploration.following else None
        if inspected is not None and (
            self._module_is_coming(inspected) or (self._same_step(inspected) and self._follow(inspected))
        ):
            return
        if exploration.code is None:
            self._begin()
        elif not self._code_is_coming():
            self._show(exploration.code, exploration.set_by_user)

    def _same_step(self, inspected: Result) -> bool:
        """Whether the module has the weights that made this code."""
        frozen_model = self._own_frozen_model()
        return frozen_model is not None and frozen_model.snapshot is inspected.request.snapshot

    def _module_is_coming(self, inspected: Result) -> bool:
        """Whether the module is of another step than this code, and one that suits it is about to come."""
        if self._own_frozen_model() is None or inspected.value is None or inspected.value.code is None:
            return False
        return PrepareSlider.channel in self._store.state.pending and not self._same_step(inspected)

    def _code_is_coming(self) -> bool:
        """Whether the image's code, and with it its condition, is about to be replaced."""
        state = self._store.state
        return state.exploration.following and Inspect.channel in state.pending

    def _begin(self) -> None:
        """Set the first code of a run: the one the user chose last, the selected image's, or `first_code`."""
        state = self._store.state
        if state.model is None or state.snapshot is None or state.exploration.code is not None:
            return
        chosen = state.chosen_codes.get(state.snapshot.run_key)
        if chosen is not None:
            self._show(chosen, set_by_user=True)
        elif Inspect.channel not in state.pending and self._own_frozen_model() is not None:
            self._show(first_code(state.model), set_by_user=False)

    def _follow(self, result: Result | None) -> bool:
        """Move to the selected image's code; False if it is not known (yet)."""
        state = self._store.state
        if result is None or result.value is None or result.value.code is None:
            return False
        if result.request.index != state.selected or result.request.image_sets != state.image_sets:
            return False
        self._show(self._with_locks(result.value.code), set_by_user=False)
        return True
