"""Names of the axes: measured turn by turn, and which request comes next."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.latent_transform import axes_of_components, axes_of_dimensions
from aestudio.analysis.projections import principal_components
from aestudio.datasets.dataset import ImageSet
from aestudio.gui.inference.axis_names_planner import AxisNamesPlanner
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests import axis_names_request as naming
from aestudio.gui.inference.requests.axis_names_request import (
    LEVELS,
    AxisNames,
    NameAxes,
    SameAxes,
)
from aestudio.gui.inference.requests.data_support_request import DataSupportReference, ReferenceCodes
from aestudio.gui.inference.requests.latent_map_request import COARSE_COUNT
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import DataState, Result, StudioState
from aestudio.gui.state.workspace import Direction, SliderState, Workspace
from aestudio.gui.views.latent.sliders.axis_names import axis_help, axis_text
from aestudio.progress import silent
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

    Make = Callable[..., Snapshot]


@pytest.fixture
def few_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little work, and one axis a turn."""
    monkeypatch.setattr(naming, "LEVELS", (3, 5))
    monkeypatch.setattr(naming, "TURN_SECONDS", 1e-3)
    monkeypatch.setattr(naming, "TURN_WHILE_TRAINING", 1e-3)
    monkeypatch.setattr(naming, "IMAGES_AT_ONCE", 1)
    monkeypatch.setattr(naming, "IMAGES_FOR_RANGES", 30)
    monkeypatch.setattr(naming, "IMAGES_FOR_SCALES", 20)


def all_turns(request: NameAxes, cache: InferenceCache) -> list[AxisNames]:
    results = [request.compute(cache, silent)]
    while not results[-1].finished:
        request = replace(request, turn=request.turn + 1)
        results.append(request.compute(cache, silent))
        assert len(results) < 100
    return results


@pytest.mark.usefixtures("few_levels")
def test_names_come_axis_by_axis_and_get_surer(few_digits: Dataset, make_snapshot: Make) -> None:
    snapshot = make_snapshot("vae")
    direction = tuple(np.ones(6).tolist())
    request = NameAxes(snapshot, few_digits.test, few_digits.train, None, (direction,), 2)
    results = all_turns(request, InferenceCache())
    first, last = results[0], results[-1]
    # The first turn learns the classes; then one axis a turn, seven axes, twice.
    assert len(results) == 1 + 2 * 7
    assert (first.image_count, first.axes, first.directions) == (0, (None,) * 6, (None,))
    named = [sum(name is not None for name in (*found.axes, *found.directions)) for found in results]
    assert named == [*range(8), *[7] * 7]
    assert [found.image_count for found in results] == [*[0] * 7, *[3] * 7, 5]
    assert last.of("dimensions", 6) == last.axes
    assert last.of("components", 6) == last.of("dimensions", 7) == ()
    assert all(name is not None and name.images == 5 for name in (*last.axes, *last.directions))
    name = last.directions[0]
    assert name is not None
    assert {"slant", "class:7"} < set(name.associations)
    ones, other = np.ones(6, np.float32), np.zeros(6, np.float32)
    own = Direction("all", ones, ones, amount=0.5), Direction("none", other, other)
    assert last.of_directions(own) == (name, None)
    assert last.of_directions(own[::-1]) == (None, name)


@pytest.mark.usefixtures("few_levels")
def test_what_is_done_is_not_done_again(few_digits: Dataset, make_snapshot: Make) -> None:
    snapshot, cache = make_snapshot("vae"), InferenceCache()
    coarse = NameAxes(snapshot, few_digits.test, None, None, (), 1)
    found = all_turns(coarse, cache)
    assert len(found) == 6
    assert coarse.compute(cache, silent).finished
    # At rest all is measured exactly; until it is, the names of the training stay.
    exact = replace(coarse, levels=2)
    finer = all_turns(exact, cache)
    assert len(finer) == 12
    assert all(name is not None for name in finer[0].axes)
    assert exact.compute(cache, silent).finished


