"""The bar above the map shows the progress of an embedding; the options choose how many images it has."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import MapChoice, PlaneChoice, StudioState
from aestudio.gui.views.latent.map.embedding_bar import EmbeddingBar
from aestudio.gui.views.latent.map.map_options import MapOptions

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session


@pytest.fixture
def bar(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> EmbeddingBar:
    monkeypatch.setattr("aestudio.gui.views.latent.map.map_options.POINTS", 100)
    bar = EmbeddingBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def state(studio_session: Session) -> StudioState:
    return replace(studio_session.state, plane=PlaneChoice("tsne"))


def computing(state: StudioState, done: float, activity: str) -> StudioState:
    return replace(state, tasks=MappingProxyType({"embedding": (done, 1.0, activity)}))


def test_it_is_visible_while_an_embedding_is_computed(
    bar: EmbeddingBar, state: StudioState, qtbot: QtBot
) -> None:
    bar.show_state(state)
    assert bar.isHidden(), "all shown images are embedded"
    bar.show_state(computing(state, 0.43, "t-SNE"))
    assert not bar.isHidden()
    assert (bar.progress.value(), bar.note.text) == (430, "Embedding, 43 %")
    bar.show_state(computing(state, 0.02, "Encoding the images"))
    assert bar.note.text == "Encoding the images"
    with qtbot.waitSignal(bar.cancelled):
        bar.stop.click()
    bar.show_state(replace(computing(state, 0.5, "t-SNE"), plane=PlaneChoice("components")))
    assert bar.isHidden()


def test_all_images_can_be_embedded_if_there_are_more(
    bar: EmbeddingBar, state: StudioState, qtbot: QtBot
) -> None:
    more = replace(state, map_choice=MapChoice(images="all"))
    options = MapOptions()
    qtbot.addWidget(options)
    for part in (bar, options):
        part.show_state(more)
    assert not options.embedded.isHidden()
    assert bar.progress.isHidden()
    chosen: list[str] = []
    options.points_chosen.connect(chosen.append)
    options.embedded.activated.emit(1)
    options.embedded.activated.emit(0)
    assert chosen == ["all", "some"]
    options.show_state(replace(more, embedding=replace(state.embedding, points="all")))
    assert options.embedded.currentIndex() == 1
    options.show_state(state)
    assert options.embedded.isHidden(), "all shown images are embedded"
    bar.show_state(replace(more, training=RunState("running")))
    assert bar.isHidden()


def test_a_problem_is_shown(bar: EmbeddingBar, state: StudioState) -> None:
    problem = StudioError("UMAP cannot be loaded", advice="Install the program again.")
    bar.show_state(replace(state, embedding=replace(state.embedding, problem=problem)))
    assert not bar.isHidden()
    assert "cannot be loaded" in bar.note.text
