"""The tour of a first start: beside real widgets, which stay usable; once, and again by Help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from aestudio.gui import app
from aestudio.gui.controllers.preferences_controller import FILE
from aestudio.gui.controllers.settings_file import read_table
from aestudio.gui.window.tour import tour_guide
from aestudio.gui.window.tour.tour_guide import TourGuide
from aestudio.gui.window.tour.tour_targets import target_of
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.tour.callout import Callout
    from tests.end_to_end.conftest import Person


@pytest.fixture
def newcomer(
    open_window: Callable[..., Person],
    folded_sidebars: None,
    quick_data: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Person:
    """A user at the first start, with the shipped model in the Latent view; the tour has not begun."""
    monkeypatch.setattr(tour_guide, "REST_MILLISECONDS", 50)
    user = open_window()
    user.window.resize(1280, 800)
    user.wait(lambda: user.state.torch_phase == "ready" and user.state.data.phase == "ready")
    user.wait(lambda: user.state.value("map") is not None)
    user.settle()
    return user


def callout_of(user: Person) -> Callout:
    guides = user.window.findChildren(TourGuide)
    assert len(guides) == 1
    return guides[0].callout


def area_of(user: Person, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(user.window, QPoint(0, 0)), widget.size())


def wait_for(user: Person, step: str) -> None:
    user.wait(lambda: user.state.tour == step and callout_of(user).isVisible())
    user.settle()


def check_place(user: Person) -> None:
    """It is in the window, points at the widget of its step, and covers it only if it must."""
    callout = callout_of(user)
    step = user.state.tour
    assert step is not None
    found: Any = target_of(step, user.window)
    area, target = callout.geometry(), area_of(user, found.widget)
    assert user.window.rect().contains(area), (step, area)
    place = callout._place
    assert place is not None
    if place.side is not None:
        assert not area.intersects(target), (step, area, target)
        assert target.adjusted(-1, -1, 1, 1).contains(place.tip), step
    for part in (callout.text, *callout.stops):
        assert callout.rect().contains(part.geometry()), (step, part)
    assert callout.text.heightForWidth(callout.text.width()) <= callout.text.height(), (step, "cut")


@pytest.mark.thorough
@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_tour(newcomer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one window: opening it takes longer than all of it."""
    user = newcomer
    assert not user.window.findChildren(TourGuide), "no window of a test or picture begins it"
    app.begin_first_tour(user.window)
    check_the_palette_stays_in_front(user)
    check_doing_it_goes_on(user)
    assert read_table(FILE)["tour_seen"] is True
    app.begin_first_tour(user.window)
    assert user.state.tour is None, "never again by itself"
    check_keys(user)
    check_it_follows_the_layout(user)
    check_other_views_and_a_presentation(user)
    check_train_your_own(user)


def check_the_palette_stays_in_front(user: Person) -> None:
    """Also of a callout that appears later, or moves; Escape closes the palette first."""
    wait_for(user, "slider")
    user.window.session.tour.end()
    user.wait(lambda: not callout_of(user).isVisible())
    user.window.commands.run("palette.open")
    palette = user.window.dialogs.palette
    user.window.commands.run("help.tour")
    wait_for(user, "slider")
    for width in (1280, 1180):
        user.window.resize(width, 800)
        user.settle()
        over = user.window.childAt(palette.geometry().center())
        assert over is not None
        assert palette is over or palette.isAncestorOf(over)
        area = palette.geometry().intersected(callout_of(user).geometry())
        seen = user.window.childAt(area.center()) if area.isValid() else palette
        assert seen is not None
        assert palette is seen or palette.isAncestorOf(seen), "the callout lies over it"
        children = user.window.children()
        assert children.index(palette) > children.index(callout_of(user))
    user.keys("Esc", palette.field)
    assert not palette.isVisible()
    assert user.state.tour == "slider"
    user.window.resize(1280, 800)
    user.settle()


def check_doing_it_goes_on(user: Person) -> None:
    wait_for(user, "slider")
    check_place(user)
    latent: Any = user.window.view
    focused = QApplication.focusWidget()
    assert focused is None or not callout_of(user).isAncestorOf(focused), "it takes no focus"
    track = latent.explorer.slider_column.sliders[0].slider
    code = user.state.exploration.code
    middle = track.rect().center()
    drag = user.drag(track, middle, middle + QPoint(20, 0), middle + QPoint(40, 0))
    next(drag)
    assert user.state.exploration.code is not code, "the first drag is the slider's"
    assert user.state.tour == "slider", "not while the user drags"
    list(drag)
    wait_for(user, "map")
    check_place(user)
    latent.explorer.slider_column.value_changed.emit(("axis", 0), 0.5)
    user.live(200)
    assert user.state.tour == "map", "a slider is not what this step is about"
    plot = latent.map.map.plot
    user.qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.viewport().rect().center())
    wait_for(user, "start")
    check_place(user)
    user.click(callout_of(user).end)
    user.wait(lambda: not callout_of(user).isVisible())
    assert user.state.tour is None


