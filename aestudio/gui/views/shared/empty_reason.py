"""A view's content, or in its place the one sentence that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate

OPEN_SHIPPED = "conv-vae-2d"


@dataclass(frozen=True)
class Reason:
    """Why there is nothing to show; `button` opens the shipped model where it has a text."""

    icon: str
    sentence: str
    button: str = ""


class EmptyReasonStack(QStackedWidget):
    """Shows the content where there is no reason against it. `helped()`: its button was pressed."""

    helped = Signal()

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason: Reason | None = None
        self.empty = EmptyState("digit", "")
        self.empty.pressed.connect(self.helped)
        self.addWidget(content)
        self.addWidget(self.empty)

    @property
    def reason(self) -> Reason | None:
        """Why the content is not shown, or None."""
        return self._reason

    def set_reason(self, reason: Reason | None) -> None:
        """Show the content (None) or the reason."""
        if reason != self._reason:
            self._reason = reason
            if reason is not None:
                self.empty.set_state(reason.icon, reason.sentence, reason.button)
            self.setCurrentIndex(0 if reason is None else 1)


def missing(state: StudioState) -> Reason | None:
    """What every view lacks now: a model, digits or torch; None where all are there."""
    if state.torch_phase == "failed":
        return Reason(
            "warning",
            translate("EmptyReason", "PyTorch could not be loaded, so there is nothing to compute with."),
        )
    if state.model is None:
        sentence = translate(
            "EmptyReason", "Press Start to train the recipe, or open a model that is trained already."
        )
        return Reason("digit", sentence, translate("EmptyReason", "Open the shipped model"))
    if state.image_set is None or not len(state.image_set):
        return Reason(
            "digit", translate("EmptyReason", "The images appear here as soon as a dataset is loaded.")
        )
    return None


def decodes(state: StudioState) -> bool:
    """Whether the current model decodes images: a classifier does not."""
    return state.snapshot is not None and state.snapshot.recipe.objective.code != "none"


def without_decoder(state: StudioState, instead: str) -> Reason:
    """Says that this recipe decodes no images, and what can be done instead."""
    title = "" if state.snapshot is None else state.snapshot.recipe.title
    sentence = translate(
        "EmptyReason", "“{}” predicts the class and decodes nothing, so there is no reconstruction. {}"
    )
    return Reason(
        "layers", sentence.format(title, instead), translate("EmptyReason", "Open a shipped autoencoder")
    )
