"""The map's points, computed from the state: numbers, images, a code's covariance. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.projections import Plane
from aestudio.gui.theme.colours import as_shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.gui.inference.requests.exploration_request import Inspected
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.inference.requests.map_values_request import MapValues
    from aestudio.gui.state.studio_state import StudioState

Place = tuple[float, float]


def values_of(state: StudioState, shown: CodeMap) -> MapValues | None:
    """The numbers that colour the points, None for colours by class.

    The previous map's numbers stay until the new ones are known; else colours flicker during training.
    """
    colour = state.map_choice.colour
    found: MapValues | None = state.value("map values")
    if colour == "class" or found is None or found.kind != colour or len(found.values) > len(shown.xy):
        return None
    return found


def padded(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Numbers of the first points as (count,), those of the others not a number."""
    if len(values) == count:
        return values
    return np.concatenate([values, np.full(count - len(values), np.nan, np.float32)])


def images_of(state: StudioState) -> Callable[[NDArray[np.int64]], NDArray[np.uint8]]:
    """The digits by their numbers on the map, (n,) -> (n, 28, 28), as they are shown."""
    parts, ink_on_paper = [digits.images for digits in state.image_sets], state.ink_on_paper
    firsts = np.cumsum([0, *map(len, parts)])

    def look_up(numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        found = np.zeros((len(numbers), *parts[0].shape[2:]), np.uint8)
        for images, first in zip(parts, firsts.tolist(), strict=False):
            own = (numbers >= first) & (numbers < first + len(images))
            found[own] = images[numbers[own] - first, 0]
        return as_shown(found, ink_on_paper)

    return look_up


def ellipse_of(
    inspected: Inspected | None, shown: CodeMap
) -> tuple[Place | None, NDArray[np.float64] | None]:
    """A code's position (2,) on the map and its posterior's covariance (2, 2) there.

    None if the code has no covariance or is another model's, or if the map is no plane.
    """
    plane = shown.plane
    if inspected is None or inspected.code is None or inspected.std is None:
        return None, None
    if not isinstance(plane, Plane) or len(inspected.code) != plane.size:
        return None, None
    x, y = plane.to_plane(inspected.code[None])[0].tolist()
    axes = np.asarray(plane.axes, np.float64)
    return (x, y), (axes * np.square(inspected.std.astype(np.float64))) @ axes.T
