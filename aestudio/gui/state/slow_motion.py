"""From where a training is looked at in slow motion: a frozen value, and why there is none. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.recipes.run_titles import title_among
from aestudio.training.spec import RunSpec

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Checkpoint

translate = QCoreApplication.translate


@dataclass(frozen=True, eq=False)
class Beginning:
    """spec, dataset, checkpoint: of the training; None for one that has not begun. title: of the run"""

    spec: RunSpec
    dataset: Dataset
    checkpoint: Checkpoint | None
    title: str


def no_slow_motion(state: StudioState) -> str:
    """Why no step can be looked at now, a sentence; "" if one can."""
    if state.training.phase in ("running", "preparing", "stopping"):
        return translate("slow motion", "Pause the training first: its next step is looked at.")
    if state.comparison.active:
        return translate("slow motion", "Runs are compared: end the comparison first.")
    if state.torch_phase != "ready" or state.training_data.dataset is None:
        return translate("slow motion", "The images are not loaded yet.")
    if state.recipe.objective.exact or any(phase.exact for phase in state.recipe.objective.phases()):
        return translate("slow motion", "This recipe computes its weights at once, without steps.")
    return ""


def beginning_of(state: StudioState) -> Beginning | None:
    """The next step of the training, or the first one of the recipe; None if there is none."""
    dataset, checkpoint = state.training_data.dataset, state.training.checkpoint
    if no_slow_motion(state) or dataset is None:
        return None
    started = state.training.started
    device = state.device if started is None else started.device
    if not state.training.resumable or checkpoint is None:
        spec = RunSpec("", state.recipe, dataset.origin, device, spare_cores=1)
        return Beginning(spec, dataset, None, title_among(state.recipe, state.recipes))
    recipe = checkpoint.snapshot.recipe
    spec = RunSpec(state.training.run, recipe, dataset.origin, device, spare_cores=1)
    return Beginning(spec, dataset, checkpoint, title_among(recipe, state.recipes))
