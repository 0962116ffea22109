"""Images are shown only if the model takes their shape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.gui.state.comparison_state import ComparedRun, ComparisonState
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState, Result, StudioState
from aestudio.gui.state.subject import Subject
from aestudio.gui.state.subject_change import settled
from tests.gui.conftest import tiny_snapshot
from tests.images import colour_32, grey_28x20

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def _state(dataset: Dataset, snapshot: Snapshot | None) -> StudioState:
    recipe = tiny_snapshot().recipe
    model = None if snapshot is None else ExploredModel(snapshot, "a model", "kept")
    return StudioState(recipe, data=DataState("x", "ready", dataset=dataset), model=model)


@pytest.fixture
def narrow() -> Snapshot:
    return tiny_snapshot(data=grey_28x20().shape)


def test_images_of_the_model_are_shown(narrow: Snapshot) -> None:
    dataset = grey_28x20()
    state = _state(dataset, narrow)
    assert state.image_set is dataset.test
    assert state.dataset is dataset
    assert state.image_sets == (dataset.test, dataset.train)
    assert state.selected_image == (dataset.test, 0)


def test_images_of_another_shape_are_not(narrow: Snapshot) -> None:
    state = _state(colour_32(), narrow)
    assert state.image_set is None
    assert state.dataset is None
    assert state.image_sets == ()
    assert state.selected_image is None
    assert state.loaded_image_sets == (colour_32().test, colour_32().train)


def test_sample_images_of_another_shape_are_not(narrow: Snapshot) -> None:
    state = replace(_state(colour_32(), narrow), data=DataState(), preview_images=colour_32().test)
    assert state.image_sets == ()
    assert replace(state, preview_images=grey_28x20().test).image_set is grey_28x20().test


def test_without_a_model_every_image_is_shown() -> None:
    assert _state(colour_32(), None).image_set is colour_32().test


def _comparing(state: StudioState, snapshot: Snapshot) -> StudioState:
    runs = (ComparedRun("ended", title="a", recipe=snapshot.recipe, snapshot=snapshot),)
    return replace(state, comparison=ComparisonState(runs=runs))


def test_compared_runs_have_their_own_images(narrow: Snapshot) -> None:
    dataset = colour_32()
    compared = tiny_snapshot(seed=1, data=dataset.shape)
    state = _comparing(_state(dataset, narrow), compared)
    assert state.image_sets == ()
    assert state.compared_image_sets == (dataset.test, dataset.train)
    assert state.shows(Subject.of_comparison((compared,), (dataset.test,)))
    assert not state.shows(Subject.of(narrow, (dataset.test,)))


def test_results_of_compared_runs_leave_with_their_images(narrow: Snapshot) -> None:
    dataset = colour_32()
    compared = tiny_snapshot(seed=1, data=dataset.shape)
    state = _comparing(_state(dataset, narrow), compared)

    class Asked:
        subject = Subject.of_comparison((compared,), (dataset.test,))

    before = replace(state, results={"comparison": Result(Asked(), "a value")})
    others = colour_32(train=40, test=20)
    after = replace(before, data=replace(before.data, dataset=others))
    assert after.image_sets == before.image_sets == ()
    assert dict(settled(before, after).results) == {}
    assert settled(before, replace(before, hovered=3)).results == before.results
