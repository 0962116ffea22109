"""Map and interpolation when the model or the images change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState, Exploration, PlaneChoice
from aestudio.gui.views.latent.map.map_panel import MapPanel
from aestudio.gui.views.latent.panels.interpolate import InterpolatePanel
from aestudio.recipes.architecture import Architecture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session


@pytest.mark.parametrize(("first", "second"), [(15, 3), (15, 20), (9, 9)])
def test_axes_beyond_the_components_become_the_last_one(
    qtbot: QtBot, studio_session: Session, first: int, second: int
) -> None:
    from aestudio.recipes.library import find_recipe
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    recipe = find_recipe("vae").with_settings({"hidden": (8,), "latent_size": 32})
    snapshot = Snapshot(
        "wide", recipe, 0, 0.0, weights_of(build_model(Architecture(recipe, MNIST))), data=MNIST
    )
    panel = MapPanel()
    qtbot.addWidget(panel)
    choice = PlaneChoice("dimensions", first, second)
    state = replace(studio_session.state, model=ExploredModel(snapshot, "wide", "kept"), plane=choice)
    panel.show_state(state)
    assert panel.tools.options.first.currentIndex() == first
    panel.tools.kind.setCurrentIndex(1)
    chosen: list[PlaneChoice] = []
    panel.plane_chosen.connect(chosen.append)
    panel.tools.kind.activated.emit(1)
    (new,) = chosen
    assert new.kind == "components"
    panel.show_state(replace(state, plane=new))
    assert (panel.tools.options.first.currentIndex(), panel.tools.options.second.currentIndex()) == (
        new.first,
        new.second,
    )
    assert new.first != new.second
    assert panel.tools.options.first.currentText() == f"PC {new.first + 1}"


def test_the_keyframes_exist_in_a_smaller_set(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset
) -> None:
    panel = InterpolatePanel(studio_session)
    qtbot.addWidget(panel)
    studio_session.update(selected=50)
    (request,) = panel.requests(studio_session.state)
    assert request.keyframes[0].number == 50
    labels = few_digits.test.labels
    assert labels is not None
    assert labels[request.keyframes[1].number] != labels[50], "an image of another class"
    small = ImageSet(few_digits.test.images[:8], None, ())
    data = DataState("small", "ready", dataset=replace(few_digits, test=small, train=small))
    (request,) = panel.requests(replace(studio_session.state, data=data, selected=7))
    assert [keyframe.number for keyframe in request.keyframes] == [7, 0]
    nothing = DataState("none", "ready", dataset=replace(few_digits, test=ImageSet(small.images[:0])))
    assert panel.requests(replace(studio_session.state, data=nothing)) == []


def test_a_code_of_another_model_moves_nothing(
    studio_session: Session,
) -> None:
    before = Exploration(np.zeros(6, np.float32))
    studio_session.update(exploration=before)
    studio_session.explore.move_to(np.ones(2, np.float32))
    assert studio_session.state.exploration is before
    studio_session.explore.move_to(np.ones(6, np.float32))
    code = studio_session.state.exploration.code
    assert code is not None
    assert code.tolist() == [1.0] * 6


def test_a_long_text_does_not_widen_the_interpolation(qtbot: QtBot, studio_session: Session) -> None:
    panel = InterpolatePanel(studio_session)
    qtbot.addWidget(panel)
    width = panel.minimumSizeHint().width()
    panel.status.setText("This bookmark belongs to a model with codes of another length: Bookmark 1. " * 3)
    assert panel.minimumSizeHint().width() == width
