"""Comparisons in the real window: set up, trained, linked by image and by code, saved as runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.views.compare.column import ComparisonColumn
    from aestudio.gui.views.compare.compare_view import CompareView
    from tests.end_to_end.conftest import Person


@pytest.fixture
def comparison(person: Person) -> CompareView:
    """The Compare view in front, with a small VAE of two latent dimensions and a long training."""
    from aestudio.gui.views.compare.compare_view import CompareView

    person.window.session.recipe.choose_recipe(small(latent_size=2, epochs=LONG))
    person.show("compare")
    view = person.window.view
    assert isinstance(view, CompareView)
    return view


def started(person: Person, view: CompareView, preset: str) -> list[ComparisonColumn]:
    """Click a preset and Start; returns the columns once their maps are shown."""
    person.click(view.set_up.presets[preset])
    person.click(view.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "running" and view.empty_reason.reason is None)
    person.wait(lambda: all(column.map.shown is not None for column in view.board.columns))
    return view.board.columns


def image_in(column: ComparisonColumn, which: str) -> NDArray[np.uint8]:
    found = getattr(column, which)._image
    assert found is not None
    return found


def test_compare_autoencoder_and_variational_autoencoder(person: Person, comparison: CompareView) -> None:
    """One difference, lockstep, the same digit, the same code and a linked cursor."""
    from aestudio.inference.frozen_model import FrozenModel

    assert comparison.empty_reason.reason is not None
    assert "press Compare" in comparison.empty_reason.reason.sentence
    columns = started(person, comparison, "ae against vae")
    assert [column.title._text for column in columns] == [
        "Autoencoder",
        "Variational autoencoder (beta-VAE)",
    ]
    assert "only the objective differs" in comparison.set_up.sentence.text()
    first = [snapshot.step for snapshot in person.state.comparison.snapshots]
    person.wait(lambda: min(snapshot.step for snapshot in person.state.comparison.snapshots) > max(first) + 5)

    for column in columns:
        shown = column.map.shown
        assert shown is not None
        assert shown.plane is not None
        assert column.map.plot.titles == shown.plane.titles == ("z1", "z2")

    # Both measure the term in the same unit; its curves grow during the training.
    person.wait(lambda: len(comparison.board.curves.plot._lines) == 2)
    assert comparison.board.curves.term.currentData() == "reconstruction"

    person.click(comparison.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "paused")
    person.wait_computed()
    person.wait(lambda: len({snapshot.step for snapshot in person.state.comparison.snapshots}) == 1)
    person.wait_computed()

    # The same digit: chosen by its number, reconstructed by each.
    comparison.board.index.setFocus()
    person.keys("Up", comparison.board.index)
    assert person.state.selected == 1
    person.wait_computed()
    digits, snapshots = person.state.image_set, person.state.comparison.snapshots
    assert digits is not None
    for column, snapshot in zip(columns, snapshots, strict=True):
        assert column.map.shown is not None
        assert np.array_equal(image_in(column, "original"), digits.images[1])
        expected = FrozenModel(snapshot).reconstruct(digits.images[1:2])[0]
        assert np.array_equal(image_in(column, "reconstruction"), expected)
        assert column.map.plot.cross == pytest.approx(tuple(column.map.shown.xy[1].tolist()))

    # The same code: dragged in one map, shown by both decoders, with the cross at the same position in both.
    plot = columns[0].map.plot
    box = plot.view_box.viewRect()
    low, high = box.center(), box.topLeft()
    path = [plot.pixel_of(low.x(), low.y()).toPoint()]
    path.append(plot.pixel_of((low.x() + high.x()) / 2, (low.y() + high.y()) / 2).toPoint())
    for _ in person.drag(plot.viewport(), *path, path[-1] + QPoint(3, 3)):
        pass
    code = person.state.comparison.code
    assert code is not None
    person.wait_computed()
    assert columns[0].map.plot.cross == pytest.approx(columns[1].map.plot.cross)
    for column, snapshot in zip(columns, snapshots, strict=True):
        assert np.array_equal(image_in(column, "at_cursor"), FrozenModel(snapshot).decode(code[None])[0])
    assert "Same code" in comparison.board.note._text

    # Choosing a digit on one map goes back to the digit, in all of them and in every other view.
    found = columns[1].map.shown
    assert found is not None
    columns[1].map.point_selected.emit(7)
    assert person.state.selected == 7
    assert person.state.comparison.code is None
    for column in columns:
        assert column.map.shown is not None
        assert column.map.plot.cross == pytest.approx(tuple(column.map.shown.xy[7].tolist()))

    person.click(comparison.set_up.step)
    person.wait(lambda: person.state.comparison.snapshots[0].step == snapshots[0].step + 1)
    person.click(comparison.set_up.stop)
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.wait(lambda: sum(not run.shipped for run in person.state.runs) == 2)
    titles = {run.title for run in person.state.runs if not run.shipped}
    assert titles == {"VAE: Autoencoder", "VAE: Variational autoencoder (beta-VAE)"}

    # It opens in the window like any other run.
    person.click(columns[0].open)
    run = person.state.comparison.runs[0].run
    person.wait(lambda: person.state.model is not None and person.state.model.snapshot.run == run)
    assert person.state.recipe.objective.kind() == "reconstruction"


def test_every_control_is_reached_by_keyboard(person: Person, comparison: CompareView) -> None:
    person.keys("Ctrl+1")
    assert person.window.view.name == "train"
    person.keys("Ctrl+6")
    assert person.window.view is comparison
    person.qtbot.keyClick(comparison.set_up.start, Qt.Key.Key_Space)
    person.wait(lambda: person.state.comparison.phase == "running" and len(comparison.board.columns) == 2)
    board = comparison.board
    controls = [comparison.set_up.step, comparison.set_up.stop, board.index, board.any_image, board.same_axes]
    controls += [board.curves.term, board.curves.split, *(column.map.plot for column in board.columns)]
    for widget in controls:
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName() or widget is board.same_axes  # whose text names it
        assert widget.toolTip()


@pytest.mark.thorough
def test_nothing_of_the_single_model_is_beside_the_compared_runs(person):
    """The header names the comparison: inspector, metrics and history are of another model."""
    window, session = person.window, person.window.session
    session.recipe.choose_recipe(small(latent_size=2))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    person.wait_computed()
    inspector, bar = window.right.inspector, window.history
    session.history.show(0)
    person.wait(lambda: person.state.history.step == 0)
    person.wait(lambda: inspector.reconstruction._image is not None)
    assert bar.controls.isVisible()
    person.show("compare")
    assert inspector.reconstruction._image is not None, "nothing is compared yet: the header names the model"
    person.click(window.view.set_up.start)
    person.wait(lambda: person.state.comparison.runs)
    assert "Comparison" in window.bar.header.text
    assert inspector.original._image is None
    assert inspector.reconstruction._image is None
    assert "compared" in inspector.facts.text()
    assert not window.right.latent.isVisible()
    assert not bar.controls.isVisible()
    assert "compared" in bar.hint.text()
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.show("latent")
    assert inspector.original._image is not None
    assert bar.controls.isVisible()
    assert bar.position.text() != ""


@pytest.mark.thorough
def test_the_header_names_the_step_that_the_columns_show(person):
    window, session = person.window, person.window.session
    session.recipe.choose_recipe(small(latent_size=2, epochs=LONG))
    person.show("compare")
    person.click(window.view.set_up.start)
    person.wait(lambda: person.state.comparison.snapshots)
    seen = set()

    def look():
        snapshots = person.state.comparison.snapshots
        step = max(snapshot.step for snapshot in snapshots)
        seen.add(step)
        assert f"step {step:,} of" in window.bar.header.text
        if len({snapshot.step for snapshot in snapshots}) == 1:
            for column in window.view.board.columns:
                assert column.status.text.startswith(f"step {step:,} of"), column.status.text

    session.changed.connect(look)
    person.wait(lambda: len(seen) > 3)
    session.training.pause(group="comparison")
    person.wait(lambda: person.state.comparison.phase == "paused")
    person.wait_computed()
    look()
    session.changed.disconnect(look)


@pytest.mark.thorough
def test_metrics_with_intervals_and_a_collapse_are_in_a_table(
    person: Person, comparison: CompareView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A KL that weighs a hundred times as much uses no dimension; its column says so, and since when."""
    from aestudio.gui.inference.requests.compared_metrics_request import MetricsOfRuns
    from aestudio.gui.state.comparison_state import ComparisonPlan
    from aestudio.runs.compared_metrics import compared_metrics, measure
    from aestudio.runs.kept_run import KeptRun

    monkeypatch.setattr("aestudio.analysis.collapse.LEAST_STEPS", 9)
    session, board = person.window.session, comparison.board
    recipe = small(latent_size=3, epochs=6, validations_per_epoch=1)
    session.recipe.choose_recipe(recipe)
    plan = ComparisonPlan("beta", (1.0, 100.0))
    session.update(comparison=replace(person.state.comparison, plan=plan))
    person.click(comparison.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "ended" and person.state.comparison.runs)
    person.wait(lambda: not person.state.tasks)
    assert MetricsOfRuns.channel not in person.state.results, "nobody looks at it"
    tabs = board.curves.tabs
    person.click(tabs, tabs.tabRect(1).center())
    assert not board.curves.plot.isVisible()
    person.wait(lambda: len(board.metrics.table.lines) > 5)
    rows = {row[0]: row[1:] for row in board.metrics.table.texts}
    dataset = person.state.dataset
    assert dataset is not None
    runs = [KeptRun.at(run.path) for run in person.state.comparison.runs]
    for metric in compared_metrics([measure(run, dataset) for run in runs]):
        title = f"{metric.title} [{metric.unit}]" if metric.unit else metric.title
        assert rows[title] == [one.text.replace("-", "−") for one in metric.estimates if one is not None]
    step = person.state.comparison.snapshots[0].step
    assert board.metrics.caption.text == (
        f"Step {step:,}, the first {len(dataset.test):,} test images; intervals of 95 %"
    )
    assert rows["Collapse"][1] != "none"
    collapsed = board.columns[1].status
    assert collapsed.text.startswith(rows["Collapse"][1])
    assert collapsed.text.endswith(f"finished at step {step:,}")
    assert "lower β (now 100)" in collapsed.toolTip()
