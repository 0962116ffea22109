"""Which run is on the screen: that of the training, or another one beside it. Pure functions.

An opened run takes the place of the training that was on the screen. While that one goes on, it is only
hidden: it keeps its recipe, its buttons and its images, and can be shown again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.state.hidden_training import HiddenTraining

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.run_state import RunState, TrainingGroup
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.checkpoint_history import HistoryCheckpoint


def with_opened(
    state: StudioState, run: RunState, model: ExploredModel, checkpoints: tuple[HistoryCheckpoint, ...]
) -> StudioState:
    """The state that shows an opened run: beside the training while it goes on, otherwise instead of it.

    checkpoints: its history
    """
    history = state.history.of_run(run.run, run.folder, checkpoints)
    if state.training.active:
        hidden = state.hidden_training or _hidden(state, run)
        return replace(state, model=model, history=history, hidden_training=replace(hidden, shown=run))
    opened = replace(_with_training_data(state), hidden_training=None)
    return replace(opened, recipe=model.snapshot.recipe, training=run, model=model, history=history)


def _hidden(state: StudioState, shown: RunState) -> HiddenTraining:
    """The training that is on the screen now, at its present model; nothing of it is being read any more."""
    model, history = state.model, state.history
    if history.step is not None:
        model = history.present
        if model is not None and model.ranges is None and state.model is not None:
            model = replace(model, ranges=state.model.ranges)
    return HiddenTraining(shown, model, replace(history.at_present(), reading=None))


def with_training_shown(state: StudioState) -> StudioState:
    """The state that shows the training, as it is now."""
    hidden = state.hidden_training
    if hidden is None:
        return state
    state = _with_training_data(state)
    return replace(state, model=hidden.model, history=hidden.history, hidden_training=None)


def _with_training_data(state: StudioState) -> StudioState:
    """The state with the images of the training; the number of the selected one is that of another set."""
    data = state.training_data
    return state if data is state.data else replace(state, data=data, selected=0)


def with_training_put_away(state: StudioState) -> StudioState:
    """The state in which the shown run is the open one, which Resume continues; the training has ended."""
    hidden, model = state.hidden_training, state.model
    if hidden is None or model is None or state.training.active:
        return state
    return replace(state, recipe=model.snapshot.recipe, training=hidden.shown, hidden_training=None)


def trained_at(state: StudioState, folder: Path) -> TrainingGroup | None:
    """Which training writes to this folder now, or None."""
    if state.training.active and state.training.run and _is_at(state.training, folder):
        return "training"
    if state.comparison.active and any(run.run and _is_at(run, folder) for run in state.comparison.runs):
        return "comparison"
    return None


def _is_at(run: RunState, folder: Path) -> bool:
    return run.path.absolute() == folder.absolute()
