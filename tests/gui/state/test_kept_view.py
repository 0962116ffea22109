"""What belongs to a run is kept and taken up; what the model cannot have is left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from aestudio.gui.state.effects.keeping import keep_view
from aestudio.gui.state.effects.ordered import EFFECTS
from aestudio.gui.state.effects.reactions import KeepView, LeaveView
from aestudio.gui.state.kept_view import folder_of_view, view_of, with_point_of, with_sliders_of
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import Exploration, PlaneChoice, StudioState
from aestudio.gui.state.workspace import Direction, SliderState, Workspace
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.runs.view_file import KeptView
from tests.small_models import untrained

SNAPSHOT = replace(untrained("vae", latent_size=3), run="a run")
OTHER = replace(SNAPSHOT, run="another run")
STATE = StudioState(recipe=find_recipe("vae"), model=ExploredModel(SNAPSHOT, "a run", "kept"))
CODE = np.array([0.1, -2.0, 1e-7], np.float32)
SLIDERS = SliderState("components", frozenset({2}), frozenset({0}), frozenset({1}))
DIRECTION = Direction("slant", CODE, np.array([np.nan, 0.5, 0.25], np.float32), 1.5)
SET_UP = replace(
    STATE,
    chosen_codes=MappingProxyType({SNAPSHOT.run_key: CODE}),
    exploration=Exploration(CODE, CODE, set_by_user=True),
    workspace=Workspace(SLIDERS, (DIRECTION,)),
    plane=PlaneChoice("components", 2, 0, 1),
    selected=5,
)


def test_what_was_set_up_is_taken_up_again() -> None:
    view = KeptView.model_validate_json(view_of(SET_UP).model_dump_json())
    assert view.selected == 5
    again = with_sliders_of(with_point_of(STATE, view), view)
    assert np.array_equal(again.chosen_codes[SNAPSHOT.run_key], CODE)
    assert again.plane == SET_UP.plane
    assert again.workspace.sliders == SLIDERS
    (direction,) = again.workspace.directions
    assert (direction.name, direction.amount) == ("slant", 1.5)
    assert np.array_equal(direction.vector, CODE)
    assert np.array_equal(direction.error, DIRECTION.error, equal_nan=True)
    assert view_of(replace(again, selected=5)) == view


def test_nothing_is_kept_of_what_is_as_usual_or_embedded() -> None:
    assert view_of(replace(STATE, plane=PlaneChoice("umap"))) == KeptView()
    assert view_of(replace(STATE, model=None)) == KeptView()


@pytest.mark.parametrize(
    "view",
    [
        KeptView(code=(1.0, 2.0)),
        KeptView(code=(1e300, 0.0, 0.0)),
        KeptView(condition=(1.0,)),
        KeptView(plane=("dimensions", 0, 3, None)),
        KeptView(plane=("components", 1, 1, None)),
        KeptView(muted=(3, 99)),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_what_the_model_cannot_have_is_left_out(view: KeptView) -> None:
    again = with_sliders_of(with_point_of(STATE, view), view)
    assert again.chosen_codes == {}
    assert again.chosen_conditions == {}
    assert again.plane == STATE.plane
    assert again.workspace.sliders == SliderState()


def test_what_the_user_chose_in_this_session_stays() -> None:
    mine = CODE + 1
    state = replace(STATE, chosen_codes=MappingProxyType({SNAPSHOT.run_key: mine}))
    assert with_point_of(state, view_of(SET_UP)).chosen_codes[SNAPSHOT.run_key] is mine


def test_a_change_is_kept_and_the_run_before_is_left_as_it_was() -> None:
    assert keep_view in EFFECTS
    assert keep_view(STATE, replace(STATE, hovered=3)) == ()
    changed = (
        replace(STATE, chosen_codes=SET_UP.chosen_codes),
        replace(STATE, selected=2),
        replace(STATE, plane=SET_UP.plane),
        replace(STATE, workspace=SET_UP.workspace),
    )
    assert all(keep_view(STATE, one) == (KeepView(),) for one in changed)
    other = replace(SET_UP, model=ExploredModel(OTHER, "another run", "kept"), selected=0)
    assert keep_view(SET_UP, other) == (LeaveView(runs_folder() / "a run", view_of(SET_UP)),)
    later = replace(SET_UP, model=ExploredModel(replace(SNAPSHOT, step=9), "a run", "kept"))
    assert keep_view(SET_UP, later) == (), "the next step of the same run"


def test_a_shipped_model_has_no_folder_of_the_user() -> None:
    shipped = replace(STATE, model=ExploredModel(SNAPSHOT, "a run", "shipped"))
    assert folder_of_view(shipped) is None
    assert keep_view(shipped, replace(shipped, selected=2)) == ()
    assert folder_of_view(STATE) == runs_folder() / "a run"
    moved = replace(STATE, training=RunState(run="a run", folder=Path("/elsewhere")))
    assert folder_of_view(moved) == Path("/elsewhere")
