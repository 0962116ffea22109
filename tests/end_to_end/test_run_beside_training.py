"""Looking at a kept run while another is trained or paused: nothing of one appears as part of the other."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from aestudio.recipes.run_titles import run_title
from aestudio.runs import drawings_file
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aestudio.runs.index import KeptRun
    from tests.end_to_end.conftest import Person


CUT = "VAE, epochs 10000, hidden layers 32, ba…"
"""What is written of the title of the training where there is little room."""


def train(person: Person, recipe: Any) -> KeptRun:
    """Train a recipe to its end; return the run that is kept."""
    session = person.window.session
    session.recipe.choose_recipe(recipe)
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait(lambda: any(run.name == person.training.run for run in person.state.runs))
    return next(run for run in person.state.runs if run.name == person.training.run)


def begin(person: Person, recipe: Any) -> None:
    """Start a training, and wait until it is on the screen."""
    person.window.session.recipe.choose_recipe(recipe)
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > 0 and person.training.run == snapshot(person).run)


def open_run(person: Person, run: KeptRun) -> None:
    """Open a run by its entry in the list, and wait until it is on the screen."""
    runs: Any = person.window.right.runs

    def items() -> list[Any]:
        rows = (runs.list.topLevelItem(row) for row in range(runs.list.topLevelItemCount()))
        return [item for item in rows if runs._run_of(item).folder == run.folder]

    person.wait(items)  # the list follows the state at the pace of a training
    runs.list.setCurrentItem(items()[0])
    person.qtbot.keyClick(runs.list, Qt.Key.Key_Return)
    person.wait(lambda: snapshot(person).run == run.name)


def snapshot(person: Person) -> Any:
    assert person.state.snapshot is not None
    return person.state.snapshot


def chip(person: Person) -> Any:
    return person.window.bar.hidden_training


def curve_ends(person: Person) -> list[float]:
    """The last epoch of each curve of the large plot."""
    view: Any = person.window.view
    assert view.name == "train"
    return [float(line.curve.x[-1]) for line in view.plot._lines]


def advance(person: Person, steps: int = 20) -> None:
    """Let the training do some steps, and report them."""
    target = person.step + steps
    person.wait(lambda: person.step >= target)


@pytest.fixture(scope="module")
def kept_runs() -> list[KeptRun]:
    """The kept run of the shared window, once the first test has trained it."""
    return []


@pytest.fixture
def beside(shared_person: Person, kept_runs: list[KeptRun]) -> Iterator[tuple[Person, KeptRun]]:
    """A kept run of an autoencoder on the screen, while a VAE is trained; the window is that of all tests."""
    person = shared_person
    person.show("train")
    if not kept_runs:
        kept_runs.append(train(person, small("deep-ae", latent_size=3)))
    begin(person, small(epochs=LONG))
    open_run(person, kept_runs[0])
    yield person, kept_runs[0]
    person.window.session.training.stop()
    person.wait(lambda: person.training.phase in ("ended", "idle"))


@pytest.mark.thorough
def test_nothing_on_the_screen_follows_a_hidden_training(beside: tuple[Person, KeptRun]) -> None:
    person, first = beside
    session = person.window.session
    person.wait_computed()
    shown, history, results = person.state.model, person.state.history, dict(person.state.results)
    header = person.window.bar.header.text
    requested: list[Any] = []
    worker: Any = session.inference_worker
    worker.request = requested.append
    try:
        advance(person, 60)
        assert person.state.model is shown
        assert person.state.history is history
        assert person.window.bar.header.text == header
        assert {name: person.state.results[name] for name in results} == results
        assert requested == [], "the training costs no request"
    finally:
        del worker.request
    assert first.title in header
    assert "run of today" in header
    assert curve_ends(person) == [2.0, 2.0], "the curves are those of its two epochs"


@pytest.mark.thorough
def test_the_chip_names_the_training_and_leads_back(beside: tuple[Person, KeptRun]) -> None:
    person, first = beside
    line = chip(person)
    assert line.isVisible()
    person.wait(lambda: line.text.text.startswith(f"Training: {CUT}, epoch "))
    assert line.text.text.endswith(f"of {LONG:,}")
    left = person.window.left
    assert left.heading.text() == "This training"
    whole = run_title(small(epochs=LONG))
    for button in (left.training.start, left.training.stop):
        assert button.toolTip().startswith(f"{whole}: "), "Pause and Stop are those of the training"
    hidden = person.training.run
    person.click(line.show_training)
    assert snapshot(person).run == hidden
    assert not line.isVisible()
    assert not left.training.stop.toolTip().startswith(small().title)
    step = snapshot(person).step
    person.wait(lambda: snapshot(person).step > step)
    assert person.state.step_advances
    person.wait(lambda: max(curve_ends(person)) > 2.0)
    open_run(person, first)
    person.keys("Ctrl+T")
    assert snapshot(person).run == hidden


@pytest.mark.thorough
def test_pause_and_stop_are_those_of_the_training(beside: tuple[Person, KeptRun]) -> None:
    person, first = beside
    training = person.window.left.training
    person.click(training.start)
    person.wait_phase("paused")
    assert snapshot(person).run == first.name
    assert chip(person).text.text.startswith("Paused: ")
    step = person.step
    person.click(training.step)
    person.wait(lambda: person.step == step + 1 and person.training.phase == "paused")
    assert snapshot(person).run == first.name
    person.click(training.start)
    person.wait(lambda: person.step > step + 1)
    assert snapshot(person).run == first.name, "to go on is no reason to show it"
    name = person.training.run
    person.click(training.stop)
    person.wait_phase("ended")
    assert snapshot(person).run == first.name
    assert chip(person).text.text.startswith("Stopped: ")
    assert person.state.message.text.startswith(f"{CUT}: ")
    assert training.start.text() == "Resume"
    person.click(training.start)
    person.wait(lambda: person.step > step + 1 and person.training.phase == "running")
    assert person.training.run == name
    assert snapshot(person).run == name, "a training that begins is on the screen"


@pytest.mark.thorough
def test_a_point_set_by_the_user_is_there_again_with_its_run(beside: tuple[Person, KeptRun]) -> None:
    person, first = beside
    session = person.window.session
    person.wait_computed()
    code = np.array([0.5, -0.25, 1.0], np.float32)
    session.explore.move_to(code)
    person.click(chip(person).show_training)
    person.wait(lambda: person.state.exploration.code is not None)
    assert len(person.state.exploration.code) != 3  # type: ignore[arg-type]
    open_run(person, first)
    person.wait(lambda: person.state.exploration.code is not None)
    np.testing.assert_array_equal(person.state.exploration.code, code)


@pytest.mark.thorough
def test_the_history_is_that_of_the_shown_run(beside: tuple[Person, KeptRun]) -> None:
    person, first = beside
    assert person.state.history.run == first.name
    person.keys("Alt+Home")
    person.wait(lambda: snapshot(person).step == 0)
    assert snapshot(person).run == first.name
    advance(person)
    assert snapshot(person).step == 0
    person.click(chip(person).show_training)
    assert person.state.history.run == person.training.run
    assert person.state.history.step is None
    person.keys("Alt+Home")
    person.wait(lambda: snapshot(person).step == 0)
    assert snapshot(person).run == person.training.run


@pytest.mark.thorough
def test_a_branch_of_the_shown_run_stops_and_keeps_the_training(beside: tuple[Person, KeptRun]) -> None:
    person, first = beside
    name, bar = person.training.run, person.window.history
    person.click(bar.branch)
    assert bar.popup.begin.text() == "Stop “VAE, epochs 100…”, keep it, and branch"
    person.keys("Esc", bar.popup)
    person.window.session.history.branch(1, {"learning_rate": 0.01})
    person.click(chip(person).show_training)  # meanwhile the training is on the screen again
    person.wait(lambda: person.training.run not in (name, first.name) and person.step > 0)

    def listed(run_name: str) -> KeptRun:
        return next(run for run in person.state.runs if run.name == run_name)

    person.wait(lambda: listed(name).status == "stopped")
    stopped = listed(name)
    assert stopped.newest_state().checkpoint is not None
    branch = next(run for run in person.state.runs if run.name == person.training.run)
    assert branch.record is not None
    assert branch.record.branched_from is not None
    assert branch.record.branched_from.run == first.name


def test_the_run_that_is_trained_is_not_opened_twice(beside: tuple[Person, KeptRun]) -> None:
    person, _ = beside
    name = person.training.run
    person.window.session.runs.open(name)
    assert snapshot(person).run == name
    assert person.state.hidden_training is None
    assert person.training.phase == "running"


@pytest.mark.thorough
def test_header_and_training_have_place_at_every_size(beside: tuple[Person, KeptRun]) -> None:
    for size in ((800, 600), (1024, 640), (1280, 800), (1920, 1080)):
        check_header_and_training_have_place(beside[0], size)


def check_header_and_training_have_place(person: Person, size: tuple[int, int]) -> None:
    window, line = person.window, chip(person)
    window.resize(*size)
    person.settle()
    bar = window.bar
    assert line.isVisible()
    for part in (line, bar.header):
        assert bar.rect().contains(part.geometry()), size
        assert not part.geometry().intersects(window.tabs.geometry()), size
    assert not line.geometry().intersects(bar.header.geometry())
    assert line.rect().contains(line.show_training.geometry())
    assert "finished" in bar.header.shown
    assert "step" in bar.header.shown
    around = QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())
    assert not around.intersects(QRect(window.stack.mapTo(window, QPoint(0, 0)), window.stack.size()))
    height = bar.height()
    advance(person, 10)
    assert bar.height() == height, "nothing moves while the numbers grow"


@pytest.mark.thorough
def test_drawings_of_the_shown_run_are_not_written_to_the_training(beside: tuple[Person, KeptRun]) -> None:
    person, first = beside
    assert person.state.data.dataset is not None
    person.wait_computed()
    person.window.session.workspace.keep_drawing(person.state.data.dataset.test.images[0])
    person.wait((first.folder / drawings_file.FILE).exists)
    person.click(chip(person).show_training)
    person.wait_computed()
    advance(person)
    assert not (person.training.path / drawings_file.FILE).exists()
    open_run(person, first)
    person.wait_computed()
    assert len(drawings_file.read_drawings(first.folder / drawings_file.FILE)) == 1


def test_reset_stops_and_keeps_a_hidden_training_and_shows_initial_weights(
    beside: tuple[Person, KeptRun],
) -> None:
    person, _ = beside
    name = person.training.run
    person.click(person.window.left.training.reset)
    person.wait(lambda: person.state.hidden_training is None)
    assert (snapshot(person).run, snapshot(person).step) == ("", 0)
    assert snapshot(person).recipe.name == "vae"
    person.wait(lambda: any(run.name == name and run.status == "stopped" for run in person.state.runs))


@pytest.mark.thorough
def test_the_exported_curves_are_those_on_the_screen(beside: tuple[Person, KeptRun], tmp_path: Path) -> None:
    person, first = beside
    advance(person, 60)
    last = person.state.shown_run.training.step[-1]
    assert person.training.training.step[-1] > last, "the hidden one has more points"
    path, exports = tmp_path / "curves.csv", person.window.exports
    assert exports.no_curves() == ""
    exports.write_curves(path)
    person.wait(path.exists)
    person.wait(lambda: not person.state.tasks)
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert first.name in rows[0], "the column is the run on the screen"
    assert max(float(row["step"]) for row in rows) == last
