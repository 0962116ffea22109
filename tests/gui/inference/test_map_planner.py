"""Which map is requested: how often, of how many images, aligned with the shown one."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.embedding import Embedding2D
from aestudio.gui.inference.map_planner import MapPlanner
from aestudio.gui.inference.requests.latent_map_request import CodeMap, LatentMapRequest
from aestudio.gui.inference.requests.map_values_request import ValuesOnMap
from aestudio.gui.state.embedding_state import EmbeddingRequest, EmbeddingState
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.studio_state import DataState, MapChoice, PlaneChoice, Result, StudioState
from aestudio.gui.state.training_state import TrainingState

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


class Asked:
    """A view's asker, and the state that it is asked in."""

    def __init__(self, state: StudioState) -> None:
        self.state = state
        self.wanted: list[Snapshot] = []
        self.asker = MapPlanner(self.wanted.append)

    def ask(self, **changes: Any) -> LatentMapRequest:
        return self.all(**changes)[0]

    def all(self, **changes: Any) -> list[Any]:
        self.state = replace(self.state, **changes)
        return self.asker.requests(self.state)

    def compute(self, request: Any, **parts: Any) -> CodeMap:
        """As if the question had been answered."""
        xy = np.zeros((5, 2), np.float32)
        value = CodeMap(None, xy, None, (), np.zeros((6, 2)), False)  # type: ignore[arg-type]
        results = {**self.state.results, "map": Result(request, value, **parts)}
        self.state = replace(self.state, results=MappingProxyType(results))
        return value


@pytest.fixture
def asked(few_digits: Dataset, make_snapshot: Callable[..., Snapshot]) -> Asked:
    snapshot = make_snapshot()
    return Asked(
        StudioState(
            recipe=snapshot.recipe,
            model=ExploredModel(snapshot, "", "kept"),
            data=DataState("builtin", "ready", dataset=few_digits),
            plane=PlaneChoice("components"),
        )
    )


def model(snapshot: Snapshot) -> ExploredModel:
    return ExploredModel(snapshot, "", "training")


def test_all_images_of_the_choice_are_requested_at_rest_and_2000_while_it_moves(asked: Asked) -> None:
    data = asked.state.data.dataset
    assert data is not None
    assert (asked.ask().image_sets, asked.ask().count) == ((data.test,), 60)
    both = asked.ask(map_choice=MapChoice(images="all"))
    assert (both.image_sets, both.count) == ((data.test, data.train), 360)
    assert asked.ask(training=TrainingState("running")).count == 2000
    animation = replace(asked.state.history, playing=True)
    assert asked.ask(training=TrainingState(), history=animation).count == 2000


def test_the_same_state_makes_the_same_request(asked: Asked, make_snapshot: Callable[..., Snapshot]) -> None:
    first = asked.ask()
    asked.compute(first)
    assert asked.ask() == first
    newer = asked.ask(model=model(make_snapshot(seed=1)))
    assert newer != first
    asked.compute(newer)
    assert asked.ask() == newer


def test_components_of_a_newer_snapshot_are_aligned_with_the_map_that_is_shown(
    asked: Asked, make_snapshot: Callable[..., Snapshot]
) -> None:
    first = asked.ask()
    assert first.before is None
    shown = asked.compute(first)
    second = asked.ask(model=model(make_snapshot(seed=1)))
    assert second.before is shown
    shown = asked.compute(second)
    assert asked.ask(model=model(make_snapshot(seed=2))).before is shown
    anew = asked.ask(plane=PlaneChoice("components"))
    assert anew.before is None, "axes that are chosen anew are the components themselves"
    shown = asked.compute(anew)
    assert asked.ask(model=model(make_snapshot(seed=3, run="another"))).before is None
    raw = asked.ask(plane=PlaneChoice("dimensions", 0, 1))
    asked.compute(raw)
    assert asked.ask(model=model(make_snapshot(seed=4, run="another"))).before is None


