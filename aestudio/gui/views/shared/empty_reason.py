"""A view's content, or instead of it one sentence that says why it is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QStackedWidget

from aestudio.gui.state.capabilities import no_codes, no_latent_space, no_reconstruction
from aestudio.gui.state.model_shape import taken_shape
from aestudio.gui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Reason:
    """Why a page is empty; a `button` with a text opens the shipped model.

    passing: whether the requests go on, because their next result may end it
    """

    icon: str
    sentence: str
    button: str = ""
    passing: bool = False


def no_meaning(sentence: str) -> Reason | None:
    """Why a page has no meaning for the shown model, a sentence of `capabilities`; None if that is empty."""
    return Reason("", sentence) if sentence else None


class EmptyReasonStack(QStackedWidget):
    """Shows the content, or a reason why it is empty. `helped()`: the button below the reason was clicked."""

    helped = Signal()

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason: Reason | None = None
        self.empty = EmptyState()
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
    """What every view needs and is not there: torch, a model or images; None if nothing is missing."""
    if state.torch_phase == "failed":
        return Reason(
            "warning",
            translate("EmptyReason", "PyTorch could not be loaded, so nothing can be computed."),
        )
    if state.model is None:
        sentence = translate(
            "EmptyReason", "Press Start to train the recipe, or open a model that is already trained."
        )
        return Reason("digit", sentence, translate("EmptyReason", "Open the shipped model"))
    sentence = misfit(state)
    if sentence:
        return Reason("layers", sentence)
    if state.image_set is None or not len(state.image_set):
        return Reason(
            "digit", translate("EmptyReason", "The images appear here as soon as a data set is loaded.")
        )
    return None


def misfit(state: StudioState) -> str:
    """A sentence if the shown model takes images of another shape than those that are loaded, else ""."""
    if state.snapshot is None or state.image_set is not None or state.data.phase == "loading":
        return ""
    loaded = state.loaded_image_sets
    if not loaded:
        return ""
    text = translate(
        "EmptyReason",
        "“{}” takes images of {}, and those of the data set are {}. Press Start to train the recipe on them, "
        "or choose the images that the model was trained on.",
    )
    if state.hidden_training is not None:
        text = translate(
            "EmptyReason",
            "“{}” takes images of {}, and those that are loaded are {}. Open it again to load its own; the "
            "training keeps the images that it has.",
        )
    elif state.comparison.active:
        text = translate(
            "EmptyReason",
            "“{}” takes images of {}, and those of the comparison are {}. Others can be chosen once that has "
            "ended.",
        )
    elif state.training.resumable:  # Start would resume the run, which takes its own images only
        text = translate(
            "EmptyReason",
            "“{}” takes images of {}, and those of the data set are {}. Reset to initial weights (Ctrl+R) to "
            "train the recipe on them, or choose the images that the model was trained on.",
        )
    shapes = (taken_shape(state.snapshot), loaded[0].image_shape)
    return text.format(state.model.title if state.model is not None else "", *map(str, shapes))


def reconstructs(state: StudioState) -> bool:
    """Whether the current model encodes and decodes images: neither a classifier nor a generator does."""
    return state.snapshot is not None and not no_reconstruction(state.snapshot)


def without_decoder(state: StudioState, instead: str) -> Reason:
    """This recipe decodes no images; `instead`: a sentence on what can be done."""
    title = "" if state.snapshot is None else state.snapshot.recipe.title
    sentence = translate(
        "EmptyReason", "“{}” predicts the class and decodes nothing, so there is no reconstruction. {}"
    )
    return Reason(
        "layers", sentence.format(title, instead), translate("EmptyReason", "Open a shipped autoencoder")
    )


def without_encoder(state: StudioState) -> Reason:
    """This recipe does not encode images."""
    title = "" if state.snapshot is None else state.snapshot.recipe.title
    sentence = translate(
        "EmptyReason",
        "“{}” does not encode images, so there is no reconstruction. The Latent view shows what it decodes.",
    )
    return Reason("layers", sentence.format(title), translate("EmptyReason", "Open a shipped autoencoder"))


def reason_not_to_reconstruct(state: StudioState, instead: str) -> Reason | None:
    """Why there are no reconstructions: something is missing, or the model does not encode or decode.

    instead: what can be done with a classifier
    """
    reason = missing(state)
    if reason is not None or reconstructs(state):
        return reason
    if no_codes(state.snapshot) and not no_latent_space(state.snapshot):
        return without_encoder(state)
    return without_decoder(state, instead)
