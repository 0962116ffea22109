"""The axes of the map that the user chose last, for codes of each length: pure functions. No Qt.

An embedding is no such choice: after a start it would be computed before anybody asked for it.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from aestudio.gui.state.studio_state import PlaneChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.state.studio_state import StudioState

MOST_COMPONENTS = 10
"""Principal components that are offered as axes."""

_KINDS: dict[object, Literal["dimensions", "components"]] = {
    "dimensions": "dimensions",
    "components": "components",
}


def first_plane(axes: Mapping[int, PlaneChoice], size: int) -> PlaneChoice:
    """The plane of a model whose codes have this length: the one chosen last, or the usual one.

    Codes of two dimensions are the map themselves; of longer ones, the first two components are shown.
    """
    return axes.get(size) or PlaneChoice("dimensions" if size == 2 else "components")


def with_axes_noted(state: StudioState, size: int) -> StudioState:
    """The state in which its plane is the one chosen last for codes of this length."""
    if state.plane.kind not in _KINDS:
        return state
    return replace(state, axes=MappingProxyType({**state.axes, size: state.plane}))


def table_of(axes: Mapping[int, PlaneChoice]) -> dict[str, list[Any]]:
    """As JSON: kind and axes, by the length of the codes."""
    return {str(size): [one.kind, one.first, one.second, one.third] for size, one in sorted(axes.items())}


def axes_in(table: object) -> Mapping[int, PlaneChoice]:
    """What was kept; what cannot be axes of codes of this length is left out."""
    entries = table.items() if isinstance(table, dict) else ()
    found = ((size, plane_in(size, value)) for key, value in entries if (size := _size(key)) > 1)
    return MappingProxyType({size: plane for size, plane in found if plane is not None})


def _size(key: object) -> int:
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 9 else 0


def plane_in(size: int, value: object) -> PlaneChoice | None:
    """The plane of codes of this length that a list means: kind and axes; None if it means none."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    name, *numbers = value
    kind = _KINDS.get(name) if isinstance(name, str) else None
    axes = [number for number in numbers if number is not None]
    if kind is None or None in numbers[:2] or len({*map(str, axes)}) != len(axes):
        return None
    most = min(size, MOST_COMPONENTS) if kind == "components" else size
    if not all(type(axis) is int and 0 <= axis < most for axis in axes):
        return None
    return PlaneChoice(kind, *numbers)
