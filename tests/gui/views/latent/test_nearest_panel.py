"""The Nearest panel: it follows the point, says which images were searched, and a click selects one."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aestudio.gui.inference.requests.nearest_request import NearestToPoint
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.views.latent.latent_view import LatentView
from tests.latent_models import snapshot_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.latent.panels.nearest_images import NearestPanel

WAIT = 20_000


@pytest.fixture
def panel(studio_session: Session, show_view: Any, make_snapshot: Any, qtbot: QtBot) -> NearestPanel:
    view = show_view(LatentView)
    studio_session.update(model=ExploredModel(make_snapshot("vae", run="six"), "six", "kept"))
    view.panels.show_page("nearest")
    qtbot.waitUntil(lambda: view.panels.front.by_codes.count > 0, timeout=WAIT)
    return view.panels.front  # type: ignore[return-value]


def value(session: Session) -> Any:
    return session.state.value("nearest to the point")


def value_code(session: Session) -> np.ndarray:
    return np.asarray(session.state.results["nearest to the point"].request.code)


def test_it_follows_the_point_whatever_moves_it(
    panel: NearestPanel, studio_session: Session, qtbot: QtBot
) -> None:
    for move in (
        lambda: studio_session.explore.move_slider(2, 1.5),
        lambda: studio_session.explore.move_decoded_code_to(np.full(6, -0.5, np.float32)),
        studio_session.explore.sample_prior,
        lambda: studio_session.explore.select(70),
    ):
        move()

        def done() -> bool:
            state = studio_session.state
            result, code = state.results.get("nearest to the point"), state.exploration.decoded_code
            if result is None or state.pending.get("nearest to the point") or result.value.codes is None:
                return False
            return bool(np.allclose(result.request.code, code, atol=1e-4)) and not result.more

        qtbot.waitUntil(done, timeout=WAIT)
        found = value(studio_session)
        qtbot.waitUntil(
            lambda found=found: panel.by_codes.numbers == tuple((60 + found.codes.indices[0]).tolist()),
            timeout=WAIT,
        )
        assert panel.by_pixels.numbers == tuple((60 + found.nearest.indices[0]).tolist())
    assert "300 training images" in panel.searched.text
    # The code of a training image is nearest to itself.
    qtbot.waitUntil(lambda: panel.by_codes.numbers[:1] == (70,), timeout=WAIT)


def test_neighbours_of_the_point_before_say_so_while_others_are_searched(
    panel: NearestPanel, studio_session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def marks() -> list[tuple[bool, str]]:
        return [(mark.dimmed, mark.written) for mark in panel.marks]

    may_go_on, compute = threading.Event(), NearestToPoint.compute

    def slow(request: NearestToPoint, *how: Any) -> Any:
        may_go_on.wait(WAIT / 1000)
        return compute(request, *how)

    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)
    assert marks() == [(False, "")] * 2
    monkeypatch.setattr(NearestToPoint, "compute", slow)
    studio_session.explore.move_slider(2, 1.5)
    qtbot.waitUntil(lambda: marks() == [(True, "of the point before")] * 2, timeout=WAIT)
    may_go_on.set()
    qtbot.waitUntil(lambda: marks() == [(False, "")] * 2, timeout=WAIT)
    assert np.allclose(value_code(studio_session), studio_session.state.exploration.decoded_code, atol=1e-4)


def test_a_click_selects_the_training_image_and_the_mouse_shows_it_in_the_inspector(
    panel: NearestPanel, studio_session: Session, qtbot: QtBot
) -> None:
    number = panel.by_pixels.numbers[1]
    panel.by_pixels.hovered.emit(1)
    assert studio_session.state.hovered == number
    index = number - 60
    assert f"Training image {index}" in panel.by_pixels.toolTip()
    label = studio_session.state.data.dataset.train.labels[index]
    assert f"class {label}" in panel.by_pixels.toolTip()
    at = panel.by_pixels.cell_rect(1).center().toPoint()
    qtbot.mouseClick(panel.by_pixels, Qt.MouseButton.LeftButton, pos=at)
    assert studio_session.state.selected == number


def test_a_training_that_runs_is_not_slowed_down(panel: NearestPanel, studio_session: Session) -> None:
    running = replace(studio_session.state, training=RunState(phase="running"))
    assert panel.requests(running) == []
    assert panel.by_pixels.count  # of the point as it was before
    panel.show_state(running)
    for grid in (panel.by_codes, panel.by_pixels):
        assert "Pause the training" in grid.hint
        assert not grid.count
    assert not panel.codes_share.text()


def test_a_model_without_an_encoder_is_compared_by_pixels_only(
    panel: NearestPanel, studio_session: Session, qtbot: QtBot
) -> None:
    studio_session.update(model=ExploredModel(snapshot_of("gan"), "gan", "kept"))
    qtbot.waitUntil(lambda: panel.by_pixels.count > 0 and panel.rows[0].isHidden(), timeout=WAIT)
    assert "By pixels" in panel.pixels_text.text


def test_an_image_nearer_than_any_reconstruction_may_be_memorised(
    panel: NearestPanel, studio_session: Session
) -> None:
    found = value(studio_session)
    usual = np.array([float(found.nearest.distances[0, 0]) + 0.01, 0.9])
    assert "memorised?" in panel._pixels_text(replace(found, usual=usual))
    usual = np.array([0.0, 0.9])
    assert "50 % of test images" in panel._pixels_text(replace(found, usual=usual))