def check_keys(user: Person) -> None:
    """By keys alone: Help > Tour, Escape goes on, Tab reaches the buttons."""
    window: Any = user.window
    window.activateWindow()
    user.wait(window.isActiveWindow)
    user.action("help.tour").trigger()
    wait_for(user, "slider")
    callout = callout_of(user)
    window.view.explorer.slider_column.sliders[0].slider.setFocus()
    reached = set()
    for _ in range(6):
        user.keys("Tab", QApplication.focusWidget())
        reached.add(QApplication.focusWidget())
    assert {callout.skip, callout.end} <= reached
    for step in ("map", "start"):
        user.keys("Esc")
        wait_for(user, step)
    user.keys("Esc")
    user.wait(lambda: not callout.isVisible())
    assert not window.presentation.active


def check_it_follows_the_layout(user: Person) -> None:
    window: Any = user.window
    user.action("help.tour").trigger()
    for step in ("slider", "map", "start"):
        wait_for(user, step)
        for size in ((1280, 800), (800, 600), (1024, 640), (1920, 1080)):
            window.resize(*size)
            user.settle()
            user.wait(lambda: callout_of(user).isVisible())
            check_place(user)
        window.sidebars.set_open(window.left, step != "start")
        user.settle()
        check_place(user)
        window.commands.run("text.choose", size=150)
        user.settle()
        check_place(user)
        window.commands.run("text.choose", size=100)
        window.commands.run("theme.light")
        user.settle()
        check_place(user)
        window.commands.run("theme.dark")
        callout_of(user).skip.click() if step != "start" else callout_of(user).end.click()
    window.resize(1280, 800)


def check_other_views_and_a_presentation(user: Person) -> None:
    user.show("train")
    user.action("help.tour").trigger()
    assert user.window.view.name == "latent", "it begins where its first step is"
    wait_for(user, "slider")
    user.show("train")
    user.wait(lambda: not callout_of(user).isVisible())
    assert user.state.tour == "slider"
    user.show("latent")
    wait_for(user, "slider")
    user.window.toggle_presentation()
    user.action("help.tour").trigger()
    assert "leave it first" in user.state.message.text
    assert not callout_of(user).isVisible()
    user.keys("Esc")
    assert not user.window.presentation.active, "Escape leaves the presentation"
    wait_for(user, "slider")


def check_train_your_own(user: Person) -> None:
    window: Any = user.window
    for _ in range(2):
        user.click(callout_of(user).skip)
    wait_for(user, "start")
    user.click(callout_of(user).offer)
    wait_for(user, "train")
    check_place(user)
    assert window.view.name == "train"
    assert user.state.recipe.name == "vae"
    assert "VAE" in callout_of(user).text.text()
    assert window.start_button.hasFocus()
    window.session.recipe.choose_recipe(small(epochs=LONG))
    user.click(window.start_button)
    user.wait(lambda: user.state.tour is None and not callout_of(user).isVisible())
    user.wait_phase("running")
    window.session.training.stop()
    user.wait_phase("ended")


def test_it_waits_for_a_model_and_leaves_out_what_a_chosen_run_has_not(
    open_window: Callable[..., Person], quick_data: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    user = open_window(sidebars=False)
    app.begin_first_tour(user.window)
    assert user.state.snapshot is None
    assert user.state.tour == "slider"
    assert not callout_of(user).isVisible(), "there is no slider yet"
    user.wait(lambda: user.state.torch_phase == "ready" and user.state.data.phase == "ready")
    wait_for(user, "slider")
    session = user.window.session
    session.recipe.choose_recipe(small("digit-classifier", epochs=1))
    session.tour.end()
    session.training.start()
    user.wait_phase("ended")
    run = user.training.run
    session.runs.open("conv-vae-2d")
    user.wait(lambda: user.state.snapshot is not None and user.state.snapshot.run == "conv-vae-2d")
    user.action("help.tour").trigger()
    wait_for(user, "slider")
    session.runs.open(run)
    wait_for(user, "start")