@pytest.mark.usefixtures("few_levels")
def test_while_a_training_runs_no_classes_are_learned(few_digits: Dataset, make_snapshot: Make) -> None:
    cache = InferenceCache()
    coarse = NameAxes(make_snapshot("vae"), few_digits.test, few_digits.train, None, (), 1)
    name = all_turns(coarse, cache)[-1].axes[0]
    assert name is not None
    assert not any(key.startswith("class") for key in name.associations)
    all_turns(replace(coarse, levels=2), cache)
    name = all_turns(coarse, cache)[-1].axes[0]
    assert name is not None
    assert "class:0" in name.associations


@pytest.mark.usefixtures("few_levels")
def test_a_new_snapshot_of_the_run_keeps_the_names_until_it_has_its_own(
    few_digits: Dataset, make_snapshot: Make
) -> None:
    cache = InferenceCache()
    before = all_turns(NameAxes(make_snapshot("vae"), few_digits.test, None, None, (), 1), cache)[-1]
    later = NameAxes(make_snapshot("vae", seed=1, step=5), few_digits.test, None, None, (), 1).compute(
        cache, silent
    )
    assert sum(new is old for new, old in zip(later.axes, before.axes, strict=True)) == 5
    assert later.step == 5
    other = make_snapshot("vae", run="another")
    fresh = NameAxes(other, few_digits.test, None, None, (), 1).compute(cache, silent)
    assert sum(name is not None for name in fresh.axes) == 1


@pytest.mark.usefixtures("few_levels")
@pytest.mark.parametrize("levels", [1, 2])
def test_names_say_whether_the_model_of_their_step_is_better_than_the_mean_image(
    few_digits: Dataset, make_snapshot: Make, levels: int
) -> None:
    """Computed here again; the gauge, asked before or afterwards, says the same."""
    snapshot, cache = make_snapshot("vae"), InferenceCache()
    request = NameAxes(snapshot, few_digits.test, few_digits.train, None, (), levels)
    found = all_turns(request, cache)[-1].against_mean
    assert found is not None
    assert not found.better, "untrained"
    images = few_digits.test.images.astype(np.float64) / 255
    error = np.square(images - few_digits.train.images.astype(np.float64).mean(axis=0) / 255).mean(
        axis=(1, 2, 3)
    )
    assert found.mean_image == pytest.approx(error.mean(), rel=1e-6), "all 60 images"
    sources = ReferenceCodes(snapshot, few_digits.test, None, 1_000)
    gauge = DataSupportReference(sources, few_digits.train, quick=levels == 1)
    assert gauge.compute(cache, silent).against_mean is found


@pytest.mark.usefixtures("few_levels")
def test_principal_components_have_names_of_their_own(few_digits: Dataset, make_snapshot: Make) -> None:
    snapshot, cache = make_snapshot("vae"), InferenceCache()
    codes = cache.frozen_model(snapshot).encode(few_digits.test.images)
    axes = axes_of_components(principal_components(codes.mean, 4))
    request = NameAxes(snapshot, few_digits.test, None, SameAxes(axes), (), 1)
    found = all_turns(request, cache)[-1]
    assert found.basis == "components"
    assert len(found.of("components", 6)) == 4
    same = axes_of_components(principal_components(codes.mean, 4))
    assert SameAxes(axes) == SameAxes(same)
    assert hash(SameAxes(axes)) == hash(SameAxes(same))
    assert SameAxes(axes) != SameAxes(axes_of_dimensions(6))


def test_a_few_sample_images_without_classes_are_enough(few_digits: Dataset, make_snapshot: Make) -> None:
    sample = ImageSet(few_digits.test.images[:7])
    found = all_turns(NameAxes(make_snapshot("conv-ae"), sample, None, None, (), 3), InferenceCache())[-1]
    assert found.image_count == 7
    assert all(name is not None for name in found.axes)


# ---- when which question is put -------------------------------------------------------------------------


def state_of(snapshot: Snapshot, dataset: Dataset, **parts: Any) -> StudioState:
    return StudioState(
        recipe=find_recipe("vae"),
        model=ExploredModel(snapshot, "", "kept"),
        data=DataState("builtin", "ready", dataset=dataset),
        **parts,
    )


