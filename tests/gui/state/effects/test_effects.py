"""What follows from a change of the state, by two states alone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.errors import StudioError
from aestudio.gui.state.effects.exploring import (
    compute_shown,
    decode_again,
    set_first_code,
    show_early_image,
)
from aestudio.gui.state.effects.keeping import follow_lists, write_lists
from aestudio.gui.state.effects.measuring import latent_subject, measure_latent, measure_test_set
from aestudio.gui.state.effects.ordered import EFFECTS
from aestudio.gui.state.effects.reactions import (
    BeginBranch,
    BeginTraining,
    CancelStart,
    ComputeShown,
    DecodeAgain,
    FollowLists,
    MeasureLatent,
    MeasureTestSet,
    SetFirstCode,
    ShowEarlyImage,
    StopMeasuring,
    WriteList,
)
from aestudio.gui.state.effects.starting import begin_branch, begin_training, cancel_start
from aestudio.gui.state.kept_list import KeptList
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.run_state import PendingStart, RunState, TrainingGroup
from aestudio.gui.state.studio_state import DataState, Exploration, LatentSubject, Result, StudioState
from aestudio.gui.state.training_group import prepared
from aestudio.gui.state.workspace import SliderState, UndoEntry, UndoStack, Workspace
from aestudio.recipes.library import find_recipe
from aestudio.runs.bookmarks_file import Bookmark
from aestudio.runs.drawings_file import Drawing
from aestudio.training.events import Ended, EndReason, Snapshot, Started

RECIPE = find_recipe("vae")
CODE = np.ones(RECIPE.network.latent_size, np.float32)
IMAGE = np.zeros((1, 28, 28), np.uint8)


def some_digits(count: int) -> ImageSet:
    return ImageSet(np.zeros((count, 1, 28, 28), np.uint8))


DATASET = Dataset("one", "one", some_digits(6), some_digits(4))
LOADED = DataState("one", "ready", dataset=DATASET)
LOADING = DataState("one", "loading")
FAILED = DataState("one", "failed", problem=StudioError("No network"))
STARTED = Started("a", "cpu", 0, 10, 3, 1000, 640, 64)


def snapshot(run: str = "a", step: int = 0) -> Snapshot:
    from aestudio.datasets.image_shape import MNIST

    return Snapshot(run, RECIPE, step, 0.0, MappingProxyType({}), data=MNIST)


def shown(run: str = "a", **parts: object) -> StudioState:
    model = ExploredModel(snapshot(run), "Title", "kept")
    state = StudioState(RECIPE, model=model, data=LOADED, inference_ready=True, torch_phase="ready")
    return replace(state, **parts)  # type: ignore[arg-type]


# ---- a start that waits -----------------------------------------------------------------------------------


GROUPS: tuple[TrainingGroup, ...] = ("training", "comparison")


def waiting(group: TrainingGroup = "training", **parts: object) -> StudioState:
    return prepared(shown(**parts), PendingStart(group))


@pytest.mark.parametrize("group", GROUPS)
def test_a_start_begins_when_images_and_torch_are_there(group: TrainingGroup) -> None:
    for lacking in ({"data": LOADING}, {"torch_phase": "loading"}, {"torch_phase": "failed"}):
        state = waiting(group, **lacking)
        assert begin_training(state, state) == ()
    state = waiting(group)
    assert begin_training(state, state) == (BeginTraining(),)


def test_nothing_begins_that_nobody_has_started() -> None:
    state = shown()
    assert begin_training(shown(data=LOADING), state) == ()


@pytest.mark.parametrize("group", GROUPS)
def test_a_start_is_cancelled_with_the_loading_that_it_waited_for(group: TrainingGroup) -> None:
    before = waiting(group, data=LOADING)
    assert cancel_start(before, replace(before, data=FAILED)) == (CancelStart(FAILED.problem),)
    assert cancel_start(before, replace(before, data=DataState("one", "none"))) == (CancelStart(None),)
    assert cancel_start(before, replace(before, data=LOADED)) == ()
    assert cancel_start(before, before) == ()


def test_a_start_waits_for_a_loading_that_begins_again_after_a_failure() -> None:
    before = waiting(data=FAILED)
    assert cancel_start(before, replace(before, data=LOADING)) == ()


def test_cancelled_loading_of_other_images_cancels_the_start_although_there_are_images() -> None:
    before = waiting(data=replace(LOADED, phase="loading"))
    assert cancel_start(before, replace(before, data=LOADED)) == (CancelStart(None),)
    assert EFFECTS.index(cancel_start) < EFFECTS.index(begin_training)


@pytest.mark.parametrize("group", GROUPS)
def test_a_start_is_cancelled_when_torch_cannot_be_loaded(group: TrainingGroup) -> None:
    for data in (LOADED, LOADING):
        before = waiting(group, data=data, torch_phase="loading")
        failed = replace(before, torch_phase="failed")
        assert cancel_start(before, failed) == (CancelStart(None),)
        assert cancel_start(before, replace(failed, pending_start=None)) == ()


def test_a_branch_begins_when_the_training_before_it_has_ended() -> None:
    running = replace(shown(), training=RunState("stopping"), pending_branch=(3, {}))
    assert begin_branch(running, running) == ()
    ended = replace(running, training=RunState("ended"))
    assert begin_branch(running, ended) == (BeginBranch(),)
    assert begin_branch(running, replace(ended, pending_branch=None)) == ()


# ---- exploring --------------------------------------------------------------------------------------------


def test_the_selected_image_is_computed_once_for_each_model_and_image() -> None:
    state = shown()
    assert compute_shown(replace(state, inference_ready=False), state) == (ComputeShown(),)
    assert compute_shown(state, replace(state, selected=1)) == (ComputeShown(),)
    assert compute_shown(state, replace(state, hovered=1)) == (ComputeShown(),)
    assert compute_shown(state, shown("b")) == (ComputeShown(),)
    assert compute_shown(state, replace(state, ink_on_paper=True)) == ()
    assert compute_shown(state, replace(state, selected=1, inference_ready=False)) == ()


def test_a_model_without_a_code_gets_its_first_one() -> None:
    state = shown()
    assert set_first_code(state, state) == (SetFirstCode(),)
    with_code = replace(state, exploration=Exploration(CODE, CODE, IMAGE))
    assert set_first_code(with_code, with_code) == ()
    assert set_first_code(state, replace(state, inference_ready=False)) == ()


def test_a_shipped_model_shows_its_first_image_before_torch_is_there() -> None:
    codes = ShippedCodes(CODE[None], np.zeros(1, np.int64))
    model = ExploredModel(snapshot(), "Title", "shipped", shipped_codes=codes)
    waits = shown(model=model, inference_ready=False, preview_images=DATASET.test)
    assert show_early_image(waits, waits) == (ShowEarlyImage(),)
    other = Dataset("two", "two", some_digits(6), ImageSet(np.ones((4, 1, 28, 28), np.uint8)))
    assert show_early_image(waits, replace(waits, data=DataState("two", "ready", dataset=other))) == ()
    assert show_early_image(waits, replace(waits, inference_ready=True)) == ()
    assert show_early_image(waits, replace(waits, exploration=Exploration(CODE, CODE, IMAGE))) == ()
    assert show_early_image(waits, shown(inference_ready=False)) == ()


def test_the_code_is_decoded_again_when_a_slider_is_muted() -> None:
    state = shown(exploration=Exploration(CODE, CODE, IMAGE))
    muted = replace(state.workspace, sliders=SliderState(muted=frozenset({0})))
    assert decode_again(state, replace(state, workspace=muted)) == (DecodeAgain(True),)
    renamed = replace(state.workspace, bookmarks=(Bookmark("one", CODE, None),))
    assert decode_again(state, replace(state, workspace=renamed)) == ()


def test_the_code_is_decoded_again_when_the_components_change() -> None:
    sliders = Workspace(sliders=SliderState(basis="components"))
    before = shown(exploration=Exploration(CODE, CODE, IMAGE), workspace=sliders)
    results = MappingProxyType({"sliders": Result(None, object())})
    assert decode_again(before, replace(before, results=results)) == (DecodeAgain(True),)
    dimensions = replace(before, workspace=Workspace())
    assert decode_again(dimensions, replace(dimensions, results=results)) == ()


# ---- kept lists -------------------------------------------------------------------------------------------


def test_kept_lists_are_followed_when_another_run_is_shown_or_begins_or_moves() -> None:
    state = shown()
    assert follow_lists(state, state) == ()
    assert follow_lists(state, shown("b")) == (FollowLists(moved=False),)
    model = replace(state.model, origin="shipped")  # type: ignore[type-var]
    assert follow_lists(state, replace(state, model=model)) == (FollowLists(moved=False),)
    begun = replace(state, training=RunState("running", started=STARTED))
    assert follow_lists(state, begun) == (FollowLists(moved=False),)
    assert follow_lists(begun, replace(begun, training=replace(begun.training, phase="paused"))) == ()
    elsewhere = replace(begun, training=replace(begun.training, folder=Path("elsewhere")))
    assert follow_lists(begun, elsewhere) == (FollowLists(moved=True),)


def test_a_list_that_is_not_as_in_its_file_is_written() -> None:
    marks, drawings = (Bookmark("one", CODE),), (Drawing("one", IMAGE),)
    state = shown(workspace=Workspace(bookmarks=marks, drawings=drawings))
    path = Path("file")
    for kept, reactions in (
        (KeptList(), ()),
        (KeptList(path), (WriteList("bookmarks"),)),
        (KeptList(path, reading=True), ()),
        (KeptList(path, saved=marks), ()),
    ):
        assert write_lists(state, replace(state, kept_lists={"bookmarks": kept})) == reactions
    kept_lists = {"drawings": KeptList(path), "bookmarks": KeptList(path, saved=marks)}
    undone = replace(state, kept_lists=kept_lists, undo=UndoStack(future=(UndoEntry("", Workspace(), None),)))
    assert write_lists(state, undone) == (WriteList("drawings", undone=True),)
    assert write_lists(undone, replace(undone, undo=UndoStack())) == (WriteList("drawings"),)


# ---- metrics ----------------------------------------------------------------------------------------------


def test_the_latent_space_is_measured_at_rest_only() -> None:
    state, empty = shown(), shown(model=None)
    subject = LatentSubject(state.model.snapshot, DATASET, None, None)  # type: ignore[union-attr]
    assert latent_subject(state) == subject
    assert measure_latent(empty, state) == (MeasureLatent(True),)
    assert measure_latent(state, state) == ()
    assert measure_latent(state, replace(state, runs=())) == (), "nothing else is to be measured"
    for busy in (
        replace(state, training=replace(state.training, phase="running")),
        replace(state, history=replace(state.history, step=3)),
    ):
        assert latent_subject(busy) is None
        assert measure_latent(state, busy) == (StopMeasuring(),)
        assert measure_latent(busy, state) == (MeasureLatent(True),)
    for lacking in ({"inference_ready": False}, {"data": LOADING}, {"model": None}):
        assert measure_latent(state, replace(state, **lacking)) == (MeasureLatent(False),)  # type: ignore[arg-type]
    tried = replace(state, latent_tried=subject)
    assert latent_subject(tried) is None
    assert measure_latent(state, tried) == (MeasureLatent(False),)


# ---- all together -----------------------------------------------------------------------------------------


def test_effects_change_nothing_and_give_the_same_again() -> None:
    before, after = waiting(), shown("b", selected=2)
    for effect in EFFECTS:
        assert effect(before, after) == effect(before, after)


def test_effects_need_no_torch() -> None:
    code = (
        "import sys, aestudio.gui.state.effects.ordered as ordered\n"
        "assert ordered.EFFECTS and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.__name__)
def test_nothing_follows_from_no_change_at_rest(effect: object) -> None:
    """Without anything to wait for, the same state twice asks for no work."""
    state = shown(exploration=Exploration(CODE, CODE, IMAGE))
    assert effect(state, state) == ()  # type: ignore[operator]


def test_only_a_training_that_ended_by_itself_is_measured_on_the_test_set() -> None:
    def state(**run: object) -> StudioState:
        return StudioState(recipe=find_recipe("vae"), training=RunState(**run))  # type: ignore[arg-type]

    def ended(reason: EndReason, problem: StudioError | None = None) -> StudioState:
        return state(phase="ended", ended=Ended(reason, 9, 1.0, 1.0, problem=problem))

    running = state(phase="running")
    for reason in ("finished", "early_stopping", "diverged"):
        assert measure_test_set(running, ended(reason)) == (MeasureTestSet(True),)
    assert measure_test_set(running, ended("stopped")) == ()
    assert measure_test_set(running, ended("finished", StudioError("The disk is full"))) == ()
    assert measure_test_set(ended("finished"), ended("finished")) == (), "once"
    assert measure_test_set(ended("finished"), running) == (MeasureTestSet(False),), "another needs the cores"
    assert measure_test_set(running, running) == ()
