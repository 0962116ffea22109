"""Training as a user does it: start, watch the curves, pause, step, resume, stop, reset, open again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.paths import runs_folder
from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QTreeWidgetItem

    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.events import Snapshot
    from tests.end_to_end.conftest import Person


def start(person: Person, **settings: object) -> None:
    """Click Start with a long recipe and wait until it runs."""
    person.window.session.recipe.choose_recipe(small(**{"epochs": LONG, **settings}))  # type: ignore[arg-type]
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and person.step > 0)


def same(one: Snapshot | None, other: Snapshot | None) -> bool:
    assert one is not None
    assert other is not None
    return all(np.array_equal(one.weights[name], other.weights[name]) for name in one.weights)


def kept_items(person: Person) -> list[QTreeWidgetItem]:
    """The entries of the list of runs without the shipped models."""
    tree = person.window.right.runs.list
    shipped = sum(run.shipped for run in person.state.runs)
    return [item for index in range(tree.topLevelItemCount() - shipped) if (item := tree.topLevelItem(index))]


def open_first(person: Person) -> None:
    """Double-click the newest run."""
    from PySide6.QtCore import Qt

    tree = person.window.right.runs.list
    at = tree.visualItemRect(kept_items(person)[0]).center()
    person.qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    person.qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    person.wait(lambda: person.state.model is not None and person.state.model.origin == "kept")


def test_start_and_the_curves_move(person: Person) -> None:
    person.show("train")
    empty = pixels(person.window.views["train"].plot)  # type: ignore[attr-defined]
    start(person)
    person.wait(lambda: len(person.training.training) > 5)
    first, points = pixels(person.window.views["train"].plot), len(person.training.training)  # type: ignore[attr-defined]
    assert not np.array_equal(empty, first)
    person.wait(lambda: len(person.training.training) > 2 * points)
    person.wait(lambda: not np.array_equal(first, pixels(person.window.views["train"].plot)))  # type: ignore[attr-defined]
    assert person.window.left.training.run_bar.toolTip().startswith("Step ")
    assert person.window.left.training.start.text() == "Pause"


def test_pause_step_and_resume(person: Person) -> None:
    box = person.window.left.training
    person.show("train")
    start(person)
    person.click(box.start)
    person.wait_phase("paused")
    person.wait_computed()
    plot = person.window.views["train"].plot  # type: ignore[attr-defined]
    step, before, weights = person.step, pixels(plot), person.state.snapshot
    person.live(400)
    assert person.step == step
    assert person.state.snapshot is weights
    np.testing.assert_array_equal(pixels(plot), before)
    person.click(box.step)
    person.wait(lambda: person.step != step and person.training.phase == "paused")
    assert person.step == step + 1
    assert not same(weights, person.state.snapshot)
    assert box.start.text() == "Resume"
    person.click(box.start)
    person.wait(lambda: person.step > step + 1)


def test_learning_rate_and_beta_change_during_a_training(person: Person) -> None:
    from PySide6.QtCore import QPoint

    from aestudio.gui.widgets.fine_slider import FineSlider

    start(person)
    form = person.window.left.recipe.form
    assert form is not None
    form.set_expanded(True)
    for name in ("learning_rate", "beta"):
        slider = form.row(name).editor.findChild(FineSlider)
        assert slider is not None
        before = person.training.live[name]
        handle = slider.handle_centre().toPoint()
        beside = QPoint(handle.x() + (15 if handle.x() < slider.width() / 2 else -15), handle.y())
        person.click(slider, beside)
        assert person.training.live[name] != before
    rate = person.training.live["learning_rate"]
    person.wait(
        lambda: person.training.progress is not None and person.training.progress.learning_rate == rate
    )
    assert not form.row("epochs").editor.isEnabled()
    assert "stop it first" in form.row("epochs").editor.toolTip()
    assert not person.window.left.recipe.choose.isEnabled()
    assert not person.window.left.data.dataset.isEnabled()


def test_stop_save_open_and_resume(person: Person, open_window: Callable[..., Person]) -> None:
    """Another window shows the same curves, weights and reconstruction, and resumes the run."""
    start(person)
    person.wait(lambda: len(person.training.validation) > 2)
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    person.wait(lambda: kept_items(person))
    person.show("reconstruct")
    person.wait_computed()
    curves, weights = person.training.training, person.state.snapshot
    shown, inspected = person.state.value("triples"), person.state.value("inspect")

    other = open_window()
    other.window.resize(1280, 800)  # the list of runs is beside the view, whatever the screen
    other.wait(
        lambda: other.state.torch_phase == "ready" and other.state.data.phase == "ready" and kept_items(other)
    )
    open_first(other)
    assert other.state.recipe == person.state.recipe
    np.testing.assert_array_equal(other.training.training.step, curves.step)
    for name in curves.names:
        np.testing.assert_array_equal(other.training.training.term(name), curves.term(name))
    assert same(weights, other.state.snapshot)
    other.wait(lambda: other.state.value("inspect") is not None)
    other.wait_computed()
    assert other.state.value("inspect").squared_error == inspected.squared_error
    np.testing.assert_array_equal(other.state.value("inspect").reconstruction, inspected.reconstruction)
    assert shown is not None

    button = other.window.left.training.start
    assert button.text() == "Resume"
    other.click(button)
    other.wait(lambda: other.training.phase == "running" and len(other.training.training) > len(curves))
    assert other.training.training.step[: len(curves)].tolist() == curves.step.tolist()
    assert other.training.training.step[len(curves)] == curves.step[-1] + 1
    other.click(other.window.left.training.stop)
    other.wait_phase("ended")


@pytest.mark.thorough
def test_reset_gives_the_same_weights_and_the_same_curves_again(person: Person) -> None:
    box = person.window.left.training
    person.click(box.reset)
    person.wait(lambda: person.state.snapshot is not None and person.state.model.origin == "training")  # type: ignore[union-attr]
    initial = person.state.snapshot
    person.click(box.start)
    person.wait_phase("ended")
    first = person.training
    person.click(box.reset)
    person.wait(lambda: person.training.phase == "idle" and person.state.snapshot.step == 0)  # type: ignore[union-attr]
    assert same(initial, person.state.snapshot)
    person.click(box.start)
    person.wait_phase("ended")
    np.testing.assert_array_equal(person.training.training.term("loss"), first.training.term("loss"))
    np.testing.assert_array_equal(person.training.validation.term("loss"), first.validation.term("loss"))


def test_keys_start_step_pause_and_stop(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.keys("Ctrl+.")
    person.wait(lambda: person.training.phase == "paused" and person.step == 1)
    person.keys("Ctrl+Return")
    person.wait(lambda: person.training.phase == "running" and person.step > 1)
    person.keys("Ctrl+Return")
    person.wait_phase("paused")
    person.keys("Ctrl+Shift+S")
    person.wait_phase("ended")
    person.keys("Ctrl+R")
    person.wait_phase("idle")


@pytest.mark.thorough
def test_a_run_is_saved_when_the_window_closes_and_can_be_resumed(
    person: Person, open_window: Callable[..., Person]
) -> None:
    import threading

    from tests.end_to_end.conftest import close

    start(person)
    person.wait(lambda: len(person.training.validation) > 0)
    run = person.training.run
    close(person)
    assert not {"training", "inference"} & {thread.name for thread in threading.enumerate()}

    other = open_window()
    other.window.resize(1280, 800)  # the list of runs is beside the view, whatever the screen
    other.wait(
        lambda: other.state.torch_phase == "ready" and other.state.data.phase == "ready" and kept_items(other)
    )
    open_first(other)
    assert other.training.run == run
    steps = other.training.training.step
    assert steps.tolist() == list(range(1, len(steps) + 1))
    other.click(other.window.left.training.start)
    other.wait(lambda: other.training.phase == "running" and len(other.training.training) > len(steps))


@pytest.mark.thorough
def test_a_run_killed_in_its_first_epoch_resumes_from_the_newest_checkpoint(
    person: Person, open_window: Callable[..., Person]
) -> None:
    """Only the history remained after the kill; its newest checkpoint is damaged."""
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.run_record import change_record
    from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS
    from tests.end_to_end.conftest import close

    start(person)
    person.wait(lambda: len(person.state.history.history_checkpoints) > 5)
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    folder = person.state.history.folder or runs_folder() / person.training.run
    person.wait(lambda: kept_items(person))
    close(person)
    for name in (CHECKPOINT, WEIGHTS):
        (folder / name).unlink()
    change_record(folder, status="running")
    *_, whole, newest = KeptRun.at(folder).history_checkpoints()
    damaged = folder / "moments" / f"{newest.step:09d}.safetensors"
    damaged.write_bytes(damaged.read_bytes()[:1000])

    other = open_window()
    other.window.resize(1280, 800)  # the list of runs is beside the view, whatever the screen
    other.wait(
        lambda: other.state.torch_phase == "ready" and other.state.data.phase == "ready" and kept_items(other)
    )
    open_first(other)
    assert other.state.message.tone == "warn"
    assert f"the newest that can be used is of step {whole.step:,}" in other.state.message.text
    assert other.state.snapshot is not None
    assert other.state.snapshot.step == whole.step
    button = other.window.left.training.start
    assert button.text() == "Resume"
    other.click(button)
    other.wait(lambda: other.training.phase == "running")
    assert f"going on from step {whole.step:,}." in other.state.message.text
    other.wait(lambda: other.step > whole.step)
    assert not damaged.exists() or damaged.stat().st_size > 1000
    assert (folder / "aside" / damaged.name).stat().st_size == 1000

    other.click(other.window.left.training.stop)
    other.wait_phase("ended")
    step = other.training.ended.step  # type: ignore[union-attr]
    close(other)
    again = open_window()
    again.window.resize(1280, 800)
    again.wait(lambda: again.state.data.phase == "ready" and kept_items(again))
    open_first(again)
    assert f"Resume continues from step {step:,}." in again.state.message.text


def test_the_gallery_chooses_with_the_mouse(person: Person) -> None:
    from aestudio.gui.window.gallery import Gallery

    person.click(person.window.left.recipe.choose)
    gallery = person.window.findChild(Gallery)
    assert gallery is not None
    assert len(gallery.cards) == len(person.state.recipes)
    card = next(card for card in gallery.cards if card.recipe.name == "sparse-ae")
    person.click(card)
    assert person.state.recipe.name == "sparse-ae"
    assert person.window.left.recipe.choose.text() == card.recipe.title
    assert person.window.left.recipe.objective.currentData() == "sparse"


RECIPES = (
    "deep-ae",
    "shallow-l2",
    "compress-ae",
    "hidden-256",
    "conv-ae",
    "denoising-conv-ae",
    "sparse-ae",
    "row-gru-ae",
    "vae",
    "conv-vae-2d",
    "conv-vae",
    "digit-classifier",
    "pca",
    "linear-ae",
    "wae-mmd",
    "gan",
    "wgan-gp",
    "aae",
    "tied-ae",
    "residual-ae",
    "inpainting-ae",
    "masked-ae",
    "l1-sparse-ae",
    "k-sparse-ae",
    "winner-take-all-ae",
    "contractive-ae",
    "orthogonal-ae",
    "row-lstm-ae",
    "supervised-ae",
    "rae",
    "capacity-vae",
    "learned-variance-vae",
    "grey-level-vae",
    "importance-weighted-ae",
    "dip-vae",
    "beta-tc-vae",
    "vq-vae",
    "factor-vae",
    "vamp-vae",
    "categorical-vae",
    "ladder-vae",
    "flow-vae",
    "mixture-vae",
    "wake-sleep",
    "semi-supervised-vae",
    "conditional-vae",
    "patch-transformer-ae",
    "masked-transformer-ae",
    "vae-gan",
    "info-gan",
    "made",
    "codec",
)


QUICK = ("deep-ae", "vae", "digit-classifier")


@pytest.mark.parametrize(
    "names", [QUICK, pytest.param(tuple(n for n in RECIPES if n not in QUICK), marks=pytest.mark.slow)]
)
def test_every_recipe_trains_and_every_view_shows_it(person: Person, names: tuple[str, ...]) -> None:
    assert {recipe.name for recipe in person.state.recipes} == set(RECIPES)
    for name in names:
        train_and_show_views(person, name)


def train_and_show_views(person: Person, name: str) -> None:
    """One short training from a click on Start to its end, then each view in turn."""
    person.window.session.recipe.choose_recipe(small(name, epochs=1, batch_size=100))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "ended" and person.state.snapshot.recipe.name == name)  # type: ignore[union-attr]
    assert person.training.ended is not None
    assert person.training.ended.reason == "finished", name
    assert len(person.training.training) == 6
    for view in person.window.views:
        person.show(view)
        person.wait_computed()
        assert pixels(person.window.views.stack).std() > 1, f"{view} of {name} is empty"
    problems = {channel: result.problem for channel, result in person.state.results.items() if result.problem}
    assert not problems, name


@pytest.mark.thorough
def test_an_early_stop_shows_one_step_everywhere(person: Person) -> None:
    box = person.window.left.training
    recipe = small("deep-ae", hidden=(64,), latent_size=8, epochs=LONG, patience=1, learning_rate=0.05)
    person.window.session.recipe.choose_recipe(recipe)
    person.click(box.start)
    person.wait(lambda: person.training.phase == "ended")
    ended, shown = person.training.ended, person.state.snapshot
    assert ended is not None
    assert shown is not None
    assert ended.reason == "early_stopping"
    assert shown.step == ended.step < ended.last_step
    assert box.run_bar.toolTip().startswith(f"Step {ended.step:,} of ")
    assert f"at step {ended.last_step:,}" in person.state.message.text
    assert f"of step {ended.step:,}" in person.state.message.text
    person.wait(lambda: any(run.name == person.training.run and run.record for run in person.state.runs))

    def listed() -> KeptRun:
        [run] = [run for run in person.state.runs if run.name == person.training.run]
        return run

    person.wait(lambda: listed().require_record().step == ended.step)  # the list is read again at the end
    kept = listed()
    assert kept.snapshot().step == ended.step
    assert f"of step {ended.step:,}" in kept.describe()
