"""The workspace: how sliders and directions transform a code, and Undo and Redo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.analysis.latent_transform import axes_of_components, axes_of_dimensions
from aestudio.analysis.projections import principal_components
from aestudio.gui.state.workspace import (
    Direction,
    Example,
    LatentTransform,
    SliderState,
    UndoEntry,
    UndoStack,
    Workspace,
    for_another_run,
)

CODE = np.array([1.0, -2.0, 0.5, 3.0], np.float32)


def test_a_muted_dimension_stands_at_rest_and_the_others_do_not_move() -> None:
    rest = np.array([0.1, 0.2, 0.3, 0.4])
    latent_transform = LatentTransform(axes_of_dimensions(4, rest), SliderState(muted=frozenset({1, 3})))
    np.testing.assert_allclose(latent_transform.decoded_code(CODE), [1.0, 0.2, 0.5, 0.4], atol=1e-6)


def test_solo_silences_all_others_and_mute_goes_before_solo() -> None:
    latent_transform = LatentTransform(axes_of_dimensions(4), SliderState(soloed=frozenset({0, 2})))
    np.testing.assert_allclose(latent_transform.decoded_code(CODE), [1.0, 0.0, 0.5, 0.0])
    both = replace(latent_transform, sliders=SliderState(muted=frozenset({0}), soloed=frozenset({0, 2})))
    np.testing.assert_allclose(both.decoded_code(CODE), [0.0, 0.0, 0.5, 0.0])


def test_a_muted_component_leaves_the_projection_on_all_others() -> None:
    codes = np.random.default_rng(0).normal(size=(200, 4)) @ np.diag([3.0, 1.0, 2.0, 0.5])
    components = principal_components(codes, 4)
    latent_transform = LatentTransform(
        axes_of_components(components), SliderState("components", muted=frozenset({0}))
    )
    decoded_code = latent_transform.decoded_code(CODE).astype(float)
    first = components.directions[:, 0]
    assert abs((decoded_code - components.mean) @ first) < 1e-5
    others = components.directions[:, 1:]
    np.testing.assert_allclose((decoded_code - CODE) @ others, 0, atol=1e-5)


def test_directions_add_their_amount_and_one_of_another_length_is_passed_over() -> None:
    up = Direction("up", np.array([0, 1, 0, 0], np.float32), np.zeros(4, np.float32), amount=2.5)
    short = Direction("short", np.ones(2, np.float32), np.zeros(2, np.float32), amount=1.0)
    latent_transform = LatentTransform(axes_of_dimensions(4), SliderState(), (up, short))
    np.testing.assert_allclose(latent_transform.decoded_code(CODE), CODE + np.array([0, 2.5, 0, 0]))


def test_a_locked_slider_keeps_its_value() -> None:
    latent_transform = LatentTransform(axes_of_dimensions(4), SliderState(locked=frozenset({2})))
    moved = latent_transform.with_locks(np.full(4, 9, np.float32), CODE)
    np.testing.assert_allclose(moved, [9, 9, 0.5, 9])
    np.testing.assert_allclose(latent_transform.with_locks(np.full(4, 9, np.float32), None), 9)


def test_another_run_has_none_of_the_sliders_directions_and_codes_of_the_one_before() -> None:
    up = Direction("up", np.ones(4, np.float32), np.zeros(4, np.float32))
    digit, place = Example("Test 3", number=3), Example("Place 1", code=np.ones(4, np.float32))
    sliders = SliderState("components", muted=frozenset({3}))
    workspace = Workspace(
        sliders,
        (up,),
        groups=((digit, place), (place,)),
        keyframes=(place, digit),
        terms=(place, digit, None),
    )
    other = for_another_run(workspace)
    assert other.sliders == SliderState("components")
    assert other.directions == ()
    assert other.groups == ((digit,), ())
    assert other.keyframes == (digit,)
    assert other.terms == (None, digit, None)


def test_only_changes_that_change_something_stay_to_be_undone() -> None:
    first, second = Workspace(), Workspace(selection=np.array([1]))
    undo = UndoStack(
        (UndoEntry("a", first, None), UndoEntry("b", second, None), UndoEntry("c", second, None, 4))
    )
    assert [kept.what for kept in undo.with_effect(second, 0).past] == ["a", "c"]
    moved = UndoStack((UndoEntry("moved", second, CODE),))
    assert moved.with_effect(second, 0).past, "a code is something to go back to"


@given(st.lists(st.sampled_from(["change", "undo", "redo"]), max_size=60))
def test_undo_and_redo_walk_along_one_history(moves: list[str]) -> None:
    """Against a plain list of states with a place in it."""
    history, place = [Workspace()], 0
    workspace, stacks = history[0], UndoStack()
    for number, move in enumerate(moves):
        if move == "change":
            stacks = stacks.changed(UndoEntry(str(number), workspace, None))
            workspace = Workspace(selection=np.array([number]))
            history, place = [*history[: place + 1], workspace], place + 1
        else:
            now = UndoEntry("", workspace, None)
            found = stacks.undone(now) if move == "undo" else stacks.redone(now)
            there = place + (-1 if move == "undo" else 1)
            assert (found is not None) == (0 <= there < len(history))
            if found is not None:
                kept, stacks = found
                workspace, place = kept.workspace, there
        assert workspace is history[place]
