"""The Train view: the small plots may lag behind a running training, but not behind a paused one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.series import Series
from aestudio.gui.views.train.train_view import IMAGES, TrainView
from aestudio.recipes.library import find_recipe
from aestudio.training.events import MetricPoint
from tests.gui.views.canned import state_for
from tests.images import grey_28x20
from tests.phased_recipes import two_phases
from tests.proofs.proofs import recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.recipes.recipe import Recipe


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
        view.show_state(replace(state, training=RunState("running", training=series)))
        assert len(view.plot._lines[0].trend) == step
    view.show_state(replace(state, training=RunState("paused", training=series)))
    assert {len(plot._lines[0].trend) for plot in view.terms.plots} == {5}


def test_another_run_that_trains_has_no_small_plots_of_the_one_before(
    qtbot: QtBot, studio_session: Session
) -> None:
    """As when a training that went on beside a kept run is shown again: at once."""
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    for name, run in (("vae", "kept"), ("sparse-ae", "hidden"), ("vae", "third"), ("vae", "fourth")):
        recipe = find_recipe(name)
        terms = {term.name: float(len(run)) for term in recipe.objective.terms()}
        series = Series().with_points([MetricPoint("training", 1, 0.1, terms)])
        training = RunState("running", run=run, training=series)
        view.show_state(replace(studio_session.state, recipe=recipe, model=None, training=training))
        expected = [
            f"{term.title} [{term.unit}]" for term in recipe.objective.terms()[1:] if not term.same_as
        ]
        assert small_plots(view) == expected
        assert {plot._lines[0].trend[-1] for plot in view.terms.plots} == {len(run)}


def test_what_is_offered_of_an_image_is_what_a_click_selects(qtbot: QtBot, studio_session: Session) -> None:
    """Also where fewer than eight images fit beside the table of metrics."""
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    dataset = grey_28x20()
    rows = np.concatenate([dataset.test.images[:IMAGES]] * 2)
    state = state_for(studio_session.state, dataset, reconstruction_row=rows)
    studio_session.update(data=state.data, model=state.model)
    view.show_state(state)
    for columns in (IMAGES, 5):
        view._show_columns(columns)
        for cell in range(2 * columns):
            offer = view._describe_image(cell)
            assert offer.digit == cell % columns
            assert (offer.source == "run") == (cell >= columns)
            view._clicked(cell)
            assert studio_session.state.selected == offer.digit


def small_plots(view: TrainView) -> list[str]:
    return [plot.accessibleName() for plot in view.terms.plots]


def test_a_term_that_equals_another_has_no_plot(qtbot: QtBot, studio_session: Session) -> None:
    """Without a penalty the loss of an autoencoder is its reconstruction loss."""
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    plain = find_recipe("deep-ae")
    distance = f"Reconstruction [{plain.objective.terms()[1].unit}]"
    for recipe, shown in (
        (plain, []),
        (
            plain.with_settings({"weight_penalty": 0.1}),
            [distance, distance.replace("Reconstruction", "Penalty")],
        ),
        (find_recipe("digit-classifier"), ["Accuracy [share of images]"]),
    ):
        view.show_state(replace(studio_session.state, recipe=recipe, model=None))
        assert small_plots(view) == shown


def test_several_phases_are_grouped_and_drawn_where_they_were_executed(
    qtbot: QtBot, studio_session: Session
) -> None:
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    view.show()
    recipe = two_phases()
    series = Series().with_points(
        [
            MetricPoint(
                "training", step, step / 9, {"distance": 5.0} | ({"misreading": 3.0} if step % 5 == 1 else {})
            )
            for step in range(1, 12)
        ]
    )
    training = RunState("paused", training=series)
    view.show_state(replace(studio_session.state, recipe=recipe, model=None, training=training))
    assert view.heading.text() == "Distance, phase “Autoencoder”"
    assert small_plots(view) == [
        "Probe: Misreading [squared error per image]",
        "Probe: Brightness read [mean grey level]",
    ]
    (distance,), (misreading,) = view.plot._lines, view.terms.plots[0]._lines
    assert len(distance.trend) == 11
    assert misreading.trend.tolist() == pytest.approx([3.0, 3.0, 3.0])
    assert not view.terms.plots[1]._lines, "it was never measured: no curve, and no zero"


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (lambda: recipe_of("gan"), "Samples: the same random codes"),
        (lambda: find_recipe("digit-classifier"), "decodes nothing"),
        (two_phases, "below each its current reconstruction"),
    ],
    ids=["gan", "classifier", "autoencoder"],
)
def test_the_rows_of_images_are_named_as_what_they_are(
    qtbot: QtBot, studio_session: Session, recipe: Callable[[], Recipe], words: str
) -> None:
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    dataset = grey_28x20()
    images = dataset.test.images[:IMAGES]
    state = state_for(studio_session.state, dataset, reconstruction_row=images)
    assert state.model is not None
    shown = replace(state.model.snapshot, recipe=recipe())
    state = replace(state, model=replace(state.model, snapshot=shown))
    view.show_state(replace(state, results={}))
    assert view.image_row.toolTip() == ""
    view.show_state(state)
    assert words in view.image_row.toolTip()


def test_without_small_plots_the_large_one_has_their_place(qtbot: QtBot, studio_session: Session) -> None:
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    view.resize(1144, 640)
    view.show()
    layout = view.layout()
    assert layout is not None
    heights = {}
    for name in ("vae", "deep-ae"):
        view.show_state(replace(studio_session.state, recipe=find_recipe(name), model=None))
        above, gap = view.terms if name == "vae" else view.plot, 1 + layout.spacing()
        qtbot.waitUntil(lambda above=above, gap=gap: view.image_row.y() == above.geometry().bottom() + gap)
        assert view.image_row.geometry().bottom() == view.rect().bottom()
        heights[name] = view.plot.height()
    assert view.terms.isHidden()
    assert heights["deep-ae"] > heights["vae"] + 100


def test_the_axis_of_a_kept_run_ends_with_its_curves(qtbot: QtBot, studio_session: Session) -> None:
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    recipe = find_recipe("vae")
    terms = {term.name: 1.0 for term in recipe.objective.terms()}
    points = [MetricPoint("training", step, step / 10, terms) for step in range(1, 101)]
    series = Series().with_points(points)
    state = replace(studio_session.state, recipe=recipe, model=None)
    view.show_state(replace(state, training=RunState("ended", training=series)))
    assert view.plot.view_box.viewRange()[0] == [0.0, 10.0]
