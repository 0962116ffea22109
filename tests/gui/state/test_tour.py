"""Which steps the tour has for which model, and when it is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aestudio.gui.state.effects.ordered import EFFECTS
from aestudio.gui.state.effects.reactions import GoOnWithTour
from aestudio.gui.state.effects.touring import follow_tour
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import StudioState
from aestudio.gui.state.tour import QUICK_RECIPE, STEPS, begun, gone_on, is_possible, next_step
from aestudio.recipes.library import find_recipe
from tests.small_models import untrained

STATE = StudioState(recipe=find_recipe("vae"))


def showing(recipe: str, **settings: object) -> StudioState:
    snapshot = untrained(recipe, **settings)
    return replace(STATE, model=ExploredModel(snapshot, "", "kept"))


def steps_of(state: StudioState) -> list[str]:
    """The steps in their order, as one who skips each sees them."""
    found: list[str] = []
    state = begun(state)
    while state.tour is not None:
        found.append(state.tour)
        state = gone_on(state)
    return found


def test_before_a_model_is_there_all_steps_wait_for_it() -> None:
    assert steps_of(STATE) == list(STEPS)
    assert begun(STATE).tour_seen


@pytest.mark.parametrize(
    ("recipe", "settings", "steps"),
    [
        ("vae", {"hidden": (8,)}, ["slider", "map", "start"]),
        ("vae", {"hidden": (8,), "latent_size": 1}, ["slider", "start"]),
        ("digit-classifier", {"hidden": (8,)}, ["start"]),
    ],
)
def test_a_step_that_the_model_does_not_allow_is_left_out(
    recipe: str, settings: dict[str, object], steps: list[str]
) -> None:
    assert steps_of(showing(recipe, **settings)) == steps


@pytest.mark.parametrize("phase", ["preparing", "running", "paused", "stopping"])
def test_start_is_not_explained_while_something_is_trained(phase: str) -> None:
    state = replace(STATE, training=RunState(phase=phase))  # type: ignore[arg-type]
    assert steps_of(state) == ["slider", "map"]
    assert not is_possible(state, "train")


def test_after_start_comes_only_what_the_user_asked_for() -> None:
    assert next_step(STATE, "start") is None
    assert next_step(STATE, "train") is None


def test_the_tour_goes_on_if_its_step_becomes_impossible() -> None:
    assert follow_tour in EFFECTS
    at_slider = replace(STATE, tour="slider")
    assert follow_tour(STATE, at_slider) == ()
    classifier = replace(showing("digit-classifier", hidden=(8,)), tour="slider")
    assert follow_tour(at_slider, classifier) == (GoOnWithTour(),)
    running = replace(STATE, tour="start", training=RunState(phase="running"))
    assert follow_tour(replace(STATE, tour="start"), running) == (GoOnWithTour(),)
    assert follow_tour(STATE, replace(running, tour=None)) == ()


def test_the_quick_recipe_is_a_shipped_one() -> None:
    assert find_recipe(QUICK_RECIPE).name == QUICK_RECIPE
