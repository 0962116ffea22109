"""The next start is as the last one ended: view, run, theme, smoothing; damaged files do not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aestudio.gui.app import FIRST_VIEW
from aestudio.gui.controllers.preferences_controller import FILE, LAST_SHOWN, kept_theme, last_run
from aestudio.gui.controllers.session import FIRST_RECIPE
from aestudio.gui.state.studio_state import PlaneChoice
from aestudio.paths import settings_folder
from tests.end_to_end.conftest import LONG, close, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person


def shown_run(person: Person) -> str:
    person.wait(lambda: person.state.snapshot is not None)
    assert person.state.snapshot is not None
    return person.state.snapshot.run


def test_a_new_user_sees_the_shipped_model(
    open_window: Callable[..., Person], quick_data: None, plainest_first: None, digits: Dataset
) -> None:
    person = open_window(dataset="auto")
    assert person.window.view.name == FIRST_VIEW
    assert shown_run(person) == FIRST_RECIPE
    person.wait(lambda: person.state.data.phase == "ready")
    assert person.state.selected == digits.test.plainest != 0


def test_view_run_theme_smoothing_and_axes_are_there_again(
    person: Person, open_window: Callable[..., Person]
) -> None:
    window: Any = person.window
    window.session.recipe.choose_recipe(small(epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    view = window.view
    view.smoothing.setFocus()
    person.keys("End", view.smoothing)
    person.click(view.logarithmic)
    window.commands.run("theme.light")
    person.show("reconstruct")
    axes = PlaneChoice("components", 0, 2, 1)
    window.session.explore.choose_plane(axes)
    name = person.training.run
    close(person)
    assert kept_theme() == "light"
    other = open_window(dataset="auto")
    assert other.window.view.name == "reconstruct"
    assert shown_run(other) == name
    assert other.state.plane == axes
    other.show("train")
    again: Any = other.window.view
    assert again.smoothing.value() == again.smoothing.maximum()
    assert again.logarithmic.isChecked()
    assert again.plot._logarithmic


def test_a_training_that_was_closed_can_be_resumed_at_once(
    person: Person, open_window: Callable[..., Person]
) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > 3)
    name = person.training.run
    person.window.session.runs.open("conv-vae")
    person.wait(lambda: shown_run(person) == "conv-vae")
    close(person)
    other = open_window(dataset="auto")
    assert shown_run(other) == name
    assert other.training.resumable


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"view": 7, "run": ["x"]}', b'{"run": "gone"}', b"\xff"]
)
def test_a_damaged_file_does_not_stop_the_start(
    open_window: Callable[..., Person], quick_data: None, content: bytes
) -> None:
    settings_folder().mkdir(parents=True)
    for name in (FILE, LAST_SHOWN):
        (settings_folder() / name).write_bytes(content)
    assert last_run("usual") == "usual"
    person = open_window(dataset="auto")
    assert person.window.view.name == FIRST_VIEW
    assert shown_run(person) == FIRST_RECIPE


def test_other_images_that_are_asked_for_stay(person: Person, open_window: Callable[..., Person]) -> None:
    """The run of the last time would bring its own."""
    person.window.session.runs.open("conv-vae")
    person.wait(lambda: shown_run(person) == "conv-vae")
    close(person)
    assert shown_run(open_window(dataset="builtin")) == FIRST_RECIPE
