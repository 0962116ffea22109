"""The map's toolbar shows the choices, offers what is possible, and fits into a narrow panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.gui.state.studio_state import DataState, MapChoice, PlaneChoice
from aestudio.gui.views.latent.map.map_toolbar import MapToolbar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState


@pytest.fixture
def state(studio_session: Session) -> StudioState:
    return studio_session.state


def test_each_choice_is_reported_complete(qtbot: QtBot, state: StudioState) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.show_state(replace(state, map_choice=MapChoice("density", "all", "none")))
    chosen: list[MapChoice] = []
    tools.map_chosen.connect(chosen.append)
    tools.overlay.setCurrentIndex(3)
    tools.overlay.activated.emit(3)
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
    assert not tools.first.isVisible()
    model = tools.overlay.model()
    offered = [model.flags(model.index(row, 0)).value & 32 != 0 for row in range(4)]
    assert offered == [True, True, False, False]
    tools.show_state(replace(state, plane=PlaneChoice("components")))
    assert tools.first.isVisible()
    assert model.flags(model.index(3, 0)).value & 32


def test_without_a_dataset_there_is_no_training_set(qtbot: QtBot, state: StudioState) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.show_state(replace(state, data=DataState()))
    model = tools.images.model()
    assert not model.flags(model.index(1, 0)).value & 32
    assert "data set" in model.index(1, 0).data(3)


@pytest.mark.parametrize(("width", "rows"), [(352, 2), (800, 1)])
def test_all_controls_fit(qtbot: QtBot, state: StudioState, width: int, rows: int) -> None:
    tools = MapToolbar()
    qtbot.addWidget(tools)
    tools.resize(width, 80)
    tools.show()
    qtbot.waitExposed(tools)
    tools.show_state(state)
    qtbot.wait(20)
    assert tools.minimumSizeHint().width() <= 352
    parts = [
        tools.kind,
        tools.first,
        tools.second,
        tools.colour,
        tools.images,
        tools.overlay,
        tools.lasso,
        tools.fit,
    ]
    assert len({part.geometry().center().y() for part in parts[:1] + parts[3:4]}) == rows
    for part in parts:
        assert tools.rect().contains(part.geometry())
        assert part.toolTip()
        assert part.accessibleName()
