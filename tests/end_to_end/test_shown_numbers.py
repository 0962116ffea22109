"""The numbers of a training are the same everywhere: at the curves, in lists, in the run's files."""

from __future__ import annotations

import pytest

from aestudio.gui.plots.numbers import short_number
from aestudio.runs.metrics_file import read_points
from aestudio.training.events import MetricPoint
from tests.end_to_end.conftest import small


@pytest.mark.thorough
def test_labels_lists_and_files_say_the_last_value(person):
    window = person.window
    window.session.recipe.choose_recipe(small("vae", epochs=3, batch_size=20))
    view = window.view
    view.smoothing.setValue(view.smoothing.maximum())
    person.click(window.left.training.start)
    person.wait_phase("ended")
    points = [point for point in read_points(person.training.path) if isinstance(point, MetricPoint)]
    last = {point.split: point.terms for point in points}
    names = [term.name for term in person.state.recipe.objective.terms()]
    plots = (view.plot, *view.terms.plots)
    person.wait(lambda: len(view.plot._end_labels.labels) == 2)
    for name, plot in zip(names, plots, strict=True):
        training, validation = plot._end_labels.labels
        assert (training.name, validation.name) == ("Training", "Validation")
        assert training.value == short_number(last["training"][name])
        assert validation.value == short_number(last["validation"][name])
    assert view.plot._end_labels.labels[0].smoothed, "the largest smoothing is another number, in brackets"
    person.wait(lambda: any(run.folder == person.training.path for run in person.state.runs))
    kept = next(run for run in person.state.runs if run.folder == person.training.path)
    assert kept.last_loss == pytest.approx(last["validation"]["loss"], rel=1e-12)


@pytest.mark.thorough
def test_a_new_training_is_not_drawn_under_the_names_of_the_model_that_was_shown(person):
    """The shown model is an autoencoder with squared errors; the VAE that starts has nats."""
    window, view = person.window, person.window.view
    window.session.recipe.choose_recipe(small("hidden-256", epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    assert "[squared error per image]" in axis_title(view)
    window.session.recipe.choose_recipe(small("vae", epochs=400))
    person.click(window.left.training.start)
    person.wait(lambda: person.training.active)
    assert "[nats per image]" in axis_title(view), "from the first frame on"
    assert view.terms.plots[0].accessibleName() == "Reconstruction [nats per image]"
    person.wait(lambda: len(view.plot._end_labels.labels) > 0)
    assert "[nats per image]" in axis_title(view)


def axis_title(view: object) -> str:
    return view.plot.left_axis.label.toPlainText()  # type: ignore[attr-defined]


@pytest.mark.thorough
def test_the_compared_runs_say_the_same_as_their_curves(person):
    window = person.window
    window.session.recipe.choose_recipe(small("vae", epochs=2, batch_size=20))
    person.show("compare")
    person.wait_computed()
    person.click(window.view.set_up.presets["latent size"])
    person.click(window.view.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.wait_computed()
    board = window.view.board
    curves, runs = board.curves, person.state.comparison.runs
    curves.split.show_value("validation")
    curves.split.chosen.emit("validation")
    curves.term.show_value("loss")
    curves.term.chosen.emit("loss")
    labels = curves.plot._end_labels.labels
    assert [label.value for label in labels] == [short_number(run.validation.last("loss")) for run in runs]
    for column, label in zip(board.columns, labels, strict=False):
        assert column.metrics[0].text == f"Loss {label.value} (validation)"
