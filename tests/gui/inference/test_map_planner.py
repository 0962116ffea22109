"""Which map is requested: how often, of how many images, aligned with the shown one."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.embedding import Embedding2D
from aestudio.analysis.embedding_settings import TsneSettings
from aestudio.gui.inference.map_planner import MapPlanner
from aestudio.gui.inference.requests.latent_map_request import CodeMap, LatentMapRequest
from aestudio.gui.inference.requests.map_values_request import ValuesOnMap
from aestudio.gui.state.embedding_state import EmbeddingRequest, EmbeddingState, with_setting
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import DataState, MapChoice, PlaneChoice, Result, StudioState

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


class PlannerWithState:
    """A planner, and the state for which it plans requests."""

    def __init__(self, state: StudioState) -> None:
        self.state = state
        self.embedded_snapshots: list[Snapshot] = []
        self.planner = MapPlanner(self.embedded_snapshots.append)

    def request_map(self, **changes: Any) -> LatentMapRequest:
        return self.requests(**changes)[0]

    def requests(self, **changes: Any) -> list[Any]:
        self.state = replace(self.state, **changes)
        return self.planner.requests(self.state)

    def compute(self, request: Any, **parts: Any) -> CodeMap:
        """Set the result of a request as if it was computed."""
        xy = np.zeros((5, 2), np.float32)
        value = CodeMap(None, xy, None, (), np.zeros((6, 2)), False)  # type: ignore[arg-type]
        results = {**self.state.results, "map": Result(request, value, **parts)}
        self.state = replace(self.state, results=MappingProxyType(results))
        return value


@pytest.fixture
def planned(few_digits: Dataset, make_snapshot: Callable[..., Snapshot]) -> PlannerWithState:
    snapshot = make_snapshot()
    return PlannerWithState(
        StudioState(
            recipe=snapshot.recipe,
            model=ExploredModel(snapshot, "", "kept"),
            data=DataState("builtin", "ready", dataset=few_digits),
            plane=PlaneChoice("components"),
        )
    )


def model(snapshot: Snapshot) -> ExploredModel:
    return ExploredModel(snapshot, "", "training")


def test_all_images_are_requested_at_rest_and_2000_while_the_snapshot_changes(
    planned: PlannerWithState,
) -> None:
    data = planned.state.data.dataset
    assert data is not None
    assert (planned.request_map().image_sets, planned.request_map().count) == ((data.test,), 60)
    both = planned.request_map(map_choice=MapChoice(images="all"))
    assert (both.image_sets, both.count) == ((data.test, data.train), 360)
    assert planned.request_map(training=RunState("running")).count == 2000
    animation = replace(planned.state.history, playing=True)
    assert planned.request_map(training=RunState(), history=animation).count == 2000


def test_the_same_state_makes_the_same_request(
    planned: PlannerWithState, make_snapshot: Callable[..., Snapshot]
) -> None:
    first = planned.request_map()
    planned.compute(first)
    assert planned.request_map() == first
    newer = planned.request_map(model=model(make_snapshot(seed=1)))
    assert newer != first
    planned.compute(newer)
    assert planned.request_map() == newer


def test_components_of_a_newer_snapshot_are_aligned_with_the_map_that_is_shown(
    planned: PlannerWithState, make_snapshot: Callable[..., Snapshot]
) -> None:
    first = planned.request_map()
    assert first.before is None
    shown = planned.compute(first)
    second = planned.request_map(model=model(make_snapshot(seed=1)))
    assert second.before is shown
    shown = planned.compute(second)
    assert planned.request_map(model=model(make_snapshot(seed=2))).before is shown
    anew = planned.request_map(plane=PlaneChoice("components"))
    assert anew.before is None, "axes that are chosen anew are the components themselves"
    shown = planned.compute(anew)
    assert planned.request_map(model=model(make_snapshot(seed=3, run="another"))).before is None
    dimensions = planned.request_map(plane=PlaneChoice("dimensions", 0, 1))
    planned.compute(dimensions)
    assert planned.request_map(model=model(make_snapshot(seed=4, run="another"))).before is None


def test_a_snapshot_has_a_result_before_the_next_is_requested(
    planned: PlannerWithState, make_snapshot: Callable[..., Snapshot]
) -> None:
    planned.compute(planned.request_map())
    snapshots = [make_snapshot(seed=seed) for seed in range(4)]
    first = planned.request_map(model=model(snapshots[0]))
    assert first.snapshot is snapshots[0]
    assert planned.request_map(model=model(snapshots[1])) == first, (
        "the pending request is kept, or none would ever be computed"
    )
    assert planned.request_map(model=model(snapshots[2])) == first
    planned.compute(first, more=True)  # the coarse map
    newest = planned.request_map()
    assert newest.snapshot is snapshots[2]
    assert planned.request_map(model=model(make_snapshot(run="another"))).snapshot.run == "another"
    # A problem is an answer too.
    failing = planned.request_map()
    planned.state = replace(
        planned.state, results=MappingProxyType({"map": Result(newest, "old", None, failed=failing)})
    )
    last = make_snapshot(seed=9, run="another")
    assert planned.request_map(model=model(last)).snapshot is last


def test_components_are_shown_until_the_embedding_is_ready(
    planned: PlannerWithState, make_snapshot: Callable[..., Snapshot]
) -> None:
    data, snapshot = planned.state.data.dataset, planned.state.snapshot
    assert data is not None
    assert snapshot is not None
    planned.embedded_snapshots.clear()
    meanwhile = planned.request_map(plane=PlaneChoice("tsne"))
    assert planned.embedded_snapshots == [snapshot]
    assert meanwhile.choice == PlaneChoice("components", 0, 1)
    assert meanwhile.embedding is None
    zeros = np.zeros((60, 2), np.float32)
    embedding = Embedding2D("tsne", np.zeros((60, 6), np.float32), zeros, np.zeros((2, 2)), ("", ""))
    requested = EmbeddingRequest("tsne", snapshot, (data.test,), None, 60, TsneSettings(points=60))
    ready = planned.request_map(embedding=EmbeddingState(requested, embedding))
    assert ready.embedding is embedding
    planned.compute(ready)
    # While another one is computed, it is shown as it is, of its own images only.
    live = replace(embedding, xy=zeros + 1)
    going_on = EmbeddingState(requested, embedding, working=replace(requested, count=40), live=live)
    shown_live = planned.request_map(embedding=going_on)
    assert (shown_live.embedding, shown_live.count) == (live, 40)
    planned.compute(shown_live)
    other_settings = with_setting(going_on, "tsne", "perplexity", 7.0)
    assert planned.request_map(embedding=other_settings).embedding is None, "both are of other settings"
    planned.compute(planned.request_map(embedding=EmbeddingState(requested, embedding)))
    # The layout of the snapshot before stays until the newer one is laid out.
    newer = make_snapshot(seed=1)
    held = planned.request_map(model=model(newer))
    assert (held.embedding, held.snapshot) == (embedding, snapshot)
    assert planned.embedded_snapshots[-1] is newer
    assert planned.request_map(plane=PlaneChoice("umap")).embedding is None
    assert (
        planned.request_map(plane=PlaneChoice("tsne"), model=model(make_snapshot(run="another"))).embedding
        is None
    )


def test_values_are_requested_only_if_they_are_shown(planned: PlannerWithState) -> None:
    request = planned.request_map()
    shown = planned.compute(request)
    assert planned.requests() == [request]
    _, values = planned.requests(map_choice=MapChoice(colour="loss"))
    assert values == ValuesOnMap("loss", request.snapshot, request.image_sets, None, shown)
    _, values = planned.requests(map_choice=MapChoice(colour="density"))
    assert values.kind == "density"
    planned.compute(request, more=True)
    assert planned.requests() == [request], "the finer map comes first"


def test_shipped_codes_are_requested_without_a_dataset(planned: PlannerWithState) -> None:
    given = ShippedCodes(np.zeros((3, 6), np.float32), np.zeros(3, np.int64))
    assert planned.state.model is not None
    request = planned.request_map(data=DataState(), model=replace(planned.state.model, shipped_codes=given))
    assert (request.shipped_codes, request.image_sets) == (given, ())
    planned.compute(request)
    assert len(planned.requests(map_choice=MapChoice(colour="loss"))) == 1
    assert len(planned.requests(map_choice=MapChoice(colour="density"))) == 2


def test_a_classifier_and_one_latent_dimension_have_no_map(
    planned: PlannerWithState, make_snapshot: Callable[..., Snapshot]
) -> None:
    assert planned.requests(model=None) == []
    assert planned.requests(model=model(make_snapshot("digit-classifier"))) == []
    snapshot = make_snapshot()
    single = replace(snapshot, recipe=snapshot.recipe.with_settings({"latent_size": 1}))
    assert planned.requests(model=model(single)) == []
