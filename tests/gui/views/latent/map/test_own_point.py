"""While a training runs, cursor and ellipse of an image are where the map itself has the image."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from aestudio.analysis.projections import plane_of_dimensions, third_dimension
from aestudio.datasets.image_shape import MNIST
from aestudio.gui.inference.requests.exploration_request import Inspected
from aestudio.gui.inference.requests.latent_map_request import CodeMap
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import Exploration, Result, StudioState
from aestudio.gui.state.subject import Subject
from aestudio.gui.state.workspace import SliderState, Workspace
from aestudio.gui.views.latent.map.own_point import depth_of_code, ellipse_on_map, position_of_code
from aestudio.inference.frozen_model import Codes
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot

RECIPE = find_recipe("vae")
CODES = Codes(
    np.array([[0.0, 0.0, 1.0], [1.0, 2.0, 3.0], [-1.0, 0.5, 0.0]], np.float32),
    np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]], np.float32),
)
NEWEST = np.array([5.0, 6.0, 7.0], np.float32)


@dataclass(frozen=True)
class Asked:
    subject: Subject
    index: int = 0


def snapshot(step: int) -> Snapshot:
    return Snapshot("run", RECIPE, step, 0.0, {}, data=MNIST)


def code_map() -> CodeMap:
    plane = plane_of_dimensions(CODES.mean, 0, 1)
    xy = plane.to_plane(CODES.mean).astype(np.float32)
    return CodeMap(plane, xy, None, (), np.zeros((3, 2)), shipped=False, parts=(CODES,))


def test_a_code_is_as_deep_as_the_map_has_its_image_or_as_it_is_itself() -> None:
    plain = code_map()
    assert depth_of_code(state_with(100), plain) is None
    third = third_dimension(3, 2)
    deep = replace(plain, third=third, depth=third.along(CODES.mean).astype(np.float32))
    assert depth_of_code(state_with(100), deep) == pytest.approx(3.0)
    assert depth_of_code(state_with(200), deep) == pytest.approx(7.0)


def state_with(map_step: int, selected: int = 1, **exploration: Any) -> StudioState:
    """The newest step is 200; the map is of another one, and the code of the image is the newest."""
    blank = np.zeros((1, 2, 2), np.uint8)
    inspected = Inspected(
        selected, blank, "", None, None, None, NEWEST, np.full(3, 9.0, np.float32), None, point=NEWEST
    )
    point: dict[str, Any] = {"code": NEWEST, "decoded_code": NEWEST, "step": 200, **exploration}
    return StudioState(
        recipe=RECIPE,
        model=ExploredModel(snapshot(200), "VAE", "training"),
        selected=selected,
        exploration=Exploration(**point),
        results=MappingProxyType(
            {
                "map": Result(Asked(Subject.of(snapshot(map_step))), code_map()),
                "inspect": Result(Asked(Subject.of(snapshot(200)), selected), inspected),
            }
        ),
    )


def test_on_a_map_of_another_step_the_code_of_an_image_is_where_the_map_has_it() -> None:
    assert position_of_code(state_with(100), code_map()) == pytest.approx((1.0, 2.0))
    assert position_of_code(state_with(200), code_map()) == pytest.approx((5.0, 6.0))


def test_a_code_that_the_user_set_is_the_same_in_all_steps() -> None:
    assert position_of_code(state_with(100, set_by_user=True), code_map()) == pytest.approx((5.0, 6.0))


def test_a_code_that_is_not_that_of_the_image_is_where_the_plane_has_it() -> None:
    muted = state_with(100, decoded_code=np.array([5.0, 0.0, 7.0], np.float32))
    assert position_of_code(muted, code_map()) == pytest.approx((5.0, 0.0))
    locked = replace(state_with(100), workspace=Workspace(SliderState(locked=frozenset({0}))))
    assert position_of_code(locked, code_map()) == pytest.approx((5.0, 6.0))
    assert position_of_code(state_with(100, selected=7), code_map()) == pytest.approx((5.0, 6.0)), "not on it"


def test_there_is_no_position_of_a_code_of_another_length() -> None:
    other = np.zeros(2, np.float32)
    assert position_of_code(state_with(100, code=other, decoded_code=other), code_map()) is None


def test_the_ellipse_has_the_step_of_the_map() -> None:
    centre, covariance = ellipse_on_map(state_with(100), code_map())
    assert centre == pytest.approx((1.0, 2.0))
    assert covariance is not None
    assert np.allclose(covariance, np.diag([0.4**2, 0.5**2]))
    centre, covariance = ellipse_on_map(state_with(200), code_map())
    assert centre == pytest.approx((5.0, 6.0))
    assert covariance is not None
    assert np.allclose(covariance, np.diag([81.0, 81.0]))
    assert ellipse_on_map(state_with(100, selected=7), code_map()) == (None, None)
