"""While a training runs, parts that need the codes of many images take those of the map."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
from aestudio.gui.inference.shared_codes import encoded_snapshot
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import PlaneChoice, Result, StudioState
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot

RECIPE = find_recipe("vae")


def snapshot(step: int, run: str = "r") -> Snapshot:
    return Snapshot(run, RECIPE, step, 0.0, {}, data=MNIST)


def showing(
    mapped: Snapshot, newest: Snapshot, phase: str = "running", embedding: object = None
) -> StudioState:
    request = LatentMapRequest(mapped, (), None, 2_000, PlaneChoice("components", 0, 1), embedding)  # type: ignore[arg-type]
    return replace(
        StudioState(recipe=RECIPE),
        model=ExploredModel(newest, "x", "training"),
        training=RunState(phase=phase),  # type: ignore[arg-type]
        results={LatentMapRequest.channel: Result(request, value=object())},
    )


def test_it_is_the_snapshot_of_the_map() -> None:
    mapped = snapshot(10)
    assert encoded_snapshot(showing(mapped, snapshot(30))) is mapped


@pytest.mark.parametrize("phase", ["idle", "paused", "ended"])
def test_without_a_training_each_part_has_the_newest(phase: str) -> None:
    assert encoded_snapshot(showing(snapshot(10), snapshot(30), phase)) is None


def test_it_is_none_without_a_map_of_this_run() -> None:
    state = showing(snapshot(10, "another"), snapshot(30))
    assert encoded_snapshot(state) is None
    assert encoded_snapshot(replace(state, results={})) is None
    assert encoded_snapshot(showing(snapshot(10), snapshot(30), embedding=object())) is None
