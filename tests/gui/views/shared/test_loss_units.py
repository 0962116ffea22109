"""The unit of a loss in every place that shows one: a user's objective may have any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.inference.requests.drawings_request import DecodedDrawings, EncodedDrawings
from aestudio.gui.inference.requests.map_values_request import MapValues
from aestudio.gui.inference.requests.reconstructions_request import ReconstructedDrawing
from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.state.studio_state import Result
from aestudio.gui.views.latent.map.map_details import MapDetails
from aestudio.gui.views.latent.panels.my_drawings import MyDrawingsPanel
from aestudio.gui.views.reconstruct.drawing_corner import DrawingCorner
from aestudio.gui.views.reconstruct.enlarged_triple import EnlargedTriple
from aestudio.gui.views.reconstruct.reconstruct_view import ReconstructView
from aestudio.gui.views.shared.loss_units import loss_text, unit_help, unit_text
from aestudio.runs.drawings_file import Drawing
from tests.gui.views.canned import OTHER_SETS, state_for, triples

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session

UNITS = pytest.mark.parametrize("unit", ["squared error", "nats", "grey levels"])


def test_a_unit_that_is_not_known_is_shown_as_the_objective_gives_it() -> None:
    assert [unit_text(unit) for unit in ("squared error", "nats", "bits", "")] == [
        "squared error",
        "nats",
        "bits",
        "",
    ]
    assert loss_text(12.34, "squared error") == "squared error 12.3"
    assert loss_text(98.7, "nats") == "98.7 nats"
    assert loss_text(3.0, "grey levels") == "3.0 grey levels"
    assert loss_text(3.0, "") == "3.0"


@UNITS
def test_the_enlarged_triple_shows_the_squared_error_beside_any_other_loss(qtbot: QtBot, unit: str) -> None:
    images = OTHER_SETS["grey 28x20"]().test
    enlarged = EnlargedTriple()
    qtbot.addWidget(enlarged)
    value = replace(triples(images, 1), loss=np.array([41.5]), loss_unit=unit)
    enlarged.show_triple(value, images, ink_on_paper=False)
    squared = f"squared error {value.squared_error[0]:.1f}"
    if unit == "squared error":
        assert (enlarged._loss.text(), enlarged._squared.text()) == (squared, "")
    else:
        assert (enlarged._loss.text(), enlarged._squared.text()) == (f"41.5 {unit}", squared)
        assert unit in enlarged._loss.toolTip()


@UNITS
def test_a_reconstructed_drawing_has_its_unit(qtbot: QtBot, unit: str) -> None:
    images = OTHER_SETS["grey 28x20"]().test
    corner = DrawingCorner()
    qtbot.addWidget(corner)
    triple = replace(triples(images, 1), loss=np.array([41.5]), loss_unit=unit)
    corner.show_drawn(ReconstructedDrawing(images.images[0], triple, None), ink_on_paper=False)
    assert corner.loss.text() == ("squared error 41.5" if unit == "squared error" else f"41.5 {unit}")


@UNITS
def test_the_legend_of_the_triples_names_the_unit(qtbot: QtBot, studio_session: Session, unit: str) -> None:
    dataset = OTHER_SETS["grey 28x20"]()
    view = ReconstructView(studio_session)
    qtbot.addWidget(view)
    value = replace(triples(dataset.test, 4), loss_unit=unit)
    view.show_state(state_for(studio_session.state, dataset, triples=value))
    assert view._legend.text() == f"class · {unit}"
    lines = view._legend.toolTip().splitlines()
    assert lines[0] == f"Below each image: class · {unit}"
    assert "\n".join(lines[1:]) == unit_help(unit), "what the unit is, if the glossary knows it"


@UNITS
def test_the_map_names_the_unit_of_its_colours(qtbot: QtBot, unit: str) -> None:
    shown = ClassMap()
    qtbot.addWidget(shown)
    details = MapDetails(shown)
    values = details.named_values(MapValues("loss", np.ones(3, np.float32), unit), 3)
    assert values is not None
    assert values.unit == unit


@UNITS
def test_kept_drawings_name_the_unit_of_their_losses(
    qtbot: QtBot, studio_session: Session, unit: str
) -> None:
    panel = MyDrawingsPanel(studio_session)
    qtbot.addWidget(panel)
    state, snapshot = studio_session.state, studio_session.state.snapshot
    assert snapshot is not None
    image = np.zeros((1, 28, 28), np.uint8)
    drawings = (Drawing("A", image),)
    state = replace(state, workspace=replace(state.workspace, drawings=drawings))
    codes = np.zeros((1, 8), np.float32)
    decoded = EncodedDrawings(codes, None, image[None], np.ones(1), unit, codes)
    request = DecodedDrawings(snapshot, drawings)
    panel.show_state(replace(state, results={"drawings": Result(request, decoded)}))
    assert f"loss in {unit}." in panel.message.text()
    panel.show_state(replace(state, results={}))
    assert "loss" not in panel.message.text(), "none is known yet"
