"""The history as a user works with it: scrub, show every view, play, branch, reopen, scrub again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.plots.numbers import number_text
from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint

    from aestudio.gui.plots.curve_plot import CurvePlot
    from aestudio.gui.window.history_bar import HistoryBar
    from tests.end_to_end.conftest import Person


def bar(person: Person) -> HistoryBar:
    return person.window.history


def shown_step(person: Person) -> int:
    assert person.state.snapshot is not None
    return person.state.snapshot.step


def position_of(person: Person, index: int) -> QPoint:
    """The position on the scrubber of a checkpoint."""
    slider = bar(person).slider
    from PySide6.QtCore import QPoint

    return QPoint(round(slider._x(index)), slider.height() // 2)


def scrub(person: Person, index: int) -> None:
    """Click the scrubber and wait until that checkpoint is shown."""
    person.click(bar(person).slider, position_of(person, index))
    person.wait(lambda: person.state.history.index == index)


def settle(person: Person) -> None:
    """Wait for the results that these tests use; other panels may still be waiting."""
    channels = {"slider", "inspect", "reconstruction row", "triples", "map", "first weights"}
    tasks = {"read checkpoint", "branch", "open", "runs"}
    person.wait(lambda: not channels & set(person.state.pending) and not tasks & set(person.state.tasks))


def train(person: Person, **settings: object) -> None:
    person.window.session.recipe.choose_recipe(small(**settings))  # type: ignore[arg-type]
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    settle(person)


def values_of_curves(plot: CurvePlot) -> dict[str, str]:
    """The value beside the name of each curve."""
    return {label.name: label.value for label in plot.labels}


def steps_of(person: Person) -> list[int]:
    return person.training.training.step.tolist()


@pytest.mark.thorough
def test_every_view_and_the_sliders_show_the_checkpoint(person: Person) -> None:
    assert bar(person).isVisible()
    assert not bar(person).slider.isVisible()
    height = bar(person).height()
    train(person)
    assert bar(person).slider.isVisible()
    assert bar(person).height() == height  # the layout did not change
    checkpoints = person.state.history.history_checkpoints
    assert [checkpoint.step for checkpoint in checkpoints] == [*range(19)]
    assert f"{len(checkpoints)} checkpoints" in bar(person).storage.text()
    assert "of 52 MB" in bar(person).storage.text()
    person.show("reconstruct")
    settle(person)
    newest = person.state.value("triples")

    scrub(person, 3)
    assert shown_step(person) == 3
    assert bar(person).position.text() == "step 3 · epoch 0.3"
    assert f"4 of {len(checkpoints)} checkpoints" in bar(person).storage.text()
    channel_of_view = {
        "train": "reconstruction row",
        "reconstruct": "triples",
        "latent": "map",
        "features": "first weights",
    }
    for name in person.window.views:
        person.show(name)
        settle(person)
        for channel in ("slider", "inspect", channel_of_view.get(name, "slider")):
            snapshot = person.state.results[channel].request.snapshot
            assert snapshot is person.state.snapshot, f"{channel} in {name}"
    assert person.window.session.explore._frozen_model.snapshot.step == 3  # type: ignore[union-attr]
    assert person.state.value("triples") is not newest
    person.show("train")
    plot = person.window.views["train"].plot  # type: ignore[attr-defined]
    assert plot.marker_x == checkpoints[3].epoch
    assert plot.marker_text == "step 3"
    shown, at_step = values_of_curves(plot), person.training.training.term("loss")[steps_of(person).index(3)]
    assert shown["Training"] == number_text(at_step), "the values are of the shown step, not the newest"
    marked = pixels(plot)
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    bar(person).now.setFocus()
    person.click(bar(person).now)
    settle(person)
    assert shown_step(person) == 18
    assert bar(person).slider.hasFocus()  # not the button that branches
    assert plot.marker_x is None
    newest_loss = person.training.training.term("loss")[-1]
    assert values_of_curves(plot)["Training"] == number_text(newest_loss) != shown["Training"]
    assert not np.array_equal(pixels(plot), marked)


@pytest.mark.thorough
def test_the_history_by_keyboard_and_as_an_animation(person: Person) -> None:
    train(person)
    last = len(person.state.history.history_checkpoints) - 1
    person.keys("Alt+Left")
    person.wait(lambda: person.state.history.index == last)
    person.keys("Alt+Left")
    person.wait(lambda: person.state.history.index == last - 1)
    person.keys("Alt+Home")
    person.wait(lambda: person.state.history.index == 0)
    person.keys("Alt+Right")
    person.wait(lambda: person.state.history.index == 1)
    bar(person).slider.setFocus()
    person.keys("Right", bar(person).slider)
    person.wait(lambda: person.state.history.index == 2)
    person.keys("Alt+End")
    person.wait(lambda: person.state.history.index is None)

    steps: list[int] = []
    person.window.session.changed.connect(lambda: steps.append(shown_step(person)))
    person.click(bar(person).play)
    person.wait(lambda: person.state.history.playing and (person.state.history.index or 0) >= 4)
    person.keys("Ctrl+Shift+P")
    assert not person.state.history.playing
    halted = person.state.history.index
    person.live(300)
    assert person.state.history.index == halted
    person.click(bar(person).play)
    person.wait(lambda: not person.state.history.playing)
    assert person.state.history.index is None
    assert list(dict.fromkeys(steps))[1:] == [*range(18)]


@pytest.mark.thorough
def test_scrubbing_while_it_trains(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: len(person.state.history.history_checkpoints) > 12)
    person.show("latent")
    weights = person.window.view.explorer.objective_weights  # type: ignore[attr-defined]
    assert "Applies from the next step" in weights.note.text
    scrub(person, 5)
    assert shown_step(person) == 5
    assert "Of the newest step, not of the shown one" in weights.note.text
    step, count = person.step, len(person.state.history.history_checkpoints)
    person.wait(lambda: person.step > step + 50 and len(person.state.history.history_checkpoints) > count)
    assert shown_step(person) == 5
    assert person.state.history.shown_checkpoint is not None
    assert person.state.history.shown_checkpoint.step == 5
    person.wait(lambda: person.state.results["inspect"].request.snapshot.step == 5)
    assert person.state.history.present is not None
    assert person.state.history.present.snapshot.step > 5
    person.keys("Alt+End")
    person.wait(lambda: shown_step(person) > step)
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")


@pytest.mark.thorough
def test_branch_with_another_learning_rate_reopen_and_scrub_again(
    person: Person, open_window: Callable[..., Person]
) -> None:
    train(person)
    parent = person.training
    scrub(person, 7)
    person.keys("Ctrl+Shift+B")
    popup = bar(person).popup
    assert popup.isVisible()
    assert popup.heading.text() == "Branch from step 7"
    offered = [popup.setting.itemData(index) for index in range(popup.setting.count())]
    assert offered[:3] == ["beta", "learning_rate", "epochs"]
    assert not {"latent_size", "hidden", "batch_size"} & set(offered)
    person.click(popup.begin)
    assert "a value other than" in popup.message.text()
    popup.choose("learning_rate")
    box = popup.editor._box  # type: ignore[union-attr]
    person.click(box)
    box.lineEdit().selectAll()
    person.qtbot.keyClicks(box.lineEdit(), "0.02")
    person.click(popup.begin)
    assert not popup.isVisible()
    person.wait(lambda: person.training.run != parent.run and person.training.phase == "ended")
    settle(person)
    branch = person.training
    assert branch.live["learning_rate"] == 0.02
    loss, before = branch.training.term("loss"), parent.training.term("loss")
    np.testing.assert_array_equal(loss[:7], before[:7])
    assert not np.array_equal(loss[7:], before[7:])
    record = KeptRun.at(runs_folder() / branch.run).require_record()
    assert record.branched_from is not None
    assert record.branched_from.model_dump() == {
        "run": parent.run,
        "step": 7,
        "changes": {"learning_rate": 0.02},
    }

    other = open_window(run=branch.run)
    other.wait(lambda: other.state.torch_phase == "ready" and other.state.history.run == branch.run)
    settle(other)
    assert len(other.state.history.history_checkpoints) == len(person.state.history.history_checkpoints) == 19
    scrub(other, 5)
    expected = KeptRun.at(runs_folder() / parent.run).history_checkpoint(5).snapshot.weights
    assert other.state.snapshot is not None
    assert all(np.array_equal(other.state.snapshot.weights[name], expected[name]) for name in expected)


@pytest.mark.thorough
def test_a_branch_at_the_end_needs_more_epochs_and_escape_closes(person: Person) -> None:
    train(person)
    person.click(bar(person).branch)
    popup = bar(person).popup
    assert [popup.setting.itemData(index) for index in range(popup.setting.count())] == ["epochs"]
    assert "ended at this step" in popup.message.text()
    person.keys("Escape", popup)
    assert not popup.isVisible()
