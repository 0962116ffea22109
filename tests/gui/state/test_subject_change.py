"""After a change of run or images, nothing that belongs to the old ones stays in the state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.analysis.embedding_settings import TsneSettings
from aestudio.datasets.dataset import Dataset, ImageSet, take
from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.embedding_state import EmbeddingRequest, EmbeddingState
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.reducers import with_result, with_training_events
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import (
    DataState,
    Exploration,
    LatentMetricsState,
    ProbeState,
    Result,
    StudioState,
)
from aestudio.gui.state.subject import Subject, home_of
from aestudio.gui.state.subject_change import settled
from aestudio.gui.state.workspace import (
    Direction,
    Example,
    SliderState,
    UndoEntry,
    UndoStack,
    Workspace,
)
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.runs.bookmarks_file import Bookmark
from aestudio.training.events import Snapshot, SnapshotTaken

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe

RECIPE = find_recipe("vae")
CODE = np.ones(RECIPE.network.latent_size, np.float32)


def snapshot(run: str = "a", step: int = 0, home: str = "", recipe: Recipe = RECIPE) -> Snapshot:
    return Snapshot(run, recipe, step, 0.0, MappingProxyType({}), home, data=MNIST)


def some_digits(count: int, value: int = 0) -> ImageSet:
    return ImageSet(np.full((count, 1, 28, 28), value, np.uint8))


def dataset(name: str = "one") -> Dataset:
    return Dataset(name, name, some_digits(6), some_digits(4))


@dataclass(frozen=True)
class Q:
    subject: Subject


def answered(state: StudioState, **subjects: Subject) -> StudioState:
    for channel, subject in subjects.items():
        state = with_result(state, channel, Result(Q(subject), value=channel))
    return state


@pytest.fixture
def state() -> StudioState:
    """Run "a" at step 0, on one data set, with an answer about each."""
    data = dataset()
    shown = StudioState(
        recipe=RECIPE,
        model=ExploredModel(snapshot(), "A", "kept", np.ones((2, 2), np.float32)),
        data=DataState("one", "ready", dataset=data),
    )
    return answered(
        shown,
        weights=Subject.of(snapshot()),
        map=Subject.of(snapshot(), (data.test, data.train)),
        digits=Subject.of(snapshot(), (take((data.test, data.train), np.array([1, 7])),)),
    )


def after(state: StudioState, **parts: Any) -> StudioState:
    return settled(state, replace(state, **parts))


def test_another_step_of_the_same_run_keeps_the_results_and_their_step(state: StudioState) -> None:
    later = after(state, model=ExploredModel(snapshot(step=40), "A", "kept"))
    assert set(later.results) == {"weights", "map", "digits"}
    assert later.step_of("map") == 0
    assert later.step_of("nothing") is None


@pytest.mark.parametrize(
    "other",
    [
        snapshot("b"),
        snapshot("a", home="/elsewhere/a"),
        snapshot("a", recipe=RECIPE.with_settings({"latent_size": 5})),
    ],
)
def test_another_run_has_no_results_also_one_of_the_same_name(state: StudioState, other: Snapshot) -> None:
    assert not after(state, model=ExploredModel(other, "B", "kept")).results
    assert not after(state, model=None).results


def test_other_images_leave_only_what_does_not_depend_on_them(state: StudioState) -> None:
    other = after(state, data=DataState("two", "ready", dataset=dataset("two")))
    assert set(other.results) == {"weights"}
    assert other.model is not None
    assert other.model.ranges is None


def test_shipped_codes_count_until_there_is_a_dataset() -> None:
    given = ShippedCodes(np.ones((3, 2), np.float32), np.zeros(3, np.int64))
    shipped = ExploredModel(snapshot("shipped"), "S", "shipped", np.ones((2, 2), np.float32), given)
    greeting = StudioState(recipe=RECIPE, model=shipped, preview_images=some_digits(2))
    greeting = answered(greeting, map=Subject.of(shipped.snapshot, (), given))
    assert greeting.value("map")
    loaded = after(greeting, data=DataState("one", "ready", dataset=dataset()))
    assert not loaded.results
    assert loaded.model is shipped, "its own ranges stay"


def test_a_late_result_of_an_earlier_run_is_dropped(state: StudioState) -> None:
    asked = Q(Subject.of(snapshot("a")))
    later = after(state, model=ExploredModel(snapshot("b"), "B", "kept"), pending={"map": asked})
    late = with_result(later, "map", Result(asked, value=1))
    assert not late.results
    assert not late.pending


def test_the_point_directions_and_undo_stay_with_their_run(state: StudioState) -> None:
    place, digit = Example("Place", code=CODE), Example("Test 1", number=1)
    mark = Bookmark("kept", CODE)
    workspace = Workspace(
        SliderState("dimensions", muted=frozenset({1})),
        (Direction("d", CODE, CODE),),
        (mark,),
        groups=((place, digit), ()),
        keyframes=(place,),
    )
    undo = UndoStack(
        (UndoEntry("move", workspace, CODE), UndoEntry("group", replace(workspace, groups=((), ())), CODE))
    )
    mine = replace(
        state, exploration=Exploration(CODE, CODE, set_by_user=True), workspace=workspace, undo=undo
    )
    same = after(mine, model=ExploredModel(snapshot(step=9), "A", "kept"))
    assert (same.exploration, same.workspace, same.undo) == (mine.exploration, workspace, undo)
    other = after(mine, model=ExploredModel(snapshot("b"), "B", "kept"))
    assert other.exploration.code is None
    assert other.workspace.directions == ()
    assert other.workspace.sliders == SliderState()
    assert other.workspace.groups == ((digit,), ())
    assert other.workspace.keyframes == ()
    assert [kept.what for kept in other.undo.past] == ["move", "group"], "groups of digits can be undone"
    assert all(kept.code is None for kept in other.undo.past)
    bare = replace(mine, workspace=Workspace(), undo=UndoStack((UndoEntry("move", Workspace(), CODE),)))
    assert not after(bare, model=ExploredModel(snapshot("b"), "B", "kept")).undo.past, (
        "there is nothing to go back to"
    )


def test_a_selection_that_came_or_went_is_compared(state: StudioState) -> None:
    """Numbers against no numbers: a set of digits was chosen since, or let go."""
    some, others = np.array([3, 4, 5]), np.array([3, 4])
    chosen, bare = Workspace(selection=some), Workspace()
    for before, now in ((bare, chosen), (chosen, bare), (chosen, Workspace(selection=others))):
        undo = UndoStack((UndoEntry("selection", before, CODE),), (UndoEntry("selection", before, CODE),))
        mine = replace(state, workspace=now, undo=undo)
        other = after(mine, model=ExploredModel(snapshot("b"), "B", "kept"))
        assert [kept.what for kept in other.undo.past] == ["selection"]
        assert [kept.what for kept in other.undo.future] == ["selection"]


def test_other_images_keep_a_point_that_was_set_by_the_user_only(state: StudioState) -> None:
    other = DataState("two", "ready", dataset=dataset("two"))
    set_by_user = replace(state, exploration=Exploration(CODE, CODE, set_by_user=True), hovered=3)
    assert after(set_by_user, data=other).exploration is set_by_user.exploration
    assert after(set_by_user, data=other).hovered == -1
    followed = replace(state, exploration=Exploration(CODE, CODE))
    assert after(followed, data=other).exploration.code is None


def test_metrics_and_embeddings_stay_with_their_run_and_images(state: StudioState) -> None:
    model, data = state.model, state.data.dataset
    assert model is not None
    assert data is not None
    requested = EmbeddingRequest("tsne", model.snapshot, state.image_sets, None, 4, TsneSettings())
    full = replace(
        state,
        embedding=EmbeddingState(requested),
        latent_metrics=LatentMetricsState(model.snapshot, data, "one", {}),
        probe=ProbeState(snapshot=model.snapshot, dataset=data),
    )
    same = after(full, model=ExploredModel(snapshot(step=3), "A", "kept"))
    assert (same.embedding, same.probe, same.latent_metrics) == (
        full.embedding,
        full.probe,
        full.latent_metrics,
    )
    changes: list[dict[str, Any]] = [
        {"model": ExploredModel(snapshot("b"), "B", "kept")},
        {"data": DataState("two", "ready", dataset=dataset("two"))},
    ]
    for change in changes:
        other = after(full, **change)
        assert (other.embedding.requested, other.probe.snapshot, other.latent_metrics) == (None, None, None)


def test_a_run_that_goes_on_elsewhere_is_the_same_run(state: StudioState) -> None:
    folder = Path("/elsewhere/a")
    home = home_of("a", folder)
    assert home == str(folder.absolute())
    assert home_of("a", runs_folder() / "a") == home_of("a", None) == ""
    opened = replace(
        state,
        model=ExploredModel(snapshot(home=home), "A", "kept"),
        training=RunState(run="a", folder=folder),
    )
    goes_on = with_training_events(opened, {0: [SnapshotTaken(snapshot(step=5))]})
    assert goes_on.snapshot is not None
    assert goes_on.snapshot.run_key == snapshot(home=home).run_key


def labelled(*names: str) -> Dataset:
    def part(count: int) -> ImageSet:
        return ImageSet(np.zeros((count, 1, 28, 28), np.uint8), np.arange(count) % len(names), names)

    return Dataset("labelled", "labelled", part(6), part(4))


@pytest.mark.parametrize(
    ("names", "stays"), [(("zero", "one"), True), (("circle", "cross"), False), ((), False)]
)
def test_the_mean_of_a_class_stays_only_if_the_other_images_have_the_same_classes(
    state: StudioState, names: tuple[str, ...], stays: bool
) -> None:
    one = Example("Class one", label=1)
    workspace = Workspace(groups=((one,), ()), keyframes=(one,), terms=(None, one, None))
    undo = UndoStack((UndoEntry("keyframes", workspace, None),))
    mine = replace(after(state, data=DataState("", "ready", dataset=labelled("zero", "one"))), undo=undo)
    mine = replace(mine, workspace=workspace)
    others = labelled(*names) if names else dataset()
    changed = after(mine, data=DataState("", "ready", dataset=others))
    expected = workspace if stays else Workspace()
    for found in (changed.workspace, *(kept.workspace for kept in changed.undo.past)):
        assert (found.groups, found.keyframes, found.terms) == (
            expected.groups,
            expected.keyframes,
            expected.terms,
        )
