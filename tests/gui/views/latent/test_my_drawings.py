"""Drawing digits, keeping them and following them on the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.analysis.projections import plane_of_dimensions
from aestudio.gui.inference.requests.drawings_request import (
    DecodedDrawings,
    DrawingTrail,
    DrawingTrails,
    EncodedDrawings,
)
from aestudio.gui.inference.requests.latent_map_request import CodeMap
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import Result
from aestudio.gui.views.latent.map.drawing_trails import drawing_trails
from aestudio.gui.views.latent.panels.my_drawings import MyDrawingsPanel
from aestudio.inference.conditions import row_of_class
from aestudio.runs.drawings_file import Drawing
from tests.conditional.models import class_conditional


@pytest.fixture
def panel(qtbot, studio_session):
    panel = MyDrawingsPanel(studio_session)
    qtbot.addWidget(panel)
    panel.resize(420, 240)

    def refresh():
        panel.show_state(studio_session.state)
        studio_session.request(panel.requests(studio_session.state))

    studio_session.changed.connect(refresh)
    panel.show()
    refresh()
    return panel


def draw(qtbot, panel, x):
    qtbot.mousePress(panel.pad, Qt.MouseButton.LeftButton, pos=QPoint(x, 30))
    qtbot.mouseMove(panel.pad, QPoint(x, 120))
    qtbot.mouseRelease(panel.pad, Qt.MouseButton.LeftButton, pos=QPoint(x, 120))


def drawings_decoded(session):
    result = session.state.results.get("drawings")
    return (
        result is not None
        and result.value is not None
        and result.request.drawings == session.state.workspace.drawings
    )


def test_a_kept_drawing_has_its_reconstruction_below(panel, studio_session, qtbot):
    assert not panel.keep.isEnabled()
    assert "Draw an image" in panel.message.text()
    draw(qtbot, panel, 60)
    qtbot.waitUntil(lambda: studio_session.state.drawing is not None)
    drawn = studio_session.state.drawing
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    (drawing,) = studio_session.state.workspace.drawings
    np.testing.assert_array_equal(drawing.image, drawn)
    qtbot.waitUntil(lambda: drawings_decoded(studio_session), timeout=20_000)
    qtbot.waitUntil(lambda: panel.grid.count == 1)
    qtbot.waitUntil(lambda: studio_session.state.drawing is None)
    at = panel.grid.cell_rect(0).center().toPoint()
    qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=at)
    decoded = studio_session.state.value("drawings")
    np.testing.assert_array_equal(studio_session.state.exploration.code, decoded.codes[0])
    qtbot.keyClick(panel.grid, Qt.Key.Key_Delete)
    assert studio_session.state.workspace.drawings == ()
    studio_session.workspace.undo()
    assert [kept.name for kept in studio_session.state.workspace.drawings] == ["A"]


def test_return_on_the_pad_keeps_the_drawing(panel, studio_session, qtbot):
    for x in (50, 80):
        draw(qtbot, panel, x)
        qtbot.waitUntil(lambda: studio_session.state.drawing is not None)
        qtbot.keyClick(panel.pad, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: studio_session.state.drawing is None)
    assert [drawing.name for drawing in studio_session.state.workspace.drawings] == ["A", "B"]


def test_a_drawing_is_on_the_map_at_its_code(panel, studio_session, qtbot):
    from aestudio.gui.views.latent.latent_view import LatentView

    view = LatentView(studio_session)
    qtbot.addWidget(view)
    studio_session.workspace.keep_drawing(studio_session.state.image_set.images[4], "four")
    studio_session.request(view.requests(studio_session.state))
    qtbot.waitUntil(lambda: studio_session.state.value("map") is not None, timeout=20_000)
    qtbot.waitUntil(lambda: drawings_decoded(studio_session), timeout=20_000)
    (trail,) = drawing_trails(studio_session.state)
    assert trail.name == "four"
    np.testing.assert_allclose(trail.xy[-1], studio_session.state.value("map").xy[4], atol=1e-4)
    assert trail.ellipse is None, "a point code has no covariance"


def test_a_trail_leads_only_from_codes_of_the_same_condition(studio_session, tmp_path):
    snapshot = class_conditional()
    image = np.zeros((1, 28, 28), np.uint8)
    drawings = (Drawing("A", image),)
    three, eight = (row_of_class(snapshot.architecture, label) for label in (3, 8))
    codes = np.ones((1, 6), np.float32)
    current = EncodedDrawings(codes, None, image[None], np.ones(1), "nats", codes)
    past = DrawingTrail(np.array([-2, -1]), np.zeros((2, 1, 6), np.float32))
    plane = plane_of_dimensions(np.random.default_rng(0).normal(size=(9, 6)), 0, 1)
    shown = CodeMap(plane, np.empty((0, 2), np.float32), None, (), np.zeros((6, 2)), shipped=False)
    request = DrawingTrails("run", tmp_path, snapshot.architecture, (-2, -1), drawings, condition=three)
    state = studio_session.state
    for told, points in ((three, 3), (eight, 1)):
        results = {
            "map": Result(None, shown),
            DecodedDrawings.channel: Result(DecodedDrawings(snapshot, drawings, told), current),
            DrawingTrails.channel: Result(request, past),
        }
        workspace = replace(state.workspace, drawings=drawings)
        model = ExploredModel(snapshot, "conditional", "kept")
        (trail,) = drawing_trails(replace(state, model=model, workspace=workspace, results=results))
        assert len(trail.xy) == points
