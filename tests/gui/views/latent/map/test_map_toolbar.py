"""The map's toolbar shows the choices, offers what is possible, and fits into a narrow panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState, MapChoice, PlaneChoice
from aestudio.gui.views.latent.map.map_options import NO_AXIS, third_axis
from aestudio.gui.views.latent.map.map_toolbar import MapToolbar
from tests.settling import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot


@pytest.fixture
def state(studio_session: Session) -> StudioState:
    return studio_session.state


def test_each_choice_is_reported_complete(qtbot: QtBot, state: StudioState) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.show_state(replace(state, map_choice=MapChoice("density", "all", "none")))
    chosen: list[MapChoice] = []
    tools.map_chosen.connect(chosen.append)
    tools.options.overlay.setCurrentIndex(3)
    tools.options.overlay.activated.emit(3)
    tools.colour.setCurrentIndex(1)
    tools.colour.activated.emit(1)
    assert chosen == [
        MapChoice("density", "all", "decoder_sensitivity"),
        MapChoice("loss", "all", "decoder_sensitivity"),
    ]


def test_an_embedding_has_no_axes_and_no_decoded_overlays(qtbot: QtBot, state: StudioState) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.show()
    tools.show_state(replace(state, plane=PlaneChoice("tsne")))
    tools.options.open_at(tools.options_button)
    assert not tools.options.first.isVisible()
    model = tools.options.overlay.model()
    offered = [model.flags(model.index(row, 0)).value & 32 != 0 for row in range(4)]
    assert offered == [True, True, False, False]
    tools.show_state(replace(state, plane=PlaneChoice("components")))
    assert tools.options.first.isVisible()
    assert model.flags(model.index(3, 0)).value & 32


def test_without_a_dataset_there_is_no_training_set(qtbot: QtBot, state: StudioState) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.show_state(replace(state, data=DataState()))
    model = tools.options.images.model()
    assert not model.flags(model.index(1, 0)).value & 32
    assert "data set" in model.index(1, 0).data(3)


@pytest.mark.parametrize("width", [352, 800])
def test_all_controls_are_in_one_row(qtbot: QtBot, state: StudioState, width: int) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.resize(width, 80)
    tools.show()
    qtbot.waitExposed(tools)
    tools.show_state(state)
    settle(tools)
    assert tools.minimumSizeHint().width() <= 352
    assert tools.sizeHint().height() <= 36
    parts = [tools.kind, tools.colour, tools.options_button, tools.lasso, tools.fit]
    centres = [part.geometry().center().y() for part in parts]
    assert max(centres) - min(centres) <= 1
    for part in parts:
        assert tools.rect().contains(part.geometry())
        assert part.toolTip()
        assert part.accessibleName()


def test_reports_have_a_row_of_their_own_in_a_narrow_panel_only_while_they_report(
    qtbot: QtBot, state: StudioState
) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.resize(352, 80)
    tools.show()
    tools.show_state(state)
    low = tools.sizeHint().height()
    tools.show_selection(1234, exportable=True)
    assert tools.selection.isVisible()
    assert tools.sizeHint().height() > low
    tools.show_selection(0, exportable=True)
    assert tools.sizeHint().height() == low
    tools.resize(800, 80)
    tools.show_selection(1234, exportable=True)
    assert tools.sizeHint().height() == low
    assert not tools.selection.geometry().intersects(tools.colour.geometry())


def test_the_options_are_reached_and_left_by_the_keyboard(qtbot: QtBot, state: StudioState) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    tools = MapToolbar(window)
    tools.setGeometry(0, 0, 800, 40)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    tools.show_state(state)
    tools.options_button.setFocus()
    qtbot.keyClick(tools.options_button, Qt.Key.Key_Space)
    options = tools.options
    assert options.isVisible()
    assert window.rect().contains(options.geometry())
    seen = []
    for _ in range(7):
        focused = window.focusWidget()
        assert focused is not None
        assert options.isAncestorOf(focused)
        seen.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert seen[6] is seen[0], "six controls, and round again"
    boxes = [options.first, options.second, options.third, options.images, options.points, options.overlay]
    assert seen[:6] == boxes
    for box in (*boxes, options.decoded):
        assert box.toolTip()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not options.isVisible()
    assert window.focusWidget() is tools.options_button
    qtbot.mouseClick(tools.options_button, Qt.MouseButton.LeftButton)
    assert options.isVisible()
    qtbot.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(4, 590))
    assert not options.isVisible()


def test_decoded_images_are_offered_where_the_plane_is_all_of_the_code(
    qtbot: QtBot, state: StudioState, make_snapshot: Callable[[], Snapshot]
) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    snapshot = make_snapshot()
    two = replace(snapshot, recipe=snapshot.recipe.with_settings({"latent_size": 2}))
    tools.show_state(replace(state, model=ExploredModel(snapshot, "six", "kept")))
    assert not tools.options.decoded.isEnabled()
    assert "6 numbers" in tools.options.decoded.toolTip()
    tools.show_state(replace(state, model=ExploredModel(two, "two", "kept")))
    assert tools.options.decoded.isEnabled()
    assert tools.options.decoded.isChecked(), "they are on until the user switches them off"
    chosen: list[MapChoice] = []
    tools.map_chosen.connect(chosen.append)
    tools.options.decoded.click()
    assert chosen == [MapChoice(decoded=False)]
    embedded = replace(state, model=ExploredModel(two, "two", "kept"), plane=PlaneChoice("umap"))
    tools.show_state(embedded)
    assert not tools.options.decoded.isEnabled()


def test_a_third_axis_is_offered_with_three_dimensions_and_is_another_than_the_two(
    qtbot: QtBot, state: StudioState, make_snapshot: Callable[[], Snapshot]
) -> None:
    assert [third_axis(wanted, 0, 2, 4) for wanted in (NO_AXIS, None, 0, 1, 2, 3)] == [None, None, 1, 1, 3, 3]
    assert third_axis(1, 0, 1, 2) is None, "there is no third"
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.resize(352, 80)
    tools.show()
    snapshot = make_snapshot()
    six = replace(state, model=ExploredModel(snapshot, "six", "kept"), plane=PlaneChoice("components", 0, 1))
    tools.show_state(six)
    options, chosen = tools.options, []
    tools.plane_chosen.connect(chosen.append)
    options.open_at(tools.options_button)
    assert options.third.isVisible()
    assert [options.third.itemText(row) for row in range(4)] == ["None", "PC 1", "PC 2", "PC 3"]
    options.third.setCurrentIndex(1)
    options.third.activated.emit(1)
    assert chosen == [PlaneChoice("components", 0, 1, 2)], "the next that is free"
    turning = replace(six, plane=chosen[0])
    tools.show_state(turning)
    assert options.third.value == 2
    assert tools.play.isVisible()
    assert tools.minimumSizeHint().width() <= 352
    settle(tools)
    assert tools.rect().contains(tools.play.geometry())
    model = options.overlay.model()
    assert not any(model.flags(model.index(row, 0)).value & 32 for row in (1, 2, 3))
    assert "no plane" in model.index(1, 0).data(3)
    assert "no plane" in options.decoded.toolTip()
    options.choose_kind("dimensions")
    assert chosen[-1] == PlaneChoice("dimensions", 0, 1, 2)
    with qtbot.waitSignal(tools.play_switched):
        tools.play.click()
    tools.show_playing(False)
    assert "Let the map turn" in tools.play.toolTip()
    two = replace(snapshot, recipe=snapshot.recipe.with_settings({"latent_size": 2}))
    tools.show_state(replace(state, model=ExploredModel(two, "two", "kept"), plane=PlaneChoice()))
    assert not options.third.isVisible()
    assert not tools.play.isVisible()
    tools.show_state(replace(turning, plane=PlaneChoice("tsne")))
    assert not options.third.isVisible()
