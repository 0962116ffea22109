"""A user's own prior that fails is a sentence wherever the window asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.capabilities import density_text
from aestudio.gui.state.comparison_state import ComparedRun, ComparisonState
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.views.compare.compare_view import CompareView
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.training.events import Snapshot
from aestudio.training.initial import weights_of
from aestudio.training.model import build_model
from tests.recipes.test_own_prior import architecture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session

NO_CODES = "The objective own_prior failed (LookupError: no codes)"


@pytest.fixture
def snapshot() -> Snapshot:
    built = architecture("raises")
    return Snapshot("own", built.recipe, 0, 0.0, weights_of(build_model(built)), data=MNIST)


@pytest.fixture
def session(studio_session: Session, snapshot: Snapshot, few_digits: Dataset) -> Session:
    studio_session.update(
        model=ExploredModel(snapshot, "Own", "kept"),
        data=DataState(few_digits.name, "ready", dataset=few_digits),
    )
    return studio_session


def test_every_part_of_the_latent_view(session: Session, show_view: Any, qtbot: QtBot) -> None:
    view = show_view(LatentView)
    view.panels.show_page("grid")
    qtbot.waitUntil(lambda: not session.state.pending)
    grid = view.panels.front
    assert NO_CODES in grid.view._hint
    for panel in view.panels.known:
        view.panels.show_page(panel)
        qtbot.waitUntil(lambda: not session.state.pending)
    assert NO_CODES in view.panels["interpolation"].keyframes.row._empty
    assert NO_CODES in str(session.state.results["samples"].problem)
    gauge = view.explorer.gauge.gauge
    assert "LookupError: no density" in gauge.toolTip()


def test_a_random_code(session: Session) -> None:
    session.explore.sample_prior()
    assert NO_CODES in session.state.message.text
    assert session.state.message.tone == "warn"


def test_a_random_code_of_compared_runs(session: Session, snapshot: Snapshot, qtbot: QtBot) -> None:
    run = ComparedRun("ended", title="run", recipe=snapshot.recipe, snapshot=snapshot)
    session.update(comparison=ComparisonState(runs=(run, run)))
    view = CompareView(session)
    qtbot.addWidget(view)
    view._take_random()
    assert NO_CODES in session.state.message.text


def test_the_text_of_a_density(snapshot: Snapshot) -> None:
    text = density_text(snapshot, np.zeros(4, np.float32))
    assert text.startswith("The objective own_prior failed (LookupError: no density)")
    assert "config.py, line " in text
