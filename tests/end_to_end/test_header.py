"""The header names the model on show, its data set, its step and its state, in full at 1280 x 800."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QRect

from aestudio.recipes.run_titles import run_title
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person

SIZES = [(800, 600), (1024, 640), (1280, 800), (1366, 768), (1920, 1080)]
FULL = 1280  # pixels of width from which nothing is cut


def header(person: Person) -> Any:
    return person.window.bar.header


def parts(person: Person) -> list[str]:
    return [part.strip() for part in header(person).text.split("·")]


def check_it_is_shown_in_full(person: Person) -> None:
    """At every size from 1280 on; in a smaller one a title's end may be cut. Nothing lies over the tabs."""
    window = person.window
    for size in SIZES:
        window.resize(*size)
        person.settle()
        bar, line = window.bar, header(person)
        assert line.isVisible()
        check_only_the_end_is_cut(person)
        if size[0] >= FULL:
            assert line.shown == line.text, size
        assert bar.rect().contains(line.geometry()), size
        assert not line.geometry().intersects(window.tabs.geometry()), size
        around = QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())
        assert not around.intersects(QRect(window.stack.mapTo(window, QPoint(0, 0)), window.stack.size()))


def check_only_the_end_is_cut(person: Person) -> None:
    """Of the title; nothing is elided in the middle, and step and state stand there."""
    shown, (title, *_, step, state) = header(person).shown, parts(person)
    begin = shown.split("…")[0].rstrip()
    assert title.startswith(begin) or "…" not in shown
    assert shown.endswith(f"{step}  ·  {state}") or person.window.width() < FULL
    assert shown.endswith(state)


@pytest.mark.thorough
def test_it_follows_a_training_from_start_to_end(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: parts(person)[-1] == "training")
    total = person.training.started.epochs * person.training.started.steps_per_epoch  # type: ignore[union-attr]
    assert parts(person)[0] == run_title(small(epochs=LONG))
    assert person.state.data.dataset is not None
    assert parts(person)[1] == person.state.data.dataset.title
    person.wait(lambda: parts(person)[2] != f"step 0 of {total:,}")
    check_it_is_shown_in_full(person)
    person.click(person.window.start_button)
    person.wait_phase("paused")
    person.wait(lambda: parts(person)[-1] == "paused")
    snapshot = person.state.snapshot
    assert snapshot is not None
    assert parts(person)[2] == f"step {snapshot.step:,} of {total:,}"
    check_it_is_shown_in_full(person)
    person.wait(lambda: person.state.history.usable)
    person.window.session.history.show(0)
    person.wait(lambda: person.state.history.step == 0)
    assert parts(person)[2:] == [f"history: step 0 of {total:,}", "paused"]
    person.window.session.history.show(None)
    person.wait(lambda: person.state.history.step is None)
    person.window.session.training.stop()
    person.wait_phase("ended")
    assert parts(person)[-1] == "stopped"


def test_the_next_recipe_is_not_taken_for_the_model_on_show(person: Person) -> None:
    window = person.window
    assert window.left.heading.text() == "Next training"
    assert window.left.heading.isVisible()
    shown = header(person).text
    assert shown.startswith("Convolutional VAE, 2-D map")
    assert "MNIST" in shown
    assert shown.endswith("shipped with AE Studio")
    window.session.recipe.choose_recipe(small("sparse-ae"))
    person.settle()
    assert header(person).text == shown
    window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(window.left.training.start)
    person.wait(lambda: person.training.phase == "running")
    assert window.left.heading.text() == "This training"


@pytest.mark.thorough
def test_a_finished_run_that_is_opened_again(person: Person, open_window: Callable[..., Person]) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    assert parts(person)[-1] == "finished"
    text = parts(person)[1:]
    other = open_window(run=person.training.run)
    other.wait(lambda: other.state.snapshot is not None and bool(other.state.runs))
    other.wait(lambda: parts(other)[-1] == "finished")
    assert parts(other)[1:] == text


@pytest.mark.thorough
def test_a_run_outside_the_folder_of_runs_has_its_data_set_too(
    person: Person, open_window: Callable[..., Person], tmp_path: Path
) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    dataset, folder = parts(person)[1], person.training.path
    assert folder is not None
    elsewhere = tmp_path / "brought from home"
    shutil.copytree(folder, elsewhere)
    other = open_window(run=str(elsewhere))
    other.wait(lambda: other.state.snapshot is not None and bool(other.state.runs))
    assert elsewhere not in {run.folder for run in other.state.runs}
    other.wait(lambda: parts(other)[1] == dataset)
    assert parts(other)[2:] == parts(person)[2:]


def test_what_does_not_fit_is_left_out_by_importance_and_is_in_the_tooltip(person: Person) -> None:
    for width in (760, 260, 150):
        check_what_fits(person, width)


