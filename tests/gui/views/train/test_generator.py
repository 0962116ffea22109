"""What the Train view says of a generator and its critic."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from aestudio.analysis.mode_coverage import ModeCoverage
from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.gui.state.data_state import DataState
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.series import Series
from aestudio.gui.state.studio_state import Result
from aestudio.gui.views.train.train_view import TrainView
from aestudio.recipes.library import find_recipe
from aestudio.training.events import MetricPoint
from aestudio.training.initial import initial_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState

STEP = 1_200


@pytest.fixture
def view(qtbot: QtBot, studio_session: Session) -> TrainView:
    shown = TrainView(studio_session)
    qtbot.addWidget(shown)
    shown.resize(900, 700)
    shown.show()
    return shown


@pytest.fixture
def state_of(studio_session: Session, few_digits: Dataset) -> Callable[..., StudioState]:
    """The state with a GAN at step 1,200, counts of classes, and accuracies of the critic."""
    recipe = find_recipe("gan").with_settings({"channels": (2, 2), "latent_size": 3})
    snapshot = replace(initial_snapshot(recipe, few_digits.shape), step=STEP, epoch=6.0)

    def make(counts: tuple[int, ...] | None, *accuracies: float) -> StudioState:
        results = {}
        if counts is not None:
            value = ModeCoverage(counts, few_digits.test.class_names)
            request = CountClasses(snapshot, (few_digits.test, few_digits.train))
            results[CountClasses.channel] = Result(request, value)
        points = [
            MetricPoint("validation", 400 + 200 * n, 2.0 + n, {"critic_accuracy": accuracy, "critic_loss": 1})
            for n, accuracy in enumerate(accuracies)
        ]
        return replace(
            studio_session.state,
            recipe=recipe,
            data=DataState(few_digits.name, "ready", dataset=few_digits),
            model=ExploredModel(snapshot, "GAN", "training"),
            training=RunState("paused", validation=Series().with_points(points)),
            results=MappingProxyType(results),
        )

    return make


def test_its_classes_are_where_reconstructions_would_be(
    view: TrainView, state_of: Callable[..., StudioState]
) -> None:
    view.show_state(state_of((100,) * 10, 0.7))
    assert view.classes.isVisible()
    assert view.classes.caption == "1,000 samples: 10 of 10 classes; the rarest: 0, 10.0 %"
    assert view.classes.shares == (0.1,) * 10
    assert view.collapse.text == ""
    view.show_state(state_of(None))
    assert "being counted" in view.classes.caption
    assert view.classes.shares == ()
    requests = [request.channel for request in view.requests(state_of(None))]
    assert CountClasses.channel in requests


def test_a_model_with_an_encoder_has_no_such_bars(
    view: TrainView, state_of: Callable[..., StudioState], studio_session: Session
) -> None:
    state = state_of((100,) * 10)
    view.show_state(state)
    view.show_state(replace(state, model=studio_session.state.model, results=MappingProxyType({})))
    assert studio_session.state.model is not None
    assert view.classes.isHidden()
    channels = [one.channel for one in view.requests(replace(state, model=studio_session.state.model))]
    assert CountClasses.channel not in channels


def test_few_classes_are_an_alarm_with_what_is_missing(
    view: TrainView, state_of: Callable[..., StudioState]
) -> None:
    view.show_state(state_of((500, 496, *[0] * 7, 4), 0.7))
    assert view.collapse.text == "Samples show only 2 of 10 classes: mode collapse"
    assert "Missing among 1,000 samples: 2, 3, 4, 5, 6 and 3 more." in view.collapse.toolTip()
    assert "label smoothing" in view.collapse.toolTip()


def test_a_critic_that_is_always_right_is_an_alarm(
    view: TrainView, state_of: Callable[..., StudioState]
) -> None:
    view.show_state(state_of((100,) * 10, 0.8, 0.99, 1.0))
    assert view.collapse.text == "Critic right on 100 % since step 600"
    view.show_state(state_of((100,) * 10, 0.8, 0.99, 1.0, 0.9, 0.9))
    assert view.collapse.text == ""


def test_single_phases_are_buttons(
    view: TrainView, state_of: Callable[..., StudioState], monkeypatch: pytest.MonkeyPatch
) -> None:
    state = replace(state_of((100,) * 10), torch_phase="ready")
    pressed: list[str] = []
    monkeypatch.setattr(view.session.training, "step", pressed.append)
    view.show_state(state)
    assert view.phases.isVisible()
    assert [button.text() for button in view.phases.buttons] == ["Critic", "Generator"]
    for button in view.phases.buttons:
        button.click()
    assert pressed == ["critic", "generator"]
    view.show_state(replace(state, recipe=find_recipe("vae")))
    assert view.phases.isHidden()
    assert view.phases.buttons == [] or not view.phases.offered
