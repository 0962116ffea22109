"""Why a command of the training, the history or the code cannot be done now, from the state alone.

Each function returns a translated sentence, "" if it can be done: a key that does nothing says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.codec.lossless_models import no_lossless
from aestudio.gui.state.capabilities import no_codes, no_latent_space
from aestudio.gui.state.training_group import group_phase

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import TrainingGroup
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


def no_training(state: StudioState) -> str:
    """Nothing is trained in the Train view that could be stopped."""
    if group_phase(state, "training") in ("idle", "ended") and state.comparison.active:
        return translate("obstacles", "Runs of a comparison are trained: stop them in the Compare view.")
    return _not_trained(state, "training")


def no_comparison(state: StudioState) -> str:
    """No runs of the Compare view are trained that could be stopped."""
    if group_phase(state, "comparison") in ("idle", "ended") and state.training.active:
        return translate("obstacles", "A single run is trained: stop it in the Train view.")
    return _not_trained(state, "comparison")


def _not_trained(state: StudioState, group: TrainingGroup) -> str:
    phase = group_phase(state, group)
    if phase == "stopping":
        return translate("obstacles", "The training is being stopped already.")
    return translate("obstacles", "Nothing is trained now.") if phase in ("idle", "ended") else ""


def no_step(state: StudioState, group: TrainingGroup = "training") -> str:
    """A training begins or ends just now, and takes no orders meanwhile."""
    return {
        "preparing": translate("obstacles", "The training begins just now: try again when it runs."),
        "stopping": translate("obstacles", "The training is being stopped: try again when it has ended."),
    }.get(group_phase(state, group), "")


def no_history(state: StudioState) -> str:
    """There are no checkpoints to go through, or they are of a run that the view in front does not show."""
    if state.view == "compare" and state.comparison.runs:
        return translate("obstacles", "Open one of the compared runs to go back to its checkpoints.")
    if state.history.usable:
        return ""
    return translate("obstacles", "There are no checkpoints yet: train a model, or open a run of yours.")


def no_earlier(state: StudioState) -> str:
    """The first checkpoint is shown."""
    first = state.history.index == 0 and state.history.requested is None
    return no_history(state) or (translate("obstacles", "This is the first checkpoint.") if first else "")


def no_later(state: StudioState) -> str:
    """The newest weights are shown."""
    history = state.history
    newest = history.step is None and history.requested is None and not history.playing
    return no_history(state) or (
        translate("obstacles", "The newest weights are shown already.") if newest else ""
    )


def no_images(state: StudioState) -> str:
    """No data set is loaded."""
    return "" if state.image_set is not None else translate("obstacles", "There are no images yet.")


def no_image_beside(state: StudioState, places: int) -> str:
    """There is no image this number of places after the selected one in its set, or before it if negative."""
    here, there = state.selected_image, state.image_at(state.selected + places)
    if no_images(state):
        return no_images(state)
    if here is None:
        return translate("obstacles", "The shown model takes images of another size than these.")
    if there is not None and there[0] is here[0]:
        return ""
    if places < 0:
        return translate("obstacles", "This is the first image.")
    return translate("obstacles", "This is the last image.")


def no_code(state: StudioState) -> str:
    """There is no code to move, or to keep."""
    if state.snapshot is None:
        return translate("obstacles", "There is no model yet: train one, or open a run.")
    return no_latent_space(state.snapshot)


def no_lossless_file(state: StudioState) -> str:
    """The shown model cannot compress images without loss, or there are none."""
    if state.snapshot is None or state.selected_image is None:
        return no_code(state) or no_images(state) or no_image_beside(state, 0)
    reason = no_lossless(state.snapshot.architecture)
    return f"{reason}." if reason else ""


def no_way_back(state: StudioState) -> str:
    """The sliders have not left the code of the image, or the first one if images have no codes."""
    snapshot = state.snapshot
    if no_code(state) or snapshot is None:
        return no_code(state)
    if state.exploration.set_by_user or snapshot.run_key in state.chosen_conditions:
        return ""
    if no_codes(snapshot):
        return translate("obstacles", "The sliders are at the first code already.")
    return translate("obstacles", "The sliders are at the image's code already.")


def no_decoded_code(state: StudioState) -> str:
    """There is no code to bookmark."""
    missing = state.exploration.decoded_code is None
    return no_code(state) or (translate("obstacles", "The code is being computed.") if missing else "")
