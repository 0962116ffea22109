"""What a run is called where it is on show or trained: as in the list of runs. Pure functions.

The list has the name that the user gave it; before it is listed, its title is made of its recipe and of what
was changed in that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.subject import home_of
from aestudio.recipes.run_titles import title_among
from aestudio.sabotage.sabotage_list import marked

if TYPE_CHECKING:
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.kept_run import KeptRun


def title_of_model(state: StudioState, model: ExploredModel) -> str:
    """The title of the run that a model is of; that of a sabotaged one says so first."""
    listed = listed_run(state, model)
    title = model.title if listed is None or listed.record is None else listed.title
    run = state.training if model.snapshot.run == state.training.run else None
    begun = "" if run is None or run.sabotage is None else run.sabotage.name  # the list may not say so yet
    return marked(title, model.snapshot.sabotage or begun)


def listed_run(state: StudioState, model: ExploredModel) -> KeptRun | None:
    """The run that a model is of, if it is in the list of runs."""
    snapshot = model.snapshot
    for kept in state.runs:
        if kept.name == snapshot.run and home_of(kept.name, kept.folder) == snapshot.home:
            return kept
    return None


def trained_title(state: StudioState) -> str:
    """The title of what is trained, or was trained last."""
    model, training = state.training_model, state.training
    if model is not None and training.run and model.snapshot.run == training.run:
        return title_of_model(state, model)
    if model is not None and model.origin == "training" and not training.active:
        return model.title  # the initial weights
    return title_among(state.recipe, state.recipes)
