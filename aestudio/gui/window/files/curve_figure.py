"""The large plot of the Train view as a figure for a paper, with the marks of changed settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.plots.figure import Figure
from aestudio.gui.state.curve_recipe import recipe_of_curves
from aestudio.gui.views.shared.live_changes import change_marks
from aestudio.gui.views.train.run_curves import curves_of_term

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


def curve_figure(state: StudioState) -> Figure:
    """The loss of the shown run over epochs: training, validation, and the run that it branched from."""
    run, recipe = state.shown_run, recipe_of_curves(state)
    first = recipe.objective.terms()[0]
    curves = curves_of_term(run, recipe, first)
    epochs = translate("TrainView", "Epochs")
    return Figure(curves, epochs, f"{first.title} [{first.unit}]", marks=change_marks(run, recipe))
