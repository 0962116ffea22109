"""What a run is called where it is on show: as in the list of runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.reducers import with_training_events
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.shown_title import title_of_model, trained_title
from aestudio.gui.state.studio_state import StudioState
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.run_titles import run_title
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.labels_file import RunLabels
from aestudio.training.events import Snapshot, SnapshotTaken

if TYPE_CHECKING:
    from pathlib import Path

CHANGED = find_recipe("vae").with_settings({"latent_size": 10, "beta": 4})
CALLED = "VAE, latent 10, beta 4"


def snapshot(run: str, step: int = 0, recipe: Any = CHANGED) -> Snapshot:
    return Snapshot(run, recipe, step, 0.0, {}, data=MNIST)


def training(run: str) -> StudioState:
    """A run of a changed recipe that has begun."""
    state = StudioState(recipe=CHANGED, recipes=shipped_recipes(), training=RunState("running", run=run))
    return with_training_events(state, {0: (SnapshotTaken(snapshot(run)),)})


def listed(run: str, folder: Path | None = None, title: str | None = None) -> KeptRun:
    """The run as the list has it, with the name that the user gave it."""
    record: Any = type("Record", (), {"title": run_title(CHANGED), "recipe": CHANGED, "sabotage": None})
    return KeptRun(folder or runs_folder() / run, record, labels=RunLabels(title=title))


def test_the_model_of_a_changed_recipe_says_what_was_changed() -> None:
    state = training("one")
    assert state.model is not None
    assert state.model.title == CALLED == run_title(CHANGED)
    assert title_of_model(state, state.model) == trained_title(state) == CALLED


def test_the_name_that_the_user_gives_it_counts_at_once_and_for_the_next_steps() -> None:
    state = training("one")
    state = replace(state, runs=(listed("other"), listed("one", title="My best VAE")))
    state = with_training_events(state, {0: (SnapshotTaken(snapshot("one", 5)),)})
    assert state.model is not None
    assert title_of_model(state, state.model) == trained_title(state) == "My best VAE"


def test_a_run_of_the_same_name_in_another_folder_is_another_one(tmp_path: Path) -> None:
    state = replace(training("one"), runs=(listed("one", tmp_path / "one", "Not this one"),))
    assert state.model is not None
    assert title_of_model(state, state.model) == CALLED


def test_a_resumed_run_keeps_its_title() -> None:
    kept = ExploredModel(snapshot("one", 5), "My best VAE", "kept")
    state = StudioState(recipe=CHANGED, recipes=shipped_recipes(), model=kept, training=RunState(run="one"))
    state = with_training_events(state, {0: (SnapshotTaken(snapshot("one", 6)),)})
    assert state.model is not None
    assert (state.model.title, state.model.origin) == ("My best VAE", "training")


@pytest.mark.parametrize("phase", ["preparing", "running"])
def test_until_its_first_snapshot_a_training_is_called_by_its_recipe(phase: Any) -> None:
    state = training("one")
    begun = replace(state, training=RunState(phase), recipe=find_recipe("deep-ae"))
    assert trained_title(begun) == find_recipe("deep-ae").title
