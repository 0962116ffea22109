"""What the row of images in the Train view is, as a sentence for its tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.condition_state import shown_kind
from aestudio.gui.views.shared.condition_text import own_text

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


def row_tip(state: StudioState) -> str:
    """Test images and their reconstructions; a model without codes of images shows samples."""
    architecture = None if state.snapshot is None else state.snapshot.architecture
    if architecture is not None and not architecture.encodes:
        text = translate("TrainView", "Samples: the same random codes, decoded by the newest weights")
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
