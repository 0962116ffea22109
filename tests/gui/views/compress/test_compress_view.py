"""The Compress view through a real session: bits, sizes, the curve, training, classifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.views.compress.compress_view import CompressView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    assert values["File"] == f"{shown.written.sizes.total} bytes"
    assert view.digit._saving.text() == f"36 bits of code, {shown.written.sizes.total} bytes as a file"


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


def test_the_shown_picture_is_decoded_from_the_bytes_of_a_file(
    view: CompressView, settle: Callable[[], None], studio_session: Session
) -> None:
    from aestudio.codec.rounded_codes import Fineness, compress_codes, decompress_codes
    from aestudio.inference.frozen_model import FrozenModel

    view.bits.set_bits(4)
    studio_session.explore.select(7)
    settle()
    state = studio_session.state
    assert state.snapshot is not None
    assert state.data.dataset is not None
    model = FrozenModel(state.snapshot)
    image = state.data.dataset.test.images[7:8]
    known = model.encode(state.data.dataset.train.images)
    file = compress_codes(model, image, known, Fineness(bits=4))
    picture = decompress_codes(model, file).pictures[0]
    shown = state.value("compressed").written
    assert np.array_equal(shown.picture, picture)
    assert np.array_equal(view.digit.reconstruction._image, picture)
    assert shown.squared_error == pytest.approx(np.square(picture / 255 - image[0] / 255).sum())
    assert f"{shown.squared_error:.2f}" in view.digit._loss.text()
    bars = {bar.name: bar for bar in view.digit.bars.bars}
    total = len(file.to_bytes())
    assert bars["File"].value == f"{total} bytes"
    sizes = file.sizes
    assert bars["File"].note == f"{sizes.header + sizes.tables} header, {sizes.coded} coded"
    parts = (
        f"header and checks {sizes.header}, tables of the coder {sizes.tables}, coded numbers {sizes.coded}"
    )
    assert parts in view.digit._saving.toolTip()


def save(view: CompressView, path: Path, kind: int) -> list[str]:
    """Answer the dialog that is open; its kinds of files."""
    dialog = view.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    filters = dialog.nameFilters()
    dialog.selectNameFilter(filters[kind])
    dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.deleteLater()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    return filters


def test_the_image_or_the_selection_is_saved(
    qtbot: QtBot, view: CompressView, settle: Callable[[], None], studio_session: Session, tmp_path: Path
) -> None:
    from aestudio.codec.container import read_container
    from aestudio.codec.opened_file import decompress, model_inside

    settle()
    view.save.click()
    filters = save(view, tmp_path / "one.aec", 0)
    assert len(filters) == 2
    qtbot.waitUntil((tmp_path / "one.aec").exists, timeout=WAIT)
    qtbot.waitUntil(lambda: not studio_session.state.tasks, timeout=WAIT)
    one = read_container(tmp_path / "one.aec")
    snapshot = studio_session.state.snapshot
    assert snapshot is not None
    shown = studio_session.state.value("compressed").written
    assert np.array_equal(decompress(one, snapshot, tmp_path).pictures[0], shown.picture)
    assert f"one image in {one.sizes.total} bytes" in studio_session.state.message.text
    studio_session.workspace.select(np.array([3, 5, 8], np.int64))
    settle()
    view.ask_save()
    save(view, tmp_path / "three.aec", 1)
    qtbot.waitUntil((tmp_path / "three.aec").exists, timeout=WAIT)
    qtbot.waitUntil(lambda: not studio_session.state.tasks, timeout=WAIT)
    three = read_container(tmp_path / "three.aec")
    assert three.count == 3
    assert model_inside(three, tmp_path) is not None


def test_while_a_training_goes_on_a_file_takes_the_model_with_it(
    view: CompressView, settle: Callable[[], None], studio_session: Session
) -> None:
    """The run will have other weights when the file is opened."""
    settle()
    assert view._weights_are_kept()
    studio_session.update(training=RunState(phase="running"))
    assert not view._weights_are_kept()
    settle()
