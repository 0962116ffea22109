"""The bar above the map: how far an embedding is, and what can be done with it; the form of its settings."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from aestudio.analysis.embedding import Embedding2D
from aestudio.analysis.embedding_plan import Orders
from aestudio.errors import StudioError
from aestudio.gui.state.embedding_state import EmbeddingRequest, with_setting
from aestudio.gui.state.studio_state import PlaneChoice, StudioState
from aestudio.gui.views.latent.map.embedding_bar import EmbeddingBar
from aestudio.gui.views.latent.map.map_options import MapOptions
from aestudio.gui.widgets.setting_box import SettingBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.analysis.embedding_settings import EmbeddingKind, EmbeddingSettings
    from aestudio.gui.controllers.session import Session


@pytest.fixture
def bar(qtbot: QtBot) -> EmbeddingBar:
    bar = EmbeddingBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def state(studio_session: Session) -> StudioState:
    return replace(studio_session.state, plane=PlaneChoice("tsne"))


def computing(state: StudioState, done: float, activity: str) -> StudioState:
    return replace(state, tasks=MappingProxyType({"embedding": (done, 1.0, activity)}))


def plane(kind: EmbeddingKind, done: int, total: int, *, perturbed: bool = False) -> Embedding2D:
    codes, xy = np.zeros((60, 6), np.float32), np.zeros((60, 2), np.float32)
    return Embedding2D(kind, codes, xy, np.zeros((2, 2)), ("", ""), done, total, perturbed)


def live(state: StudioState, shown: Embedding2D, *, paused: bool = False) -> StudioState:
    embedding = replace(state.embedding, live=shown, orders=Orders(1, paused))
    return replace(computing(state, 0.5, "t-SNE"), embedding=embedding, plane=PlaneChoice(shown.kind))


def shown_buttons(bar: EmbeddingBar) -> list[str]:
    buttons = (bar.pause, bar.perturb, bar.stop, bar.again)
    return [button.objectName().split("-")[0] for button in buttons if not button.isHidden()]


def test_it_says_how_far_an_embedding_is_and_pauses_it(
    bar: EmbeddingBar, state: StudioState, qtbot: QtBot
) -> None:
    bar.show_state(replace(state, plane=PlaneChoice("components")))
    assert bar.isHidden()
    bar.show_state(computing(state, 0.02, "Encoding the images"))
    assert bar.note.text == "Encoding the images"
    assert shown_buttons(bar) == ["stop"], "there is nothing to pause yet"
    bar.show_state(live(state, plane("tsne", 250, 1_000)))
    assert (bar.note.text, bar.progress.value()) == ("t-SNE, iteration 250 of 1,000", 500)
    assert shown_buttons(bar) == ["pause", "perturb", "stop"]
    for button, signal in ((bar.pause, bar.paused), (bar.perturb, bar.perturbed), (bar.stop, bar.stopped)):
        with qtbot.waitSignal(signal):
            button.click()
    bar.show_state(live(state, plane("tsne", 250, 1_000), paused=True))
    assert bar.note.text == "t-SNE, paused at iteration 250 of 1,000"
    assert bar.pause.toolTip() == "Go on"
    bar.show_state(live(state, plane("umap", 20, 500)))
    assert bar.note.text == "UMAP, epoch 20 of 500"
    bar.show_state(replace(live(state, plane("tsne", 1, 9)), plane=PlaneChoice("components")))
    assert bar.isHidden()


def test_it_says_what_is_shown_when_nothing_is_computed(bar: EmbeddingBar, state: StudioState) -> None:
    snapshot = state.snapshot
    assert snapshot is not None
    few = with_setting(state.embedding, "tsne", "perplexity", 10.0).settings["tsne"]

    def text(shown: Embedding2D, count: int = 60, settings: EmbeddingSettings = few) -> str:
        requested = EmbeddingRequest(shown.kind, snapshot, state.image_sets[:1], None, count, settings)
        embedding = replace(state.embedding, requested=requested, result=shown)
        bar.show_state(replace(state, embedding=embedding, plane=PlaneChoice(shown.kind)))
        assert shown_buttons(bar) == ["perturb", "repeat"]
        return bar.note.text

    assert text(plane("tsne", 750, 750)) == "t-SNE, 750 iterations"
    assert text(plane("tsne", 240, 750)) == "t-SNE, stopped at 240 of 750"
    assert text(plane("umap", 500, 500, perturbed=True)) == "UMAP, 500 epochs, perturbed"
    assert text(plane("umap", 5, 500)) == "UMAP, stopped at 5 of 500"
    assert text(plane("tsne", 750, 750), 40) == "t-SNE, 750 iterations · 40 of 60 images"
    lowered = text(plane("tsne", 750, 750), settings=state.embedding.settings["tsne"])
    assert lowered == "t-SNE, 750 iterations · perplexity 19 instead of 30: too few images"  # (60 - 1) // 3
    many = with_setting(state.embedding, "umap", "neighbours", 100).settings["umap"]
    lowered = text(plane("umap", 500, 500), settings=many)
    assert lowered == "UMAP, 500 epochs · 60 neighbours instead of 100: too few images"
    bar.show_state(state)
    assert bar.note.text == "Not embedded yet"
    assert shown_buttons(bar) == []


def test_a_problem_is_shown(bar: EmbeddingBar, state: StudioState) -> None:
    problem = StudioError("UMAP cannot be loaded", advice="Install the program again.")
    bar.show_state(replace(state, embedding=replace(state.embedding, problem=problem)))
    assert not bar.isHidden()
    assert "cannot be loaded" in bar.note.text


def test_the_form_has_the_settings_of_the_kind_and_says_what_is_allowed(
    state: StudioState, qtbot: QtBot
) -> None:
    window = QWidget()
    window.resize(800, 640)
    button = QPushButton(window)
    qtbot.addWidget(window)
    window.show()
    options = MapOptions()
    options.show_state(state)
    options.open_at(button)
    form, chosen = options.embedding, []
    options.setting_chosen.connect(lambda *choice: chosen.append(choice))
    visible = {
        kind: [name for name, one in rows.items() if one.editor.isVisible()]
        for kind, rows in form.rows.items()
    }
    assert visible["tsne"] == list(form.rows["tsne"])
    assert visible["umap"] == []
    perplexity = form.rows["tsne"]["perplexity"]
    box = perplexity.editor
    assert isinstance(box, SettingBox)
    assert perplexity.label.buddy() is box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "500")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert chosen == []
    assert "from 2 up to 100" in perplexity.message.text()
    assert perplexity.message.isVisible()
    options.show_state(state)
    assert box.shown == "500", "it stays until it is corrected"
    box.selectAll()
    QTest.keyClicks(box, "12.5")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert chosen == [("tsne", "perplexity", 12.5)]
    assert not perplexity.message.isVisible()
    other = replace(state, embedding=with_setting(state.embedding, "umap", "neighbours", 40))
    options.show_state(replace(other, plane=PlaneChoice("umap")))
    assert not box.isVisible()
    neighbours = form.rows["umap"]["neighbours"].editor
    assert (neighbours.isVisible(), neighbours.value) == (True, 40)
    options.show_state(replace(other, plane=PlaneChoice("components")))
    assert not neighbours.isVisible()
