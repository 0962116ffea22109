"""Whose curves the Train view shows, and how far along them they are smoothed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.plots.curves import Curve
from aestudio.gui.views.shared.split_names import training_name, validation_name

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.series import Series
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import ColourRole
    from aestudio.recipes.objective import Term
    from aestudio.recipes.recipe import Recipe

translate = QCoreApplication.translate


def recipe_of_curves(state: StudioState) -> Recipe:
    """The recipe of the run whose curves are shown: their names and units are those of its objective.

    Until the run has its first snapshot, the model that is shown can be another; and once the recipe is
    changed, what will be trained next is.
    """
    training = state.training
    if training.active:  # until it ends, the recipe cannot be changed
        return state.recipe
    if training.snapshot is not None:
        return training.snapshot.recipe
    if training.checkpoint is not None:
        return training.checkpoint.snapshot.recipe
    return state.snapshot.recipe if state.snapshot is not None else state.recipe


def curves_of_term(run: RunState, recipe: Recipe, term: Term) -> tuple[Curve, ...]:
    """The curves of one loss term: training, validation, and for a branch its original run."""
    splits: tuple[tuple[str, Series, ColourRole], ...] = (
        (training_name(), run.training, "accent"),
        (validation_name(run, recipe), run.validation, "warn"),
        (translate("TrainView", "Original run"), run.parent, "muted"),
    )
    return tuple(
        Curve(name, *points, role, (series.lineage, term.name))
        for name, series, role in splits
        if len((points := series.curve(term.name))[0])
    )


def epochs_of(run: RunState, recipe: Recipe) -> int:
    """How many epochs the run is to have."""
    return run.started.epochs if run.started is not None else recipe.training.epochs