def answered(state: StudioState, request: NameAxes, finished: bool) -> StudioState:
    names = AxisNames("tiny", 0, 6, "dimensions", (None,) * 6, (), 0, finished)
    return replace(state, results=MappingProxyType({"axis names": Result(request, names)}))


def put(turns: AxisNamesPlanner, state: StudioState) -> NameAxes:
    request = turns.request(state)
    assert request is not None
    return request


def test_turns_follow_one_another_until_all_is_known(few_digits: Dataset, make_snapshot: Make) -> None:
    turns, state = AxisNamesPlanner(), state_of(make_snapshot("vae"), few_digits)
    first = put(turns, state)
    assert (first.turn, first.levels, first.train) == (0, len(LEVELS), few_digits.train)
    assert put(turns, state) == first
    second = put(turns, answered(state, first, finished=False))
    assert second == replace(first, turn=1)
    # The older answer is still there until the newer one comes.
    assert put(turns, answered(state, first, finished=False)) == second
    assert put(turns, answered(state, second, finished=True)) == second


def test_a_problem_is_not_requested_again(few_digits: Dataset, make_snapshot: Make) -> None:
    turns, state = AxisNamesPlanner(), state_of(make_snapshot("vae"), few_digits)
    first = put(turns, state)
    broken = replace(state, results=MappingProxyType({"axis names": Result(first)}))
    assert put(turns, broken) == first


def test_while_a_training_runs_names_are_coarse_and_of_the_newest_step(
    few_digits: Dataset, make_snapshot: Make
) -> None:
    turns, running = AxisNamesPlanner(), RunState(phase="running")
    state = state_of(make_snapshot("vae"), few_digits, training=running)
    assert put(turns, state).levels == 1
    newer = replace(state, model=ExploredModel(make_snapshot("vae", step=5), "", "training"))
    second = put(turns, newer)
    assert second.snapshot.step == 5, "nothing of the one before was measured"
    newest = replace(newer, model=ExploredModel(make_snapshot("vae", step=9), "", "training"))
    begun = put(turns, answered(newest, second, finished=False))
    assert (begun.snapshot.step, begun.turn) == (5, 1), "not all of it"
    done = answered(newest, begun, finished=True)
    assert put(turns, done).snapshot.step == 9
    at_rest = replace(done, training=RunState(phase="ended"))
    assert put(turns, at_rest).levels == len(LEVELS)


