"""The next start is as the last one ended: view, run, theme, smoothing; damaged files do not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

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


@pytest.mark.thorough
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
    window.show_panel("interpolation")
    panel = window.views["latent"].panels.front
    person.qtbot.keyClick(panel.path_kind, Qt.Key.Key_End)
    person.show("reconstruct")
    person.click(window.view.orders.findChild(QPushButton, "index"))
    name = person.training.run
    close(person)
    assert kept_theme() == "light"
    other = open_window(dataset="auto")
    assert other.window.view.name == "reconstruct"
    assert shown_run(other) == name
    assert other.state.plane == axes
    assert other.window.view.orders.order.kind == "index"  # type: ignore[attr-defined]
    panels: Any = other.window.views["latent"].panels  # type: ignore[attr-defined]
    assert panels.drawer.is_open
    assert panels.front_name == "interpolation"
    assert panels.front.path_kind.value == "geodesic"
    other.show("train")
    again: Any = other.window.view
    assert again.smoothing.value() == again.smoothing.maximum()
    assert again.logarithmic.isChecked()
    assert again.plot._logarithmic


@pytest.mark.thorough
def test_options_of_views_are_there_again(person: Person, open_window: Callable[..., Person]) -> None:
    """Each is changed by a key or a click, and is as it was left in the next window."""
    window: Any = person.window
    window.session.recipe.choose_recipe(small(epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    first = options(person)
    for view, panel, box in CHOICES:
        person.qtbot.keyClick(option(person, view, panel, box), Qt.Key.Key_End)
    person.show("latent")
    sliders = window.view.explorer.sliders
    person.click(sliders.header.bases["components"])
    person.click(sliders.header.sort)
    sliders.header.options.menu().aboutToShow.emit()
    next(one for one in sliders.header.menu.actions() if one.text().startswith("Loop")).trigger()
    person.show("compare")
    window.session.comparison.choose_difference("beta")
    window.session.comparison.use_same_axes(False)
    window.view.board.curves.tabs.setCurrentIndex(1)
    chosen = options(person)
    assert all(a != b for a, b in zip(first, chosen, strict=True)), (first, chosen)
    assert not person.state.comparison.same_axes
    person.wait_computed()
    close(person)
    other = open_window(dataset="auto")
    shown_run(other)
    other.wait(lambda: other.state.data.phase == "ready")
    assert options(other) == chosen
    other.show("latent")
    again: Any = other.window.view
    assert again.explorer.sliders.header.bases["components"].isChecked()
    assert again.explorer.sliders.header.sort.isChecked()
    assert again.explorer.sliders.animator.mode == "loop"
    assert not other.state.comparison.same_axes
    other.show("compare")
    page: Any = other.window.view
    assert page.board.curves.tabs.currentIndex() == 1


CHOICES = (
    ("features", "", "probe.images"),
    ("features", "", "export.split"),
    ("latent", "samples", "source"),
    ("latent", "attribute vectors", "choice"),
    ("latent", "traversals", "columns_box"),
    ("compare", "", "board.curves.split"),
)
"""View, panel, and the box within it."""


def option(person: Person, view: str, panel: str, name: str) -> Any:
    person.show(view)
    if panel:
        person.window.show_panel(panel)
    person.settle()
    found: Any = person.window.view
    if panel:
        found = found.panels.front
    for part in name.split("."):
        found = getattr(found, part)
    return found


def options(person: Person) -> list[Any]:
    return [option(person, *choice).value for choice in CHOICES]


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_other_images_that_are_asked_for_stay(person: Person, open_window: Callable[..., Person]) -> None:
    """The run of the last time would bring its own."""
    person.window.session.runs.open("conv-vae")
    person.wait(lambda: shown_run(person) == "conv-vae")
    close(person)
    assert shown_run(open_window(dataset="builtin")) == FIRST_RECIPE
