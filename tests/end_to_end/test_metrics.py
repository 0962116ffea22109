"""Metrics in the window: of which step, the same as by `aestudio evaluate`, kept with the run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.cli.output import metrics_table
from aestudio.gui.inference.requests.metrics_request import QuickMetrics
from aestudio.runs.index import KeptRun
from aestudio.runs.run_metrics import metrics_of, metrics_of_snapshot
from aestudio.training.events import CodeUse
from tests.end_to_end.conftest import LONG, WAIT, small
from tests.end_to_end.test_run_beside_training import open_run, train

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Person


def panel(person: Person) -> Any:
    view: Any = person.window.view
    assert view.name == "train"
    return view.metrics


def value_of(person: Person, title: str) -> str:
    return next(value for name, value in panel(person).rows if name.startswith(title))


def evaluated(person: Person) -> dict[str, Any] | None:
    record = KeptRun.at(person.training.path).record
    assert record is not None
    return record.evaluation


@pytest.mark.thorough
def test_a_run_is_measured_at_its_end_and_says_the_same_when_it_is_opened_again(
    person: Person,
) -> None:
    """As `aestudio evaluate` prints them, to the last digit, and with how many images."""
    person.show("train")
    first = train(person, small(latent_size=3))
    person.wait(lambda: evaluated(person) is not None)
    person.wait(lambda: panel(person).rows and not person.state.tasks)
    test = person.state.dataset.test if person.state.dataset is not None else ()
    step = person.training.ended.step if person.training.ended is not None else -1
    assert panel(person).caption.text == f"step {step:,}, {len(test):,} test images"
    assert not panel(person).button.isVisible(), "nothing better is to be had"
    shown = panel(person).rows

    assert person.state.dataset is not None
    printed = metrics_table(metrics_of(KeptRun.at(first.folder), person.state.dataset))
    lines = {
        name.strip(): value for name, _, value in (line.rpartition("  ") for line in printed.splitlines())
    }
    assert dict(shown) == {
        "MSE per pixel": lines["mse per pixel"],
        "PSNR [dB]": lines["psnr"],
        "SSIM": lines["ssim"],
        "ELBO [nats per image]": f"−{lines['terms negative elbo']}",
        "Active dimensions": f"{lines['active dimensions']} of 3",
    }

    train(person, small("deep-ae", latent_size=4))
    person.wait(lambda: not person.state.tasks and len(panel(person).rows) == 5)
    assert "ELBO" not in str(panel(person).rows)
    person.window.session.update(text_size=150)
    person.window.resize(1280, 800)
    person.settle()
    assert panel(person).isVisible(), "with large type it is further down, and there"
    person.window.session.update(text_size=100)
    open_run(person, first)
    person.wait(lambda: panel(person).rows == shown)
    assert panel(person).caption.text == f"step {step:,}, {len(test):,} test images"


@pytest.mark.thorough
def test_a_checkpoint_is_measured_on_the_first_images_and_on_request_on_all(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.gui.views.train.metrics_panel.IMAGES", 40)
    person.show("train")
    train(person, small(latent_size=3))
    person.wait(lambda: evaluated(person) is not None and not person.state.tasks)
    kept = evaluated(person)
    checkpoints = person.state.history.history_checkpoints
    person.window.session.history.show(0)
    step = checkpoints[0].step
    person.wait(lambda: panel(person).caption.text == f"step {step:,}, 40 test images")
    quick = panel(person).rows
    person.click(panel(person).button)
    person.wait(lambda: not person.state.tasks)
    count = len(person.state.dataset.test) if person.state.dataset is not None else 0
    person.wait(lambda: panel(person).caption.text == f"step {step:,}, {count:,} test images")
    assert panel(person).rows != quick
    assert evaluated(person) == kept, "those kept with the run are of its newest weights"
    person.window.session.history.show(None)
    person.wait(lambda: panel(person).caption.text.startswith(f"step {person.training.ended.step:,}"))  # type: ignore[union-attr]


def is_measured(caption: str) -> bool:
    return caption.startswith("measuring: ") or "; all: " in caption


@pytest.mark.thorough
def test_another_run_is_not_said_to_be_measured(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a training that has ended is measured, another run is opened: its metrics are its own."""
    person.show("train")
    first = train(person, small(latent_size=3))
    person.wait(lambda: evaluated(person) is not None and not person.state.tasks)
    known = panel(person).rows
    may_go_on = threading.Event()

    def slow(*how: Any) -> dict[str, Any]:
        may_go_on.wait(WAIT / 1000)
        return metrics_of_snapshot(*how)

    monkeypatch.setattr("aestudio.runs.run_metrics.metrics_of_snapshot", slow)
    train(person, small(latent_size=2))
    name = person.training.run
    person.wait(lambda: is_measured(panel(person).caption.text))
    open_run(person, first)
    person.wait(lambda: panel(person).rows == known)
    assert not is_measured(panel(person).caption.text)
    assert not panel(person).button.isVisible(), "nothing to stop: it is measured, and kept with the run"
    person.window.session.history.show(0)  # weights that nobody has measured
    person.wait(lambda: panel(person).button.isVisible() and not panel(person).button.isEnabled())
    assert panel(person).button.toolTip().startswith(f"Another model is being measured: {name}, step ")
    may_go_on.set()
    person.wait(lambda: panel(person).button.isEnabled())