def test_in_an_animation_names_of_one_step_stay_for_some_seconds(
    few_digits: Dataset, make_snapshot: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(naming.time, "monotonic", lambda: now)
    turns, playing = AxisNamesPlanner(seconds=4.0), HistoryState(playing=True)
    first = put(turns, state_of(make_snapshot("vae"), few_digits, history=playing))
    assert first.levels == 1
    later = state_of(make_snapshot("vae", step=5), few_digits, history=playing)
    known = answered(later, first, finished=True)
    assert put(turns, known) == first, "answered, but a moment ago"
    now += 5
    assert put(turns, known).snapshot.step == 5


def test_axes_measured_together_have_the_names_that_they_have_alone(
    few_digits: Dataset, make_snapshot: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = NameAxes(make_snapshot("vae"), few_digits.test, None, None, ((1.0,) * 6,), 1)
    together = all_turns(request, InferenceCache())[-1]
    monkeypatch.setattr(naming, "IMAGES_AT_ONCE", 1)
    alone = all_turns(request, InferenceCache())[-1]
    every = (*together.axes, *together.directions), (*alone.axes, *alone.directions)
    for one, other in zip(*every, strict=True):
        assert one is not None
        assert other is not None
        assert (one.verdict, one.measure, one.images) == (other.verdict, other.measure, other.images)
        assert one.r == pytest.approx(other.r, abs=0.02)


def test_while_a_training_runs_the_codes_are_those_of_the_map(
    few_digits: Dataset, make_snapshot: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, cache = make_snapshot("vae"), InferenceCache()
    cache.codes(snapshot, few_digits.test, COARSE_COUNT, silent)

    def encode(*_: object) -> None:
        raise AssertionError("the map has encoded them")

    monkeypatch.setattr("aestudio.inference.frozen_model.FrozenModel.encode", encode)
    found = NameAxes(snapshot, few_digits.test, None, None, (), 1).compute(cache, silent)
    assert all(name is not None for name in found.axes)


def test_what_else_is_named_when_the_sliders_change(few_digits: Dataset, make_snapshot: Make) -> None:
    turns, snapshot = AxisNamesPlanner(), make_snapshot("vae")
    ones = np.ones(6, np.float32)
    added = Workspace(directions=(Direction("thicker", ones, ones),))
    state = state_of(snapshot, few_digits, workspace=added)
    request = put(turns, state)
    assert request.directions == ((1.0,) * 6,)
    # A moved fader makes another Direction of the same vector.
    moved = replace(state, workspace=Workspace(directions=(replace(added.directions[0], amount=0.7),)))
    assert put(turns, moved) == request
    components = replace(state, workspace=Workspace(sliders=SliderState("components")))
    assert turns.request(components) is None, "the components are not known yet"

    class Figures:
        def axes_of(self, basis: str) -> Any:
            assert basis == "components"
            return axes_of_dimensions(6)

    known = replace(components, results=MappingProxyType({"sliders": Result(None, Figures())}))
    assert put(turns, known).components is not None


def test_nothing_is_requested_where_there_is_nothing_to_name(
    few_digits: Dataset, make_snapshot: Make
) -> None:
    turns = AxisNamesPlanner()
    assert turns.request(state_of(make_snapshot("digit-classifier"), few_digits)) is None
    assert turns.request(replace(state_of(make_snapshot(), few_digits), model=None)) is None


# ---- in words -----------------------------------------------------------------------------------------


@pytest.fixture
def name() -> Callable[..., Any]:
    from aestudio.analysis.attribute_discovery import Association, AxisName

    def make(verdict: Any, measure: str = "", r: float = 0.0) -> AxisName:
        links = {"slant": Association(0.93, 0.9, -1.25), "class:3": Association(-0.4, 0.1, 0.3)}
        return AxisName(verdict, measure, r, 1.0, links, 48)

    return make


def test_names_in_words(qapp: object, name: Callable[..., Any]) -> None:
    assert axis_text(name("measure", "slant", 0.934)) == "slant, r = 0.93"
    assert axis_text(name("measure", "class:3", -0.7)) == "class 3, r = −0.70"
    assert [axis_text(name(verdict)) for verdict in ("mixed", "little", "nothing")] == [
        "mixed",
        "little effect",
        "no effect",
    ]
    assert axis_text(None) == ""
    hint = replace(name("measure", "slant", -0.934), images=4)
    assert axis_text(hint) == "slant, r ≈ −0.9", "of few digits: it may become another name"
    assert "not been measured" in axis_help(None)
    assert "stays the same" in axis_help(name("nothing"))
    help_text = axis_help(name("mixed"))
    assert "48 test images" in help_text
    assert "slant: r = +0.93, −1.25 standard deviations" in help_text
    assert help_text.index("slant") < help_text.index("class 3")


@pytest.mark.thorough
def test_while_a_training_runs_only_the_axes_of_visible_sliders_are_measured(
    few_digits: Dataset, make_snapshot: Make
) -> None:
    cache, snapshot = InferenceCache(), make_snapshot("vae")
    some = NameAxes(snapshot, few_digits.test, None, None, (), 1, visible=(1, 4))
    last = all_turns(some, cache)[-1]
    assert last.finished
    assert [index for index, name in enumerate(last.axes) if name is not None] == [1, 4]
    other = all_turns(replace(some, visible=(0, 4)), cache)[-1]
    assert [index for index, name in enumerate(other.axes) if name is not None] == [0, 1, 4]
    assert other.axes[4] is last.axes[4], "of this step it is measured already"
    at_rest = all_turns(replace(some, levels=len(LEVELS)), cache)[-1]
    assert all(name is not None for name in at_rest.axes), "all of them"
