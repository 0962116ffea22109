"""The sheet of traversals: rows, pages, clicks and files, against the model's own images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from aestudio.gui.inference.requests.traversals_request import SheetRows
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.inference.frozen_model import FrozenModel
from tests.conditional.models import class_conditional
from tests.latent_models import snapshot_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.latent.panels.traversals import TraversalsPanel

WAIT = 20_000


@pytest.fixture
def view(studio_session: Session, show_view: Any, make_snapshot: Any, qtbot: QtBot) -> LatentView:
    """The Latent view with a VAE of six numbers, and the sheet in its drawer."""
    view = show_view(LatentView)
    show(studio_session, make_snapshot("vae", run="six"))
    view.panels.show_page("traversals")
    wait_computed(view.panels.front, qtbot)
    return view


@pytest.fixture
def panel(view: LatentView) -> TraversalsPanel:
    return view.panels.front  # type: ignore[return-value]


def show(session: Session, snapshot: Any) -> None:
    session.update(model=ExploredModel(snapshot, snapshot.run, "kept"))


def wait_computed(panel: Any, qtbot: QtBot) -> None:
    """Wait until the sheet is what the panel asks for, and shown."""

    def done() -> bool:
        state = panel.session.state
        result = state.results.get("traversals")
        if set(state.pending) - {"axis names"} or result is None or result.value is None:
            return False
        known = panel._shown._parts
        shown = known is not None and known[0] is result.value and known[2] is state.exploration.decoded_code
        return shown and panel.requests(state) == [result.request]

    qtbot.waitUntil(done, timeout=WAIT)


def test_the_rows_are_sorted_by_kl_and_are_the_model_s_images(
    panel: TraversalsPanel, studio_session: Session
) -> None:
    state = studio_session.state
    result = state.results[SheetRows.channel]
    kl = state.value("sliders").dimensions.kl
    sheet = result.value
    assert sheet.numbers.tolist() == np.argsort(-kl, kind="stable")[: len(sheet.numbers)].tolist()
    assert result.request.snapshot is state.snapshot
    frozen_model = FrozenModel(state.snapshot)
    code = state.exploration.decoded_code
    values = np.linspace(-3, 3, sheet.images.shape[1])
    for row, number in enumerate(sheet.numbers.tolist()):
        moved = np.round(code.astype(np.float64), 4).astype(np.float32)
        moved[number] = values[-1]
        np.testing.assert_array_equal(panel.view.images[row, -1], frozen_model.decode(moved[None])[0])
        head = panel.view.rows[row]
        assert head.symbol == f"z{number + 1}"
        assert head.fact == f"{kl[number]:.2f}"
        assert head.active == bool(state.value("sliders").dimensions.active[number])
        assert head.place == pytest.approx((code[number] + 3) / 6)
    assert panel.view.values[0] == "−3.0"
    assert "by KL [nats]" in panel.view._corner, "the unit once"


def test_a_click_sets_the_slider_of_its_row(
    panel: TraversalsPanel, studio_session: Session, qtbot: QtBot
) -> None:
    before = studio_session.state.exploration.code
    number = panel.view.rows[1].symbol
    at = panel.view.cell_rect(1, 0).center().toPoint()
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=at)
    code = studio_session.state.exploration.code
    index = int(number[1:]) - 1
    assert code[index] == pytest.approx(-3.0)
    np.testing.assert_allclose(np.delete(code, index), np.delete(before, index), atol=1e-4)
    wait_computed(panel, qtbot)
    assert panel.view.selected == (1, 0)
    assert panel.view.rows[1].place == pytest.approx(0, abs=1e-4)
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    wait_computed(panel, qtbot)
    assert panel.view.selected == (1, 1)
    step = 6 / (panel.view.images.shape[1] - 1)
    assert studio_session.state.exploration.code[index] == pytest.approx(step - 3, abs=1e-4)


def test_around_the_mean_the_sliders_change_nothing(
    panel: TraversalsPanel, studio_session: Session, qtbot: QtBot
) -> None:
    panel.around_box.show_value("mean")
    panel.around_box.chosen.emit("mean")
    wait_computed(panel, qtbot)
    sheet = studio_session.state.value("traversals")
    middle = sheet.codes[:, sheet.codes.shape[1] // 2]
    np.testing.assert_allclose(middle, 0, atol=1e-6)
    studio_session.explore.move_slider(0, 1.25)
    wait_computed(panel, qtbot)
    assert studio_session.state.value("traversals") is sheet


@pytest.mark.thorough
def test_256_axes_have_pages(panel: TraversalsPanel, studio_session: Session, qtbot: QtBot) -> None:
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.library import find_recipe
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    recipe = find_recipe("vae").with_settings({"hidden": (8,), "latent_size": 256})
    data = studio_session.state.snapshot.data
    weights = weights_of(build_model(Architecture(recipe, data)))
    show(studio_session, Snapshot("wide", recipe, 0, 0.0, weights, data=data))
    wait_computed(panel, qtbot)
    sheet = studio_session.state.value("traversals")
    shown = len(sheet.numbers)
    assert 1 <= shown < 40, "only the rows that fit are decoded"
    assert panel.on.isVisible()
    assert not panel.back.isEnabled()
    qtbot.mouseClick(panel.on, Qt.MouseButton.LeftButton)
    wait_computed(panel, qtbot)
    second, first = studio_session.state.value("traversals"), panel._result.request.first
    assert first == shown
    end = first + len(second.numbers)
    assert second.numbers.tolist() == second.ranked.order[first:end].tolist()
    assert f"{first + 1}–{end} of 256" in panel.view._corner
    for _ in range(3):  # the number of rows that fit may still change
        panel.turn(1000)
        wait_computed(panel, qtbot)
    last = studio_session.state.value("traversals")
    assert last.numbers.tolist() == last.ranked.order[-len(last.numbers) :].tolist()
    assert not panel.on.isEnabled()


def test_other_kinds_say_by_what_they_are_sorted(
    panel: TraversalsPanel, view: LatentView, studio_session: Session, qtbot: QtBot, make_snapshot: Any
) -> None:
    show(studio_session, make_snapshot("hidden-256", run="points"))
    wait_computed(panel, qtbot)
    assert "by variance [%]" in panel.view._corner
    assert 0 < float(panel.view.rows[0].fact) <= 100
    assert panel.view.values == (), "each row has the range of its data"
    show(studio_session, snapshot_of("gan"))
    wait_computed(panel, qtbot)
    assert "by change of the image" in panel.view._corner
    assert panel.view.rows[0].active is None
    show(studio_session, snapshot_of("levels"))
    wait_computed(panel, qtbot)
    assert panel.view.rows
    show(studio_session, snapshot_of("codebook"))
    qtbot.waitUntil(lambda: view.panels.reason is not None, timeout=WAIT)
    assert "no axes to move along" in view.panels.reason.sentence


def test_a_conditional_model_says_as_which_class(
    panel: TraversalsPanel, studio_session: Session, qtbot: QtBot
) -> None:
    show(studio_session, class_conditional())
    studio_session.explore.choose_class(4)
    wait_computed(panel, qtbot)
    assert "as 4" in panel.view._corner
    sheet = studio_session.state.value("traversals")
    told = np.tile(np.eye(10, dtype=np.float32)[4], (len(sheet.codes[0]), 1))
    decoded = FrozenModel(studio_session.state.snapshot).decode(sheet.codes[0], told)
    np.testing.assert_array_equal(sheet.images[0], decoded)
    at = panel.view.cell_rect(0, 1).center().toPoint()
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=at)
    assert np.argmax(studio_session.state.exploration.condition) == 4


def test_the_whole_sheet_is_written(
    panel: TraversalsPanel, studio_session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    studio_session.update(ink_on_paper=True)
    path = tmp_path / "sheet.png"
    panel.write(path)
    qtbot.waitUntil(lambda: not studio_session.state.tasks, timeout=WAIT)
    assert path.name in studio_session.state.message.text
    page = np.asarray(Image.open(path))
    request = studio_session.state.results["traversals"].request
    order = studio_session.state.value("traversals").ranked.order
    code = np.asarray(request.around, np.float32)
    code[order[-1]] = -3.0
    last = 255 - FrozenModel(studio_session.state.snapshot).decode(code[None])[0, 0]
    large = last.repeat(2, axis=0).repeat(2, axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(page, large.shape)
    corners = np.argwhere(windows[:, :, 0, 0] == large[0, 0])
    assert any((windows[y, x] == large).all() for y, x in corners), "the least informative axis is there, too"
    panel.write(path / "in a file.png")
    qtbot.waitUntil(lambda: studio_session.state.message.tone == "bad", timeout=WAIT)


def test_a_model_of_the_next_step_has_a_sheet_of_its_own(
    panel: TraversalsPanel, studio_session: Session, qtbot: QtBot
) -> None:
    state = studio_session.state
    newer = replace(state.snapshot, step=5, weights={k: 0.5 * v for k, v in state.snapshot.weights.items()})
    studio_session.update(model=replace(state.model, snapshot=newer))
    qtbot.waitUntil(lambda: studio_session.state.step_of("traversals") == 5, timeout=WAIT)
    result = studio_session.state.results["traversals"]
    assert result.request.statistics is studio_session.state.value("sliders")
    assert result.request.snapshot is newer
