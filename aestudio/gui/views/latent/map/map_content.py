"""Content of the map, computed from the state: values of the points, images, a code's covariance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.analysis.projections import Plane
from aestudio.gui.state.image_tags import tags_by_number
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.views.latent.map.map_planes import wants_decoded
from aestudio.runs.image_tags_file import SUGGESTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.gui.inference.requests.exploration_request import Inspected
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.inference.requests.map_values_request import MapValues
    from aestudio.gui.plots.point_rings import RingedPoints
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate

Point = tuple[float, float]
MAP_CHANNELS = ("map", "map values", "overlay", "drawings", "decoded plane", "interpolation")


def shown_channels(state: StudioState, path: bool) -> tuple[str, ...]:
    """The channels of what the map shows now: its points, and if chosen, their colours, field and images.

    path: whether the path of an interpolation is drawn over it
    """
    choice = state.map_choice
    shown = {
        "map": True,
        "map values": choice.colour != "class",
        "overlay": choice.overlay != "none",
        "drawings": bool(state.workspace.drawings),
        "decoded plane": wants_decoded(state),
        "interpolation": path,
    }
    return tuple(channel for channel in MAP_CHANNELS if shown[channel])


def values_of(state: StudioState, shown: CodeMap) -> MapValues | None:
    """The values, float32 (n,), that colour the first n points; None for colours by class.

    The previous map's values are kept until the new ones are known; else colours flicker during training.
    """
    colour = state.map_choice.colour
    values: MapValues | None = state.value("map values")
    if colour == "class" or values is None or values.kind != colour or len(values.values) > len(shown.xy):
        return None
    if colour == "density" and state.embedding.live is not None:
        return None  # it was the density at other positions
    return values


def padded(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Values of the first points, float32 (n,), as float32 (count,): NaN for the other points."""
    if len(values) == count:
        return values
    return np.concatenate([values, np.full(count - len(values), np.nan, np.float32)])


def images_of(state: StudioState) -> Callable[[NDArray[np.int64]], NDArray[np.uint8]]:
    """The images by their numbers on the map, int64 (N,) -> uint8 (N, C, H, W), as they are shown."""
    sets, ink_on_paper = [part.images for part in state.image_sets], state.ink_on_paper
    firsts = np.cumsum([0, *map(len, sets)])

    def images_at(numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        shown = np.zeros((len(numbers), *sets[0].shape[1:]), np.uint8)
        for images, first in zip(sets, firsts.tolist(), strict=False):
            own = (numbers >= first) & (numbers < first + len(images))
            shown[own] = images[numbers[own] - first]
        return as_shown(shown, ink_on_paper)

    return images_at


def tagged_points(state: StudioState, count: int) -> RingedPoints:
    """Rings around those of the first `count` images that have tags, and what they mean."""
    from aestudio.gui.plots.point_rings import LOOKS, Ring, RingedPoints

    names = (*SUGGESTED, translate("MapPanel", "other tags"))
    rings: list[Ring] = []
    texts: dict[int, str] = {}
    for number, entry in sorted(tags_by_number(state).items()):
        if number < count:
            looks = {SUGGESTED.index(tag) if tag in SUGGESTED else LOOKS - 1 for tag in entry.tags}
            looks = looks or {LOOKS - 1}  # a note alone
            rings += [Ring(number, look, place) for place, look in enumerate(sorted(looks))]
            texts[number] = "; ".join(entry.tags) or entry.note
    used = sorted({ring.look for ring in rings})
    return RingedPoints(tuple(rings), tuple((names[look], look) for look in used), texts)


def rings_sentence(points: RingedPoints) -> str:
    """What the rings mean, and how many there are; "" without any."""
    lines = (
        translate("MapPanel", "{} {} (solid)"),
        translate("MapPanel", "{} {} (dashed)"),
        translate("MapPanel", "{} {} (dotted)"),
    )
    parts = [
        lines[look].format(sum(ring.look == look for ring in points.rings), name)
        for name, look in points.names
    ]
    return translate("MapPanel", "Rings: {}.").format(", ".join(parts)) if parts else ""


def ellipse_of(
    inspected: Inspected | None, shown: CodeMap
) -> tuple[Point | None, NDArray[np.float64] | None]:
    """A code's position (2,) on the map and its posterior's covariance (2, 2) there.

    None if the code has no covariance or is another model's, or if the map is no plane.
    """
    if inspected is None or inspected.code is None:
        return None, None
    return ellipse_of_code(inspected.code, inspected.std, shown)


def ellipse_of_code(
    code: NDArray[np.float32], std: NDArray[np.float32] | None, shown: CodeMap
) -> tuple[Point | None, NDArray[np.float64] | None]:
    """The same of a code float32 (L,) with its standard deviations."""
    plane = shown.plane
    if std is None or not isinstance(plane, Plane) or len(code) != plane.size:
        return None, None
    x, y = plane.to_plane(code[None])[0].tolist()
    axes = np.asarray(plane.axes, np.float64)
    return (x, y), (axes * np.square(std.astype(np.float64))) @ axes.T
