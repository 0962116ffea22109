"""The Train view: the small plots may lag behind a running training, but not behind a paused one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.state.series import Series
from aestudio.gui.state.training_state import TrainingState
from aestudio.gui.views.train.train_view import TrainView
from aestudio.recipes.library import find_recipe
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session


def test_a_pause_shows_every_point_in_every_plot(qtbot: QtBot, studio_session: Session) -> None:
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    view.show()
    recipe = find_recipe("vae")
    state = replace(studio_session.state, recipe=recipe, model=None)
    terms = {term.name: 1.0 for term in recipe.objective.terms()}
    series = Series()
    for step in range(1, 6):
        series = series.with_points([MetricPoint("training", step, step / 10, terms)])
        view.show_state(replace(state, training=TrainingState("running", training=series)))
        assert len(view.plot._lines[0].trend) == step
    view.show_state(replace(state, training=TrainingState("paused", training=series)))
    assert {len(plot._lines[0].trend) for plot in view.terms.plots} == {5}
