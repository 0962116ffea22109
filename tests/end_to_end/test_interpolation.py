"""Interpolation in the real window: keyframes of every kind, the geodesic, its path, exported files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.views.latent.panels.interpolate import InterpolatePanel
    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Person:
    """A model with four latent dimensions, trained for two epochs, and the interpolation in front."""
    person.window.resize(1280, 800)
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=2))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    open_panel(person)
    person.wait(lambda: panel(person).animation is not None)
    return person


def open_panel(person: Person) -> None:
    person.show("latent")
    view: Any = person.window.views["latent"]
    tabs = view.panels.tabs
    person.click(tabs, tabs.tabRect(list(view.panels.known).index("interpolation")).center())


def panel(person: Person) -> InterpolatePanel:
    view: Any = person.window.views["latent"]
    return view.panels["interpolation"]


def choose(person: Person, text: str, inside: str = "") -> None:
    """Choose an entry of the menu that adds a keyframe; `inside` names its submenu."""
    menu: Any = panel(person).keyframes.add.fill()
    if inside:
        (menu,) = (action.menu() for action in menu.actions() if action.text() == inside)
    (action,) = (action for action in menu.actions() if action.text() == text)
    assert action.isEnabled()
    action.trigger()


def pick(person: Person, box: Any, index: int) -> None:
    """Choose an entry of a box with the arrow keys."""
    box.setFocus()
    while box.currentIndex() != index:
        person.keys("Down" if box.currentIndex() < index else "Up", box)


def draw_a_keyframe(person: Person) -> None:
    choose(person, "Draw a digit ...")
    pad = panel(person).keyframes.add.pad
    assert pad is not None
    assert not pad.use.isEnabled()
    pad.pad.draw([(140, 40), (140, 240)])
    person.wait(pad.use.isEnabled)
    person.click(pad.use)


@pytest.mark.thorough
def test_an_interpolation_through_keyframes_of_every_kind_along_the_geodesic(
    trained: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image
    from PySide6.QtWidgets import QFileDialog

    person, shown = trained, panel(trained)
    first, other = shown.animation.keyframes  # type: ignore[union-attr]
    labels = person.state.image_set.labels  # type: ignore[union-attr]
    assert first.number == person.state.selected
    assert labels[other.number] != labels[first.number]  # type: ignore[index]

    person.keys("Ctrl+Shift+D")
    draw_a_keyframe(person)
    choose(person, "3", "Mean of a class")
    choose(person, "Bookmark 1", "Bookmark")
    pick(person, shown.path_kind, 2)
    person.wait(
        lambda: shown.animation is not None and shown.animation.saved is not None and not person.state.pending
    )
    animation = shown.animation
    assert animation is not None
    assert len(animation.keyframes) == 5
    assert animation.keyframes == person.state.workspace.keyframes
    assert animation.saved is not None
    assert animation.saved >= 0
    np.testing.assert_array_equal(animation.codes[-1], person.state.workspace.bookmarks[0].code)
    assert "Geodesic" in shown.status.text()
    np.testing.assert_array_equal(shown.path(), animation.codes)
    assert len(shown.keyframes.row.cells) == 5
    assert all(cell.image is not None for cell in shown.keyframes.row.cells)

    view: Any = person.window.views["latent"]
    before = pixels(view.explorer.image)
    shown.scrubber.setFocus()
    person.keys("End", shown.scrubber)
    np.testing.assert_array_equal(person.state.exploration.code, animation.codes[-1])
    person.keys("Home", shown.scrubber)
    for _ in range(20):
        person.keys("Right", shown.scrubber)
    assert not np.array_equal(before, pixels(view.explorer.image))

    target = tmp_path / "interpolation.gif"
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(str(target)))
    person.click(shown.export)
    dialog = shown.export.dialog
    assert dialog is not None
    dialog.size_box.setCurrentIndex(0)
    person.click(dialog.write)
    person.wait(lambda: target.exists() and "animation" not in person.state.tasks)
    assert "Wrote" in person.state.message.text
    with Image.open(target) as image:
        assert image.size == (112, 112)
        seconds = 0
        for frame in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(frame)
            seconds += image.info["duration"] / 1000
        image.seek(0)
        start = np.asarray(image.convert("L"))[::4, ::4]
    np.testing.assert_array_equal(start, animation.images[0, 0])
    assert seconds == pytest.approx((2 * len(animation.codes) - 2) / 25)

    person.window.activateWindow()  # offscreen, no window manager does it after a dialog was closed
    person.wait(person.window.isActiveWindow)
    shown.keyframes.row.setFocus()
    person.keys("Delete", shown.keyframes.row)
    assert len(person.state.workspace.keyframes) == 4
    person.keys("Ctrl+Z")
    assert person.state.workspace.keyframes == animation.keyframes


@pytest.mark.thorough
def test_a_closed_loop_repeats_and_a_single_keyframe_needs_a_second(trained: Person) -> None:
    person, shown = trained, panel(trained)
    choose(person, "5", "Mean of a class")
    pick(person, shown.end_kind, 1)
    person.wait(lambda: shown.animation is not None and shown.animation.closed)
    animation = shown.animation
    assert animation is not None
    np.testing.assert_array_equal(animation.codes[0], animation.codes[-1])
    shown.scrubber.setValue(shown.scrubber.maximum() - 3)
    person.click(shown.play)
    person.wait(lambda: 0 < shown.scrubber.value() < 9)
    person.click(shown.play)
    row = shown.keyframes.row
    row.setFocus()
    for _ in range(2):
        person.keys("Delete", row)
    person.wait(lambda: shown.animation is None)
    assert "second keyframe" in shown.frames.hint
    assert not shown.export.isEnabled()


@pytest.mark.slow
def test_a_geodesic_is_computed_again_during_a_training(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=LONG, batch_size=20))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and person.state.exploration.image is not None)
    open_panel(person)
    shown = panel(person)
    pick(person, shown.path_kind, 2)
    person.wait(lambda: shown.animation is not None and shown.animation.saved is not None)
    first = shown.animation
    person.wait(
        lambda: (
            shown.animation is not first and shown.animation is not None and shown.animation.saved is not None
        )
    )