def test_something_of_a_snapshot_is_shown_before_the_next_is_requested(
    asked: Asked, make_snapshot: Callable[..., Snapshot]
) -> None:
    asked.compute(asked.ask())
    snapshots = [make_snapshot(seed=seed) for seed in range(4)]
    first = asked.ask(model=model(snapshots[0]))
    assert first.snapshot is snapshots[0]
    assert asked.ask(model=model(snapshots[1])) == first, "it would never be answered"
    assert asked.ask(model=model(snapshots[2])) == first
    asked.compute(first, more=True)  # the coarse map
    newest = asked.ask()
    assert newest.snapshot is snapshots[2]
    assert asked.ask(model=model(make_snapshot(run="another"))).snapshot.run == "another"
    # A problem is an answer too.
    failing = asked.ask()
    asked.state = replace(
        asked.state, results=MappingProxyType({"map": Result(newest, "old", None, failed=failing)})
    )
    last = make_snapshot(seed=9, run="another")
    assert asked.ask(model=model(last)).snapshot is last


def test_components_stand_there_until_the_layout_is_ready(
    asked: Asked, make_snapshot: Callable[..., Snapshot]
) -> None:
    data, snapshot = asked.state.data.dataset, asked.state.snapshot
    assert data is not None
    assert snapshot is not None
    asked.wanted.clear()
    meanwhile = asked.ask(plane=PlaneChoice("tsne"))
    assert asked.wanted == [snapshot]
    assert meanwhile.choice == PlaneChoice("components", 0, 1)
    assert meanwhile.embedding is None
    zeros = np.zeros((60, 2), np.float32)
    layout = Embedding2D("tsne", np.zeros((60, 6), np.float32), zeros, np.zeros((2, 2)), ("", ""))
    requested = EmbeddingRequest("tsne", snapshot, (data.test,), None, 60)
    ready = asked.ask(embedding=EmbeddingState(requested, layout))
    assert ready.embedding is layout
    asked.compute(ready)
    # The layout of the snapshot before stays until the newer one is laid out.
    newer = make_snapshot(seed=1)
    held = asked.ask(model=model(newer))
    assert (held.embedding, held.snapshot) == (layout, snapshot)
    assert asked.wanted[-1] is newer
    assert asked.ask(plane=PlaneChoice("umap")).embedding is None
    assert asked.ask(plane=PlaneChoice("tsne"), model=model(make_snapshot(run="another"))).embedding is None


def test_values_are_requested_only_where_they_are_shown(asked: Asked) -> None:
    request = asked.ask()
    shown = asked.compute(request)
    assert asked.all() == [request]
    _, values = asked.all(map_choice=MapChoice(colour="loss"))
    assert values == ValuesOnMap("loss", request.snapshot, request.image_sets, None, shown)
    _, values = asked.all(map_choice=MapChoice(colour="density"))
    assert values.kind == "density"
    asked.compute(request, more=True)
    assert asked.all() == [request], "the finer map comes first"


def test_shipped_codes_are_requested_where_there_is_no_dataset(asked: Asked) -> None:
    given = ShippedCodes(np.zeros((3, 6), np.float32), np.zeros(3, np.int64))
    assert asked.state.model is not None
    request = asked.ask(data=DataState(), model=replace(asked.state.model, shipped_codes=given))
    assert (request.shipped_codes, request.image_sets) == (given, ())
    asked.compute(request)
    assert len(asked.all(map_choice=MapChoice(colour="loss"))) == 1
    assert len(asked.all(map_choice=MapChoice(colour="density"))) == 2


def test_a_classifier_and_one_number_have_no_map(
    asked: Asked, make_snapshot: Callable[..., Snapshot]
) -> None:
    assert asked.all(model=None) == []
    assert asked.all(model=model(make_snapshot("digit-classifier"))) == []
    snapshot = make_snapshot()
    single = replace(snapshot, recipe=snapshot.recipe.with_settings({"latent_size": 1}))
    assert asked.all(model=model(single)) == []
