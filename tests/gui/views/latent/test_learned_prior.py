"""The Latent view with a model that has learned its prior."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.gui.inference.requests.exploration_request import DrawCode
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.inference.frozen_model import FrozenModel
from aestudio.training.initial import initial_snapshot
from tests.learned_prior import NumpyMixture, mixture_prior

WAIT = 20_000


@pytest.fixture
def shown(studio_session, show_view, qtbot):
    """The view with an untrained model, whose Gaussians are where N(0, I) has nothing."""
    view = show_view(LatentView)
    snapshot = initial_snapshot(mixture_prior(), MNIST)
    weights = dict(snapshot.weights)
    weights["objective.mixture.means"] = np.array([[50, 0], [0, -50], [-50, 50]], np.float32)
    snapshot = replace(snapshot, weights=weights)
    studio_session.update(model=ExploredModel(snapshot, "mixture", "kept"))
    rest(studio_session, qtbot)
    return view


def rest(session, qtbot):
    qtbot.waitUntil(
        lambda: not session.state.pending and session.state.exploration.image is not None, timeout=WAIT
    )


def test_a_random_code_is_drawn_from_it(shown, studio_session, qtbot):
    expected = NumpyMixture(studio_session.state.snapshot)
    drawn = []
    for _ in range(40):
        studio_session.explore.sample_prior()
        rest(studio_session, qtbot)
        drawn.append(studio_session.state.exploration.code)
    each = np.abs(np.stack(drawn)[:, None] - expected.means).max(axis=2)
    assert len(np.unique(drawn, axis=0)) == 40
    assert (each.min(axis=1) < 6).all()
    assert set(each.argmin(axis=1)) == {0, 1, 2}


def test_its_samples_and_how_probable_they_are(shown, studio_session, qtbot):
    shown.panels.show_page("samples")
    rest(studio_session, qtbot)
    panel = shown.panels.front
    qtbot.waitUntil(lambda: panel.grid.count > 0, timeout=WAIT)
    assert panel.source.currentText() == "Prior"
    assert "the prior that the model has learned" in panel.source.toolTip()
    panel.grid.hovered.emit(0)
    samples = studio_session.state.value("samples")
    density = np.log(NumpyMixture(studio_session.state.snapshot).density(samples.codes[:1]))[0]
    assert (
        f"Log-density under the prior: {density:.1f} nats".replace("-", "−").replace("Log−", "Log-")
        in panel.grid.toolTip()
    )


def test_it_draws_on_the_worker_and_not_on_the_thread_of_the_window(
    shown, studio_session, qtbot, monkeypatch
):
    """As MADE does, pixel by pixel. The code stays until the drawn one is there."""
    draw, threads = FrozenModel.sample_prior, []

    def noted(*given):
        threads.append(threading.current_thread())
        return draw(*given)

    monkeypatch.setattr(FrozenModel, "sample_prior", noted)
    before = studio_session.state.exploration.code
    studio_session.explore.sample_prior()
    assert studio_session.state.exploration.code is before
    assert DrawCode.channel in studio_session.state.pending
    rest(studio_session, qtbot)
    assert threads
    assert threading.main_thread() not in threads
    assert not np.array_equal(studio_session.state.exploration.code, before)
    assert studio_session.state.exploration.set_by_user


def test_a_code_that_was_drawn_for_another_run_is_not_shown(shown, studio_session, qtbot):
    other = initial_snapshot(mixture_prior(), MNIST, run="other")
    studio_session.explore.sample_prior()
    drawn = studio_session.state.pending[DrawCode.channel]
    studio_session.update(model=ExploredModel(other, "other", "kept"))
    assert drawn.snapshot is not other
    rest(studio_session, qtbot)
    assert not studio_session.state.exploration.set_by_user


def test_a_prior_that_fails_is_a_message(shown, studio_session, qtbot, monkeypatch):
    code = studio_session.state.exploration.code
    before = studio_session.state.message
    monkeypatch.setattr(
        "aestudio.inference.frozen_model.FrozenModel.sample_prior", raising("The objective failed")
    )
    studio_session.explore.sample_prior()
    rest(studio_session, qtbot)
    assert studio_session.state.exploration.code is code
    assert studio_session.state.message != before
    assert "The objective failed" in studio_session.state.message.text


def raising(text):
    def fail(*_):
        raise StudioError(text)

    return fail