@pytest.mark.thorough
def test_the_table_costs_nothing_where_it_is_not_shown(person: Person) -> None:
    train(person, small(latent_size=3))
    person.show("latent")
    person.wait_computed()
    assert QuickMetrics.channel not in person.state.pending
    results = person.state.results.get(QuickMetrics.channel)
    train(person, small(latent_size=2))
    person.wait_computed()
    assert person.state.results.get(QuickMetrics.channel) in (None, results)


@pytest.mark.thorough
def test_a_collapse_is_said_with_its_step_and_again_when_the_run_is_opened(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A VAE whose KL weighs a hundred times as much uses no dimension, and shows the mean image."""
    monkeypatch.setattr("aestudio.analysis.collapse.LEAST_STEPS", 9)
    person.show("train")
    view: Any = person.window.view
    recipe = small(latent_size=3, beta=100.0, epochs=6, validations_per_epoch=1)
    run = train(person, recipe)
    uses = [point.code_use for point in person.training.code_uses]
    assert all(isinstance(use, CodeUse) for use in uses)
    assert len(uses) >= 6
    text = view.collapse.text
    whole = text.startswith("No better than the mean image since step")
    assert whole or "collapsed at step" in text, (text, uses)
    assert "lower β (now 100)" in view.collapse.toolTip()
    train(person, small("deep-ae", latent_size=4, epochs=1))
    person.wait(lambda: not view.collapse.text)
    open_run(person, run)
    person.wait(lambda: view.collapse.text == text)


@pytest.mark.thorough
def test_live_changes_are_marked_on_every_curve_and_kept_with_the_run(person: Person, tmp_path: Path) -> None:
    session = person.window.session
    person.show("train")
    view: Any = person.window.view
    session.recipe.choose_recipe(small(latent_size=3, epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > 5)
    session.training.change("beta", 4.0)
    person.wait(lambda: person.training.changes)
    session.training.change("learning_rate", 0.0005)
    person.wait(lambda: len(person.training.changes) == 2 and len(view.plot.changes) == 2)
    assert [mark.text for mark in view.plot.changes] == ["β 1 → 4", "Learning rate 0.001 → 0.0005"]
    (first, second), steps = person.training.changes, person.training.started.steps_per_epoch  # type: ignore[union-attr]
    marks = view.plot.changes
    assert [(mark.x, mark.step) for mark in marks] == [
        (first.step / steps, first.step),
        (second.step / steps, second.step),
    ]
    assert {plot.changes for plot in view.terms.plots} == {marks}
    _check_no_line_crosses(person, view, marks[0].x)
    session.training.stop()
    person.wait_phase("ended")
    person.wait(lambda: any(run.name == person.training.run for run in person.state.runs))
    kept = next(run for run in person.state.runs if run.name == person.training.run)

    person.window.exports.write_curves(tmp_path / "curves.csv")
    person.wait(lambda: (tmp_path / "curves.csv").exists())
    rows = (tmp_path / "curves.csv").read_text("utf-8").splitlines()
    assert f"change,beta,,{first.step},4.0" in rows
    assert f"change,learning_rate,,{second.step},0.0005" in rows
    person.window.exports.write_figure(tmp_path / "curves.svg")
    assert (tmp_path / "curves.svg").stat().st_size > 1000

    train(person, small("deep-ae", latent_size=4, epochs=1))
    person.wait(lambda: view.plot.changes == ())
    open_run(person, kept)
    person.wait(lambda: view.plot.changes == marks)


def _check_no_line_crosses(person: Person, view: Any, change: float) -> None:
    """The weight of each point is known from its terms: those on one side of the mark have one weight."""
    series = person.training.training
    x, loss = series.curve("loss")
    parts = {name: series.curve(name)[1] for name in ("reconstruction", "kl")}
    weight = (loss - parts["reconstruction"]) / parts["kl"]
    np.testing.assert_allclose(weight[x <= change], 1, rtol=0.02)
    np.testing.assert_allclose(weight[x > change], 4, rtol=0.02)
    for plot in (view.plot, *view.terms.plots):
        person.wait(lambda plot=plot: plot._lines)  # each is drawn at the pace of the view
        training = plot._lines[0]
        person.wait(lambda line=training: line.curve is not None and line.curve.x[-1] > change)
        person.wait(lambda line=training: line._trend is not None and line._trend.gaps)
        x_drawn, y_drawn = training.strong.getData()
        assert np.isnan(y_drawn[x_drawn == change]).any(), "a gap at the mark"


@pytest.mark.thorough
def test_clipping_outliers_is_a_command_and_remembered(person: Person) -> None:
    from aestudio.gui.controllers.preferences_controller import FILE
    from aestudio.gui.controllers.settings_file import read_table

    person.show("train")
    view: Any = person.window.view
    train(person, small(latent_size=3))
    action = person.action("curves.clip_outliers")
    assert not action.isChecked()
    action.trigger()
    person.wait(lambda: view.plot._clipping and all(plot._clipping for plot in view.terms.plots))
    assert read_table(FILE)["curves.clip_outliers"] is True
    assert action.isChecked()
    action.trigger()
    person.wait(lambda: not view.plot._clipping)
    assert read_table(FILE)["curves.clip_outliers"] is False
