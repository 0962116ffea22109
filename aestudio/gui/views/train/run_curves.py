"""The curves that the Train view shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.plots.curves import Curve
from aestudio.gui.views.shared.split_names import training_name, validation_name

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.series import Series
    from aestudio.gui.theme.tokens import ColourRole
    from aestudio.recipes.objective import Term
    from aestudio.recipes.recipe import Recipe

translate = QCoreApplication.translate


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
