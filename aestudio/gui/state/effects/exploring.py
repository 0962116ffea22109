"""The point of the latent space follows the model, the image and what the decoder is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.effects.reactions import (
    ComputeShown,
    DecodeAgain,
    Reaction,
    SetFirstCode,
    ShowEarlyImage,
)

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def compute_shown(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another model, another image, or requests can be computed from now on."""
    if after.model is None or not after.inference_ready:
        return ()
    return () if _computed_from(before) == _computed_from(after) else (ComputeShown(),)


def _computed_from(state: StudioState) -> tuple[object, ...]:
    sets = tuple(map(id, state.image_sets))
    return state.inference_ready, id(state.snapshot), sets, state.selected, state.hovered


def set_first_code(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """A model is shown, and no code yet."""
    missing = after.model is not None and after.inference_ready and after.exploration.code is None
    return (SetFirstCode(),) if missing else ()


def show_early_image(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """A shipped model waits for torch: the code of the selected image came with it.

    Not if other images have been loaded: the code belongs to an image of the preview.
    """
    waits = after.model is not None and not after.inference_ready and after.exploration.code is None
    return (ShowEarlyImage(),) if waits and _is_of_preview(after) else ()


def _is_of_preview(state: StudioState) -> bool:
    shown, preview, index = state.selected_image, state.preview_images, state.selected
    if state.model is None or state.model.shipped_codes is None or shown is None or preview is None:
        return False
    return index < len(preview) and np.array_equal(shown[0].images[shown[1]], preview.images[index])


def decode_again(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Mutes, solos, directions or components have changed, or the condition is not that of the image."""
    exploration = after.exploration
    if after.model is None or not after.inference_ready or exploration.code is None:
        return ()
    sliders, basis = after.workspace.sliders, after.workspace.sliders.basis
    transformed = (
        sliders is not before.workspace.sliders
        or after.workspace.directions is not before.workspace.directions
        or (basis == "components" and after.value("sliders") is not before.value("sliders"))
    )
    told_otherwise = exploration.image is not None and exploration.condition != shown_condition(after)
    return (DecodeAgain(transformed),) if transformed or told_otherwise else ()