def check_what_fits(person: Person, width: int) -> None:
    line = header(person)
    line.resize(width, line.height())
    title, dataset, step, state = parts(person)
    assert line.shown.endswith(state), "the state is always shown"
    assert line.text in line.toolTip()
    if width == 760:
        assert line.shown == line.text
    else:
        assert dataset not in [part.strip() for part in line.shown.split("·")]
        assert step not in line.shown
        assert "…" in line.shown or line.shown.startswith(title) or line.shown == state
    assert line.fontMetrics().horizontalAdvance(line.shown) <= max(width, 200)


@pytest.mark.thorough
def test_the_header_moves_nothing_while_the_numbers_grow(person: Person) -> None:
    window = person.window
    window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(window.left.training.start)
    person.wait(lambda: parts(person)[-1] == "training")
    needed = header(person).needed_width
    person.wait(lambda: person.step > 120)
    person.click(window.start_button)
    person.wait_phase("paused")
    person.wait(lambda: parts(person)[-1] == "paused")
    assert header(person).needed_width == needed


@pytest.mark.thorough
def test_images_of_another_data_set_than_the_model_was_trained_on_are_named(
    person: Person, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are encoded, decoded and drawn on the map under its heading."""
    person.window.session.recipe.choose_recipe(small(epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    other = replace(digits, title="Fashion-MNIST")
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", lambda *_, **__: other)
    person.window.session.data.choose("fashion-mnist")
    person.wait(lambda: person.state.data.dataset is other)
    assert parts(person)[1] == f"{digits.title}, on Fashion-MNIST"
    check_it_is_shown_in_full(person)
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", lambda *_, **__: digits)
    person.window.session.data.choose("builtin")
    person.wait(lambda: person.state.data.dataset is digits)
    assert parts(person)[1] == digits.title


@pytest.mark.thorough
def test_a_name_of_more_than_two_lines_is_not_cut(person: Person) -> None:
    """Beside the tabs its end was missing: from 1280 pixels on it is below them, in two lines.

    The sidebars are folded, as they are by themselves at 1280.
    """
    window = person.window
    for sidebar in (window.left, window.right):
        window.sidebars.set_open(sidebar, False)
    window.session.recipe.choose_recipe(small(epochs=1))
    person.click(window.start_button)
    person.wait_phase("ended")
    person.wait(lambda: any(run.name == person.training.run for run in person.state.runs))
    kept = next(run for run in person.state.runs if run.name == person.training.run)
    title = "the run of Monday, with the learning rate that we chose after the meeting, " * 3
    window.session.runs.rename(kept, title[:200].strip())
    person.wait(lambda: len(parts(person)[0]) >= 199)
    check_it_is_shown_in_full(person)
    check_it_is_whole_between_open_sidebars(person)
    window.session.runs.rename(kept, "VAE")
    person.wait(lambda: parts(person)[0].startswith("VAE"))
    person.settle()
    assert not window.bar.below, "and no name of usual length takes anything from the view"


def check_it_is_whole_between_open_sidebars(person: Person) -> None:
    """In three lines below the tabs, painted one below the other."""
    window = person.window
    window.resize(1280, 800)
    person.open_sidebars()
    person.settle()
    line = header(person)
    assert line.shown == line.text
    assert line.height() >= 3 * line.fontMetrics().height()
    assert line.geometry().bottom() < window.bar.height()
    for sidebar in (window.left, window.right):
        window.sidebars.set_open(sidebar, False)


@pytest.mark.thorough
def test_a_long_title_beside_a_hidden_training_is_shown_in_full(person: Person) -> None:
    """The title gets a line of its own, and so does the training: nothing is cut or left out."""
    window = person.window
    window.session.recipe.choose_recipe(small(epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    name = person.training.run
    person.wait(lambda: any(run.name == name for run in person.state.runs))
    kept = next(run for run in person.state.runs if run.name == name)
    title = "Variational autoencoder, latent 16, learning rate 0.002 from step 1, second try"
    window.session.runs.rename(kept, title)
    person.wait(lambda: any(run.title == title for run in person.state.runs))
    window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(window.start_button)
    person.wait_phase("running")
    kept = next(run for run in person.state.runs if run.name == name)
    window.session.runs.open(kept)
    person.wait(lambda: person.state.hidden_training is not None)
    assert parts(person)[0].startswith(title)
    for size in SIZES[2:]:
        window.resize(*size)
        person.live(20)
        line, chip = header(person), window.bar.hidden_training
        assert [part.strip() for part in line.shown.split("·")] == parts(person), size
        assert chip.isVisible()
        assert chip.width() >= chip.sizeHint().width(), size
        for part in (line, chip):
            assert window.bar.rect().contains(part.geometry()), size
            assert not part.geometry().intersects(window.tabs.geometry()), size
        assert not line.geometry().intersects(chip.geometry()), size
