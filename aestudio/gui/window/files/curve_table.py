"""The curves of the Train view as the table that `aestudio compare` writes, with one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.curve_recipe import recipe_of_curves
from aestudio.runs.compared_curves import ComparedCurve
from aestudio.sabotage.sabotage_list import marked

if TYPE_CHECKING:
    from aestudio.gui.state.series import Series
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.objective import Term


def curve_table(state: StudioState) -> tuple[tuple[ComparedCurve, ...], str]:
    """Every point of every curve, the validation first, over steps; and the title of the run."""
    run = state.shown_run
    terms = {term.name: term for term in recipe_of_curves(state).objective.terms()}
    curves = (*_of(run.validation, "validation", terms), *_of(run.training, "training", terms))
    return curves, marked(run.run or run.kept_title, "" if run.sabotage is None else run.sabotage.name)


def _of(series: Series, split: str, terms: dict[str, Term]) -> tuple[ComparedCurve, ...]:
    return tuple(
        ComparedCurve(
            split,
            name,
            terms[name].title if name in terms else name,
            terms[name].unit if name in terms else "",
            "step",
            series.step.copy(),
            series.term(name).copy()[None],
        )
        for name in series.names
    )
