"""What the row of images in the Train view is, and why it or the curves are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.inference.requests.reconstruction_row_request import ReconstructionRow
from aestudio.gui.state.condition_state import shown_kind
from aestudio.gui.views.shared.condition_text import own_text

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


def row_tip(state: StudioState) -> str:
    """Test images and their reconstructions; a model without codes of images shows samples."""
    architecture = None if state.snapshot is None else state.snapshot.architecture
    if architecture is not None and not architecture.encodes:
        text = translate(
            "TrainView", "Samples: the same random codes, decoded by the weights of the shown step"
        )
        told = {
            "none": "",
            "labels": translate("TrainView", "as the classes of the first images"),
            "factors": translate("TrainView", "with the factors of the first images"),
        }[shown_kind(state)]
        return translate("TrainView", "{}, {}").format(text, told) if told else text
    if architecture is not None and not architecture.decodes:
        return translate("TrainView", "Test images; this model decodes nothing")
    text = translate("TrainView", "Test images, and below each its current reconstruction")
    return translate("TrainView", "{}, {}").format(text, own_text(state)) if own_text(state) else text


def row_hint(state: StudioState) -> str:
    """Why there are no images, or not those of the shown weights; "" if there is nothing to say."""
    channel = ReconstructionRow.channel
    waits = state.value(channel) is None and channel in state.pending
    return state.problem(channel) or (translate("TrainView", "Decoding the images ...") if waits else "")


def why_empty(state: StudioState) -> str:
    """Why there are no curves, or what brings them."""
    if state.hidden_training is not None:
        return translate("TrainView", "Nothing was recorded of this model's training.")
    if state.training.active:
        return translate("TrainView", "The loss appears here with the first steps.")
    return translate("TrainView", "Press Start: the loss appears here as it falls.")
