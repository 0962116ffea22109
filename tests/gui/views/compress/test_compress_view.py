"""The Compress view through a real session: bits, sizes, the curve, training, classifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.views.compress.compress_view import CompressView

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

WAIT = 20_000


@pytest.fixture
def view(show_view: Callable[..., CompressView]) -> CompressView:
    return show_view(CompressView)


@pytest.fixture
def settle(qtbot: QtBot, studio_session: Session, view: CompressView) -> Callable[[], None]:
    """Waits until no request is pending."""
    return lambda: qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)


def test_the_sizes_are_those_of_the_selected_image(
    view: CompressView, settle: Callable[[], None], studio_session: Session
) -> None:
    import io

    from PIL import Image

    studio_session.explore.select(11)
    settle()
    shown = studio_session.state.value("compressed")
    assert studio_session.state.image_set is not None
    image = studio_session.state.image_set.images[11]
    assert np.array_equal(shown.original, image)
    file = io.BytesIO()
    Image.fromarray(image[0]).save(file, "png", optimize=True)
    assert shown.png_bits == 8 * len(file.getvalue())
    values = {bar.name: bar.value for bar in view.digit.bars.bars}
    assert values["Pixels"] == "784 bytes"
    assert values["PNG"] == f"{len(file.getvalue())} bytes"
    assert values["Code"] == "36 bits", "6 numbers of 6 bits"


def test_the_slider_changes_reconstruction_bits_and_point(
    qtbot: QtBot, view: CompressView, settle: Callable[[], None], studio_session: Session
) -> None:
    settle()
    codes = {}
    for bits in (1, 12):
        view.bits.set_bits(bits)
        settle()
        shown = studio_session.state.value("compressed")
        assert shown.code.fixed_bits == 6 * bits
        assert view.curve._current == bits - 1
        codes[bits] = shown.code
    assert not np.array_equal(codes[1].reconstructed, codes[12].reconstructed)


def test_the_slider_jumps_to_the_clicked_position(qtbot: QtBot, view: CompressView) -> None:
    slider = view.bits.slider
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, 8))
    assert view.bits.bits == 12
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(2, 8))
    assert view.bits.bits == 1
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert view.bits.bits == 2


def test_a_point_of_the_curve_chooses_its_bits(view: CompressView, settle: Callable[[], None]) -> None:
    settle()
    view.curve.point_chosen.emit(8)
    assert view.bits.bits == 9


def test_the_curve_is_measured_on_the_test_set(
    view: CompressView, settle: Callable[[], None], studio_session: Session
) -> None:
    from aestudio.inference.frozen_model import FrozenModel

    settle()
    state = studio_session.state
    points = state.value("rate")
    assert [point.bits for point in points] == list(range(1, 13))
    assert state.snapshot is not None
    assert state.image_set is not None
    exact = FrozenModel(state.snapshot).reconstruct_exactly(state.image_set.images)
    # With 12 bits per number the error is almost that of the code before rounding.
    error = np.square(state.image_set.images / 255 - exact).mean()
    assert points[-1].mse_per_pixel == pytest.approx(error, rel=1e-3)
    assert "60 test images" in view._note.text()


def test_while_training_the_curve_is_computed_from_one_held_snapshot(
    view: CompressView,
    settle: Callable[[], None],
    studio_session: Session,
    make_snapshot: Callable[..., Snapshot],
) -> None:
    view._pace._seconds = float("inf")  # on a busy machine the snapshots below may come over two seconds
    for step in range(1, 6):
        model = ExploredModel(make_snapshot(seed=step, step=step, run="new"), "another", "training")
        studio_session.update(model=model, training=RunState(phase="running"))
    settle()
    held = studio_session.state.results["rate"].request.snapshot
    assert held.step == 1, "the other snapshots came before the time was over"
    assert studio_session.state.results["compressed"].request.snapshot is held
    studio_session.update(training=RunState(phase="ended"))
    settle()
    assert studio_session.state.results["rate"].request.snapshot.step == 5


def test_a_classifier_has_nothing_to_compress(
    view: CompressView,
    settle: Callable[[], None],
    studio_session: Session,
    make_snapshot: Callable[..., Snapshot],
) -> None:
    settle()
    snapshot = make_snapshot("digit-classifier")
    studio_session.update(model=ExploredModel(snapshot, "another", "kept"))
    settle()
    reason = view.reason(studio_session.state)
    assert reason is not None
    assert "decodes nothing" in reason.sentence
    assert "rate" not in studio_session.state.results, "the result was about the model before"
