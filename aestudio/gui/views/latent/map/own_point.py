"""Cursor and ellipse of an image on a map of an earlier step: where the map itself has that image.

While a training runs, the map is a step or two behind the code of the selected image. The newest code on an
earlier plane would be a point of no model: it would move while all others stand still, and leave the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.views.latent.map.map_content import ellipse_of, ellipse_of_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import Result, StudioState

Point = tuple[float, float]


def position_of_code(state: StudioState, shown: CodeMap) -> Point | None:
    """Where the shown code is on the map; None if there is no code of this length.

    The code of an image is where the map has the image, if the map is of another step. One that the user set
    is the same in all steps.
    """
    exploration = state.exploration
    point = exploration.point
    if point is None or len(point) != shown.plane.size:
        return None
    if _is_behind(state, shown):
        x, y = shown.xy[state.selected]
    else:
        x, y = shown.plane.to_plane(point[None])[0]
    return float(x), float(y)


def depth_of_code(state: StudioState, shown: CodeMap) -> float | None:
    """Where the shown code is along the third axis, found as its position is; None without a third axis."""
    point = state.exploration.point
    if shown.third is None or shown.depth is None or point is None:
        return None
    if _is_behind(state, shown):
        return float(shown.depth[state.selected])
    return float(shown.third.along(point[None])[0])


def ellipse_on_map(state: StudioState, shown: CodeMap) -> tuple[Point | None, NDArray[np.float64] | None]:
    """Position and covariance (2, 2) of the hovered image, else of the selected one, on the map.

    None of both if the code has no covariance, or if it is known for another step only.
    """
    hovered = state.results.get("hovered") if state.hovered >= 0 else None
    known = hovered is not None and hovered.value is not None
    result: Result | None = hovered if known else state.results.get("inspect")
    if result is None or result.value is None:
        return None, None
    if result.step == state.step_of("map") or shown.shipped:
        return ellipse_of(result.value, shown)
    found = _code_of(shown, result.request.index)
    return (None, None) if found is None else ellipse_of_code(*found, shown)


def _is_behind(state: StudioState, shown: CodeMap) -> bool:
    """Whether the code is that of an image that the map has, and the map is of another step."""
    exploration = state.exploration
    behind = state.step_of("map") != exploration.step
    return behind and exploration.following and _is_own_code(state) and _has(shown, state.selected)


def _is_own_code(state: StudioState) -> bool:
    """Whether the decoded code is that of the selected image: nothing is muted, locked or added."""
    code, decoded = state.exploration.code, state.exploration.decoded_code
    if code is None or decoded is None or state.workspace.sliders.locked:
        return False
    return np.array_equal(code, decoded)


def _has(shown: CodeMap, number: int) -> bool:
    return bool(shown.parts) and not shown.shipped and 0 <= number < len(shown.xy)


def _code_of(shown: CodeMap, number: int) -> tuple[NDArray[np.float32], NDArray[np.float32] | None] | None:
    """Mean and standard deviations, float32 (L,), of an image on the map; None if it is not there."""
    for part in shown.parts:
        if 0 <= number < len(part):
            return part.mean[number], None if part.std is None else part.std[number]
        number -= len(part)
    return None
