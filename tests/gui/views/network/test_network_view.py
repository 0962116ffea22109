"""The Network view through a real session: layers of what is shown, their activations and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from aestudio.gui.inference.requests.layers_request import LayerActivity, LayerWeights
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState, Exploration
from aestudio.gui.views.network.network_view import NetworkView
from aestudio.recipes.library import shipped_recipes
from aestudio.recipes.network_layers import chains
from tests.images import colour_32x24, grey_28x20

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

WAIT = 20_000


@pytest.fixture
def view(qtbot: QtBot, studio_session: Session, show_view: Callable[..., NetworkView]) -> NetworkView:
    shown = show_view(NetworkView)
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    return shown


def _open(qtbot: QtBot, session: Session, snapshot: Snapshot) -> None:
    session.update(model=ExploredModel(snapshot, snapshot.recipe.title, "kept"))
    qtbot.waitUntil(lambda: not session.state.pending, timeout=WAIT)


@pytest.mark.thorough
def test_every_recipe_is_drawn_with_its_activations(
    qtbot: QtBot, view: NetworkView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    for recipe in shipped_recipes():
        snapshot = make_snapshot(recipe.name)
        architecture = snapshot.architecture
        code = None
        if not architecture.encodes:
            code = np.zeros(architecture.latent.size, np.float32)
        studio_session.update(exploration=Exploration(code, code))
        _open(qtbot, studio_session, snapshot)
        assert view.diagram.layers == chains(architecture)[0].layers, recipe.name
        assert all(view.diagram.filled), recipe.name
        assert not studio_session.state.problem(LayerActivity.channel)


def test_a_click_shows_what_the_layer_makes_of_the_digit(
    qtbot: QtBot, view: NetworkView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    _open(qtbot, studio_session, make_snapshot("conv-ae"))
    place = view.diagram.area(2).center()
    qtbot.mouseClick(view.diagram, Qt.MouseButton.LeftButton, pos=place.toPoint())
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    layer = view.layer
    assert layer is not None
    assert layer.shape == (32, 7, 7)
    assert view._heading.text() == "Convolution 4 × 4, stride 2, ReLU: 16·14² → 32·7², 8,224 parameters"
    found = studio_session.state.value(LayerActivity.channel).activations.of_modules[layer.result]
    assert view.activations._tiles is not None
    np.testing.assert_allclose(view.activations._tiles.images[:, 0], found / np.abs(found).max())
    assert f"32 maps of 7 × 7; full colour is {np.abs(found).max():.3g}" == view.activations.caption.text()
    assert "32 filters" in view.weights.caption.text()
    assert studio_session.state.results[LayerWeights.channel].request.layer == layer


def test_another_image_has_other_activations_and_is_named(
    qtbot: QtBot, view: NetworkView, studio_session: Session
) -> None:
    assert "Test image 0" in view._caption.text()
    before = view.activations.grid._pixels
    studio_session.explore.select(5)
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    assert "Test image 5" in view._caption.text()
    assert not np.array_equal(view.activations.grid._pixels, before)


def test_arrow_keys_go_from_layer_to_layer(qtbot: QtBot, view: NetworkView) -> None:
    last = len(view.diagram.layers) - 1
    for key, index in ((Qt.Key.Key_End, last), (Qt.Key.Key_Left, last - 1), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(view.diagram, key)
        assert view._index == index
        assert view.diagram.accessibleDescription() == view._heading.text()
    qtbot.keyClick(view.diagram, Qt.Key.Key_Left)
    assert view._index == 0
    assert view.weights.grid.hint.startswith("An image has no weights")


def test_a_layer_with_two_matrices_offers_both(
    qtbot: QtBot, view: NetworkView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    _open(qtbot, studio_session, make_snapshot("row-gru-ae"))
    assert view.weights.matrix.isVisible()
    names = [view.weights.matrix.itemText(index) for index in range(view.weights.matrix.count())]
    assert names == ["of the inputs", "of the state before"]
    view.weights.chosen.emit(view.weights.matrix.itemData(1))
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    assert view.weights.caption.text().startswith("384 × 128")


def test_a_critic_is_drawn_on_its_own_and_only_a_gans_sees_the_image(
    qtbot: QtBot, view: NetworkView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    snapshot = make_snapshot("gan")
    code = np.zeros(snapshot.architecture.latent.size, np.float32)
    studio_session.update(exploration=Exploration(code, code))
    _open(qtbot, studio_session, snapshot)
    texts = [view.chain.itemText(index) for index in range(view.chain.count())]
    assert texts == ["Generator", "Critic"]
    assert view._caption.text().startswith("The code of the Latent view")
    view.chain.chosen.emit("critic")
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    assert view._caption.text().startswith("Test image 0")
    assert all(view.diagram.filled)
    _open(qtbot, studio_session, make_snapshot("aae"))
    view.chain.chosen.emit("critic")
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    assert not any(view.diagram.filled)
    assert "within a step of the training" in view.activations.grid.hint
    assert view.weights.grid.count > 0


def test_nothing_of_another_model_stays(
    qtbot: QtBot,
    view: NetworkView,
    studio_session: Session,
    make_snapshot: Callable[..., Snapshot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert view.activations.grid.count > 0
    monkeypatch.setattr(studio_session, "request", lambda requests: None)
    snapshot = make_snapshot("conv-ae", run="another")
    studio_session.update(model=ExploredModel(snapshot, "another", "kept"))
    assert view.diagram.layers == chains(snapshot.architecture)[0].layers
    assert not any(view.diagram.filled)
    assert view.activations.grid.count == 0
    assert view.weights.grid.count == 0
    assert "being computed" in view.activations.grid.hint


def test_a_recipe_is_drawn_before_there_is_a_model(
    view: NetworkView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    recipe = make_snapshot("vae").recipe
    studio_session.update(model=None, recipe=recipe)
    assert [layer.shape for layer in view.diagram.layers][1:-1] == [(256,), (6,), (256,), (1, 28, 28)]
    assert not any(view.diagram.filled)
    assert "not trained" in view._caption.text()
    assert "Press Start" in view.activations.grid.hint
    assert tuple(view.requests(studio_session.state)) == ()


def test_images_that_do_not_fit_are_not_sent_through(view: NetworkView, studio_session: Session) -> None:
    studio_session.update(data=DataState("narrow", "ready", dataset=grey_28x20()))
    assert "takes images of 28 × 28" in view.activations.grid.hint
    assert not any(isinstance(one, LayerActivity) for one in view.requests(studio_session.state))


def test_many_layers_scroll(
    qtbot: QtBot, view: NetworkView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    recipe = make_snapshot("deep-ae").recipe.with_settings({"hidden": (64,) * 24})
    studio_session.update(model=None, recipe=recipe)
    bar = view.place.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=WAIT)
    last = view.diagram.area(len(view.diagram.layers) - 1)
    assert view.diagram.index_at(QPointF(last.center())) == len(view.diagram.layers) - 1
    assert last.right() <= view.diagram.width()


def test_a_colour_image_is_drawn_with_its_own_sides(
    qtbot: QtBot, view: NetworkView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    """Not as its three channels one below the other, into which the picture would be stretched."""
    data = colour_32x24(train=20, test=10)
    studio_session.update(
        data=DataState("narrow", "ready", dataset=data), selected=0, exploration=Exploration()
    )
    _open(qtbot, studio_session, make_snapshot("conv-ae", data=data.shape))
    layers = view.diagram.layers
    images = [index for index, layer in enumerate(layers) if layer.kind == "image"]
    assert [layers[index].shape for index in images] == [data.shape.image.array] * 2
    assert all(view.diagram.filled)
    scale = view.diagram.arrangement.scale
    for index in images:
        _, high, wide = layers[index].shape
        assert view.diagram.area(index).size().toTuple() == pytest.approx((wide * scale, high * scale))
