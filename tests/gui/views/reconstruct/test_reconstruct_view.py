"""The Reconstruct view through a real session: every order, selection, drawing, training, classifiers."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSpinBox

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.views.reconstruct.reconstruct_view import ReconstructView
from tests.gui.conftest import tiny_snapshot
from tests.images import colour_32
from tests.latent_models import snapshot_of as generator

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

WAIT = 20_000


@pytest.fixture
def view(show_view: Callable[..., ReconstructView]) -> ReconstructView:
    return show_view(ReconstructView)


@pytest.fixture
def shown(qtbot: QtBot, studio_session: Session, view: ReconstructView) -> Callable[[], np.ndarray]:
    """Waits until the grid shows what was requested, and returns its indices (N,)."""

    def wait() -> np.ndarray:
        qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
        return studio_session.state.value("triples").indices

    return wait


def _swap(session: Session, snapshot: Snapshot, phase: str = "idle") -> None:
    training = RunState(phase=phase)  # type: ignore[arg-type]
    session.update(model=ExploredModel(snapshot, "another", "training"), training=training)


def test_the_grid_is_filled_with_true_triples(
    view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    from aestudio.inference.frozen_model import FrozenModel

    indices = shown()
    state = studio_session.state
    assert state.image_set is not None
    assert state.snapshot is not None
    assert view.grid.count == len(indices) == view.grid.max_triples > 6
    triples = state.value("triples")
    expected = FrozenModel(state.snapshot).reconstruct(state.image_set.images[indices])
    assert np.array_equal(triples.reconstructed, expected)
    assert view.empty_reason.reason is None


def test_the_dice_chooses_other_images(
    qtbot: QtBot, view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    first = set(shown().tolist())
    qtbot.mouseClick(view.orders.again, Qt.MouseButton.LeftButton)
    assert set(shown().tolist()) != first


def test_by_class_by_index_and_worst_first(
    view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    from aestudio.analysis.reconstructions import image_losses
    from aestudio.inference.frozen_model import FrozenModel

    state = studio_session.state
    assert state.image_set is not None
    assert state.image_set.labels is not None
    assert state.snapshot is not None
    view.orders.choose("class")
    view.orders.classes._buttons[3].click()
    assert set(state.image_set.labels[shown()]) == {3}
    view.orders.choose("index")
    view.orders.start.setValue(5)
    assert shown().tolist() == list(range(5, 5 + view.grid.max_triples))
    view.orders.choose("worst")
    worst = shown()
    losses = image_losses(FrozenModel(state.snapshot), state.image_set)
    assert np.allclose(np.sort(losses)[::-1][: len(worst)], losses[worst])


def test_arrow_keys_choose_the_order(qtbot: QtBot, view: ReconstructView) -> None:
    for button in view.orders.findChildren(QPushButton, "random"):
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Right)
    assert view.orders.order.kind == "class"


def test_a_click_selects_and_enlarges(
    qtbot: QtBot, view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    indices = shown()
    position = view.grid.cell_rect(4).center().toPoint()
    qtbot.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=position)
    assert studio_session.state.selected == indices[4]
    shown()
    assert view.grid.selected == 4
    enlarged = studio_session.state.value("enlarged")
    assert enlarged.indices.tolist() == [indices[4]]
    assert f"{indices[4]:,}" in view.enlarged._index.text


def test_the_numbers_begin_where_the_reconstruction_does(
    qtbot: QtBot, view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    view.resize(1160, 560)
    enlarged, places = view.enlarged, set()
    for index in (3, 5, 8):
        studio_session.explore.select(index)
        shown()
        qtbot.waitUntil(lambda index=index: enlarged._index.text == f"image {index}", timeout=WAIT)
        qtbot.wait(1)
        image = enlarged.reconstruction
        left = image.mapTo(enlarged, image.image_rect().topLeft().toPoint()).x()
        numbers = [line.mapTo(enlarged, QPoint(0, 0)).x() for line in (enlarged._loss, enlarged._squared)]
        assert numbers == [left, left]
        places.add(left)
    assert len(places) == 1, "they stay whichever image it is"


def test_the_legend_of_the_errors_is_there_with_the_errors(
    view: ReconstructView, shown: Callable[[], np.ndarray]
) -> None:
    shown()
    assert view._scale.isVisible()
    place = view.grid.geometry()
    view.orders.choose("selection")
    shown()
    assert view.grid.count == 0
    assert not view._scale.isVisible()
    assert view.grid.geometry() == place


def test_drawing_shows_the_reconstruction_while_the_pen_moves(
    qtbot: QtBot, view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    from aestudio.datasets.handwriting import normalise_drawing

    shown()
    pad = view.corner.pad
    canvases = []
    pad.drawing_changed.connect(canvases.append)
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    for y in range(45, 130, 5):
        qtbot.mouseMove(pad, QPoint(60, y))
    qtbot.waitUntil(lambda: studio_session.state.value("drawn") is not None, timeout=WAIT)
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 130))

    def up_to_date() -> bool:
        drawn = studio_session.state.value("drawn")
        return np.array_equal(drawn.image[0], normalise_drawing(canvases[-1], MNIST.image))

    qtbot.waitUntil(up_to_date, timeout=WAIT)
    drawn = studio_session.state.value("drawn")
    assert drawn.triple.reconstructed.shape == (1, 1, 28, 28)
    assert view.corner.loss.text()
    view.corner.clear.click()
    qtbot.waitUntil(lambda: studio_session.state.drawing is None, timeout=WAIT)
    assert view.corner.loss.text() == ""


def test_a_new_snapshot_changes_the_reconstructions_not_the_choice(
    view: ReconstructView,
    shown: Callable[[], np.ndarray],
    studio_session: Session,
    make_snapshot: Callable[..., Snapshot],
) -> None:
    before = shown()
    reconstructed = studio_session.state.value("triples").reconstructed
    _swap(studio_session, make_snapshot(seed=5, step=10), "running")
    assert np.array_equal(shown(), before)
    assert not np.array_equal(studio_session.state.value("triples").reconstructed, reconstructed)


def test_worst_first_is_not_computed_again_for_every_snapshot(
    view: ReconstructView,
    shown: Callable[[], np.ndarray],
    studio_session: Session,
    make_snapshot: Callable[..., Snapshot],
) -> None:
    view.orders.choose("worst")
    shown()
    _swap(studio_session, make_snapshot(seed=1, step=1), "running")
    shown()
    first = studio_session.state.results["worst"].request.snapshot
    _swap(studio_session, make_snapshot(seed=2, step=2), "running")
    shown()
    assert studio_session.state.results["worst"].request.snapshot is first
    triples = studio_session.state.results["triples"]
    assert triples.request.snapshot is first, "of the step of their order"
    assert np.all(np.diff(triples.value.loss) <= 1e-3)


def test_a_pending_order_is_marked(view: ReconstructView, studio_session: Session) -> None:
    view.orders.choose("worst")
    view.show_state(replace(studio_session.state, pending={"worst": None}))
    assert "updated" in view.orders._worst_text.text()


def test_a_classifier_shows_why_it_reconstructs_nothing_and_its_prediction(
    qtbot: QtBot, view: ReconstructView, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    _swap(studio_session, make_snapshot("digit-classifier"))
    assert view.empty_reason.reason is not None
    assert "decodes nothing" in view.empty_reason.reason.sentence
    view.corner.pad.draw([(140, 60), (140, 220)])
    qtbot.waitUntil(lambda: studio_session.state.value("drawn") is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: bool(view.probabilities.columns[0].bars), timeout=WAIT)
    bars = [*view.probabilities.columns[0].bars, *view.probabilities.columns[1].bars]
    assert len(bars) == 10
    assert sum(bar.length for bar in bars) == pytest.approx(1.0, abs=1e-5)
    opened = []
    studio_session.runs = SimpleNamespace(open=opened.append)  # type: ignore[assignment]
    view.empty_reason.empty.pressed.emit()
    assert opened == ["conv-vae-2d"]


def test_without_a_model_the_view_shows_what_to_do(view: ReconstructView, studio_session: Session) -> None:
    studio_session.update(model=None)
    assert view.empty_reason.reason is not None
    assert view.empty_reason.reason.button


def test_ink_on_paper_inverts_the_images(
    view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    shown()
    cell = view.grid.cell_rect(0)
    corner = cell.topLeft().toPoint() + QPoint(1, 1)
    assert view.grid.grab().toImage().pixelColor(corner).lightness() < 20
    studio_session.update(ink_on_paper=True)
    assert view.grid.grab().toImage().pixelColor(corner).lightness() > 235


def test_every_control_can_be_focused_and_has_a_name_and_a_tooltip(view: ReconstructView) -> None:
    controls = [*view.findChildren(QAbstractButton), *view.findChildren(QSpinBox), view.grid, view.corner.pad]
    controls = [control for control in controls if control.isVisible()]
    assert len(controls) > 8
    for control in controls:
        assert control.toolTip(), control
        group = control.group() if isinstance(control, QAbstractButton) else None
        if group is None or control.isChecked():  # within a group the arrow keys move the focus
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
        name = control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())
        assert name, control


def test_without_an_encoder_the_reason_has_all_the_space(
    qtbot: QtBot, view: ReconstructView, shown: Callable[[], np.ndarray], studio_session: Session
) -> None:
    shown()
    with_encoder = studio_session.state.snapshot
    assert with_encoder is not None
    assert view.enlarged.isVisible()
    _swap(studio_session, generator("gan"))
    assert view.empty_reason.reason is not None
    assert not view.enlarged.isVisible()
    assert not view.corner.isVisible()
    qtbot.waitUntil(lambda: view.empty_reason.width() == view.width(), timeout=WAIT)
    _swap(studio_session, with_encoder)
    assert view.enlarged.isVisible()


def test_the_legend_in_colour_is_whole_in_its_tooltip(
    qtbot: QtBot, view: ReconstructView, studio_session: Session
) -> None:
    dataset = colour_32(120, 60)
    studio_session.update(data=DataState(dataset.name, "ready", dataset=dataset))
    _swap(studio_session, tiny_snapshot(run="colour", data=dataset.shape))
    qtbot.waitUntil(lambda: view._legend.text() != "" and not studio_session.state.pending, timeout=WAIT)
    assert view._legend.text().replace("sq.", "squared") in view._legend.toolTip().splitlines()[0]
