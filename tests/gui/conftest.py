"""A session with data, a tiny model and its threads, for tests of views; and a stand-in for the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
import shiboken6

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import DataShape
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.view import View
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

    AnyView = TypeVar("AnyView", bound=View)

WAIT = 20_000  # milliseconds; torch is imported within it


def tiny_recipe(name: str) -> Recipe:
    """A shipped recipe with a code of 6 numbers; a classifier keeps its classes."""
    from aestudio.recipes.library import find_recipe

    recipe = find_recipe(name)
    return recipe if not recipe.objective.decodes else recipe.with_settings({"latent_size": 6})


def tiny_snapshot(
    name: str = "hidden-256", seed: int = 0, run: str = "tiny", step: int = 0, data: DataShape = MNIST
) -> Snapshot:
    """Untrained weights of a tiny recipe for images of this shape, others for each seed."""
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    recipe = tiny_recipe(name)
    weights = weights_of(build_model(Architecture(recipe, data), seed))
    return Snapshot(run, recipe, step, 0.0, weights, data=data)


@pytest.fixture
def make_snapshot() -> Callable[..., Snapshot]:
    """`tiny_snapshot`, for tests that need another model than the session's."""
    return tiny_snapshot


@pytest.fixture
def studio_session(qtbot: QtBot, few_digits: Dataset, few_measured_images: None) -> Iterator[Session]:
    """A session with 300 + 60 built-in digits, an untrained model of 6 numbers, and an inference worker."""
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.studio_state import DataState

    session = Session()
    snapshot = tiny_snapshot()
    session.update(
        recipe=snapshot.recipe,
        torch_phase="ready",
        model=ExploredModel(snapshot, snapshot.recipe.title, "kept"),
        data=DataState("builtin", "ready", dataset=few_digits),
    )
    session.torch_ready()
    yield session
    qtbot.waitUntil(session.close, timeout=WAIT)


@pytest.fixture
def show_view(qtbot: QtBot, studio_session: Session) -> Callable[[type[AnyView]], AnyView]:
    """Makes a view and does for it what the window does: show each state, ask what it needs."""

    def show(view_class: type[AnyView]) -> AnyView:
        view = view_class(studio_session)
        qtbot.addWidget(view)
        view.resize(760, 690)

        def refresh() -> None:
            if not shiboken6.isValid(view):  # an answer that comes after the test
                return
            state = studio_session.state
            reason = view.reason(state)
            if reason is None:
                view.show_state(state)
            studio_session.request(view.requests(state) if reason is None or reason.passing else ())

        studio_session.changed.connect(refresh)
        view.show()
        qtbot.waitExposed(view)
        refresh()
        return view

    return show
