"""The curves have the names and units of what they are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.state.curve_recipe import recipe_of_curves
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.series import Series
from aestudio.gui.views.train.run_curves import curves_of_term, epochs_of
from aestudio.gui.views.train.train_view import TrainView
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.training.events import MetricPoint, Snapshot, Started
from tests.phased_recipes import two_phases
from tests.proofs.proofs import PROOFS, recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.recipes.recipe import Recipe


def started(validation_images: int = 64, training_images: int = 640) -> Started:
    return Started("run", "cpu", 0, 10, 3, 1000, training_images, validation_images)


def snapshot_of(session: Session, recipe: Recipe) -> Snapshot:
    return Snapshot("run", recipe, 5, 0.5, {}, data=session.state.data_shape)


def measured(recipe: Recipe, value: float = 7.0) -> tuple[Series, Series]:
    """Two points of training and one of validation, each term with a value of its own."""
    terms = {term.name: value + number for number, term in enumerate(recipe.objective.terms())}
    training = Series().with_points([MetricPoint("training", step, step / 10, terms) for step in (1, 2)])
    higher = {name: one + 0.5 for name, one in terms.items()}
    return training, Series().with_points([MetricPoint("validation", 2, 0.2, higher)])


def test_a_run_without_a_snapshot_is_not_named_after_the_model_that_is_shown(studio_session: Session) -> None:
    """Seen: the first points of a VAE, in nats, under the shipped model's squared error."""
    shown, new = find_recipe("deep-ae"), find_recipe("vae")
    model = ExploredModel(snapshot_of(studio_session, shown), "Shipped", "shipped")
    state = replace(studio_session.state, recipe=new, model=model)
    for phase in ("preparing", "running", "paused", "stopping"):
        assert recipe_of_curves(replace(state, training=RunState(phase))) == new
    ended = RunState("ended", snapshot=snapshot_of(studio_session, shown))
    assert recipe_of_curves(replace(state, training=ended)) == shown, "what is trained next has no curves yet"
    assert recipe_of_curves(replace(state, training=RunState())) == shown
    assert recipe_of_curves(replace(state, training=RunState(), model=None)) == new


def test_training_images_are_not_called_validation() -> None:
    """Without images held out, the last thousand training images are measured instead."""
    recipe = find_recipe("vae")
    training, validation = measured(recipe)
    term = recipe.objective.terms()[0]
    for images, names in (
        (started(), ["Training", "Validation"]),
        (started(0, 5000), ["Training", "Last 1,000 training images"]),
        (started(0, 8), ["Training", "Last 8 training images"]),
    ):
        run = RunState("running", started=images, training=training, validation=validation)
        assert [curve.name for curve in curves_of_term(run, recipe, term)] == names
    none = recipe.with_settings({"validation_images": 0})
    opened = RunState(training=training, validation=validation)
    assert curves_of_term(opened, none, term)[1].name == "Last 1,000 training images"
    assert curves_of_term(opened, recipe, term)[1].name == "Validation"


def test_the_epochs_of_a_run() -> None:
    recipe = find_recipe("vae").with_settings({"epochs": 9})
    assert epochs_of(RunState(), recipe) == 9
    assert epochs_of(RunState(started=started()), recipe) == 3


RECIPES: dict[str, Callable[[], Recipe]] = {
    **{recipe.name: partial(find_recipe, recipe.name) for recipe in shipped_recipes()},
    **{name: partial(recipe_of, name) for name in PROOFS},
    "two phases": two_phases,
}


@pytest.mark.parametrize("name", RECIPES)
def test_every_plot_has_the_name_unit_and_values_of_its_term(
    qtbot: QtBot, studio_session: Session, name: str
) -> None:
    """In order: the large plot and the small ones; each end label is the last value, not a smoothed one."""
    recipe = RECIPES[name]()
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    training, validation = measured(recipe)
    run = RunState("paused", started=started(), training=training, validation=validation)
    view.show_state(replace(studio_session.state, recipe=recipe, model=None, training=run))
    terms, phases = recipe.objective.terms(), recipe.objective.phases()
    assert terms[0].name == phases[0].loss
    assert view.heading.text().startswith(terms[0].title)
    assert (phases[0].title in view.heading.text()) == (len(phases) > 1)
    assert view.plot.left_axis.label is not None
    assert view.plot.left_axis.label.toPlainText().strip() == f"{terms[0].title} [{terms[0].unit}]"
    titles = {phase.name: phase.title for phase in phases}
    shown = {plot.accessibleName(): plot for plot in view.terms.plots}
    numbers = {term.name: number for number, term in enumerate(terms)}
    expected = [term for term in terms[1:] if not term.same_as]
    assert len(shown) == len(expected)
    for term in (terms[0], *expected):
        group = f"{titles[term.phase]}: " if len(phases) > 1 and term.phase else ""
        plot = view.plot if term is terms[0] else shown[f"{group}{term.title} [{term.unit}]"]
        labels = {label.name: label.value for label in plot._end_labels.labels}
        value = 7.0 + numbers[term.name]
        assert labels == {"Training": f"{value:#.4g}", "Validation": f"{value + 0.5:#.4g}"}


def test_the_smoothing_is_low_named_in_epochs_and_the_same_for_all(
    qtbot: QtBot, studio_session: Session
) -> None:
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    view.show()
    recipe = find_recipe("vae").with_settings({"epochs": 20})
    terms = {term.name: 1.0 for term in recipe.objective.terms()}
    points = [MetricPoint("training", step, step / 100, terms) for step in range(1, 400)]
    run = RunState("paused", training=Series().with_points(points))
    view.show_state(replace(studio_session.state, recipe=recipe, model=None, training=run))
    assert view.smoothing_width.text() == "± 0.1 epochs", "half a percent of the run"
    assert {plot._smoothing for plot in (view.plot, *view.terms.plots)} == {0.005 * 20}
    view.smoothing.setValue(50)
    assert view.smoothing_width.text() == "± 0.25 epochs", "of four epochs so far, and not what is chosen"
    assert {plot._smoothing for plot in (view.plot, *view.terms.plots)} == {0.05 * 20}
    view.smoothing.setValue(0)
    assert view.smoothing_width.text() == "off"
    assert len(view.plot._lines[0].trend) == 399
    assert not view.plot._lines[0].raw.isVisible()


def test_the_large_and_the_small_plots_show_the_same_raw_values(
    qtbot: QtBot, studio_session: Session
) -> None:
    """A falling noisy loss: the label is the last point of the series, as in every list and file."""
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    view.show()
    recipe = find_recipe("vae")
    random = np.random.default_rng(0)
    names = [term.name for term in recipe.objective.terms()]
    points = [
        MetricPoint("training", step, step / 100, {name: 300 - step / 4 + random.normal() for name in names})
        for step in range(1, 600)
    ]
    run = RunState("paused", training=Series().with_points(points))
    view.smoothing.setValue(20)
    view.show_state(replace(studio_session.state, recipe=recipe, model=None, training=run))
    for name, plot in zip(names, (view.plot, *view.terms.plots), strict=True):
        [label] = plot._end_labels.labels
        assert label.value == f"{run.training.last(name):.1f}"
        assert label.smoothed.startswith("(1")
        assert plot._end_labels.labels[0].smoothed != f"({label.value})"
