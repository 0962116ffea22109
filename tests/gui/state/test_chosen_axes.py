"""The axes of the map are those chosen last for codes of this length, in this start and the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.chosen_axes import axes_in, first_plane, table_of
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import PlaneChoice, StudioState
from aestudio.gui.state.subject_change import settled
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot

THIRD = PlaneChoice("components", 0, 2, 4)


def model(size: int, run: str = "a") -> ExploredModel:
    recipe = find_recipe("vae").combined(network=FullyConnected(latent_size=size))
    return ExploredModel(Snapshot(run, recipe, 0, 0.0, {}, data=MNIST), run, "kept")


def after(state: StudioState, **changes: Any) -> StudioState:
    return settled(state, replace(state, **changes))


def test_they_come_back_with_the_next_model_of_this_length() -> None:
    state = StudioState(recipe=find_recipe("vae"))
    state = after(state, model=model(10))
    assert state.plane == PlaneChoice("components")
    assert dict(state.axes) == {}, "the user has chosen none"
    state = after(state, plane=THIRD)
    state = after(state, model=model(2, "b"))
    assert state.plane == PlaneChoice("dimensions")
    state = after(state, model=model(10, "c"))
    assert state.plane == THIRD
    state = after(state, plane=PlaneChoice("tsne"))
    assert dict(state.axes) == {10: THIRD}, "an embedding is computed only when it is asked for"
    assert state.previous_plane == THIRD


def test_they_are_written_and_read() -> None:
    axes = {10: THIRD, 3: PlaneChoice("dimensions", 2, 0, None)}
    assert axes_in(table_of(axes)) == axes
    assert first_plane(axes, 3) == PlaneChoice("dimensions", 2, 0)
    assert first_plane(axes, 4) == PlaneChoice("components")


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        ["components", 0, 1],
        ["tsne", 0, 1, None],
        [["components"], 0, 1, None],
        ["components", 0, 0, None],
        ["components", 0, 1, 1],
        ["components", 0, None, None],
        ["components", 0, 5, None],
        ["dimensions", -1, 1, None],
        ["dimensions", 0, 1.0, None],
        ["dimensions", True, 0, None],
        ["dimensions", 0, [1], None],
    ],
)
def test_what_are_no_axes_is_left_out(value: Any) -> None:
    kept = {"5": value, "4": ["dimensions", 3, 2, 1]}
    assert axes_in(kept) == {4: PlaneChoice("dimensions", 3, 2, 1)}


def test_components_are_at_most_those_that_are_offered_and_lengths_are_numbers() -> None:
    assert axes_in({"64": ["components", 0, 10, None]}) == {}
    assert axes_in({"64": ["dimensions", 0, 10, None]}) != {}
    usual = ["dimensions", 0, 1, None]
    assert axes_in({"x": usual, "-3": usual, "1": usual, "²": usual, "9" * 30: usual, 7: usual}) == {}
    assert axes_in("no table") == {}
