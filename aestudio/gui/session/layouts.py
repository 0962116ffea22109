"""What is known of the map's t-SNE or UMAP layout; part of the state, without Qt and torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from aestudio.analysis.layouts import LayoutKind, Neighbourhood
    from aestudio.data.digits import Digits
    from aestudio.errors import StudioError
    from aestudio.gui.session.state import GivenCodes, StudioState
    from aestudio.training.events import Snapshot

LayoutPoints = Literal["some", "all"]
LAYOUT_KINDS: tuple[LayoutKind, ...] = ("tsne", "umap")
POINTS_LIVE, POINTS = 1_000, 10_000
"""Digits that are laid out: of a model that does not stand still, and at rest unless all are wanted."""


@dataclass(frozen=True)
class LayoutWish:
    """Which layout: of which codes, how many of them. Sets of digits and snapshots equal only themselves."""

    kind: LayoutKind
    snapshot: Snapshot
    parts: tuple[Digits, ...]
    given: GivenCodes | None
    count: int

    def continues(self, other: LayoutWish) -> bool:
        """Whether both lay out the same images through the same run, so that one can begin where the other
        ends."""
        mine = self.kind, self.snapshot.run_key, self.given, self.parts[:1]
        return mine == (other.kind, other.snapshot.run_key, other.given, other.parts[:1])


@dataclass(frozen=True, eq=False)
class LayoutState:
    """The newest layout, and what became of the newest attempt.

    points: whether the first 10,000 digits are laid out, and the others put beside their neighbours, or all
    """

    wish: LayoutWish | None = None
    plane: Neighbourhood | None = None
    problem: StudioError | None = None
    points: LayoutPoints = "some"


def is_layout(kind: Any) -> bool:
    """Whether this kind of map is laid out in a task, and not a plane."""
    return kind in LAYOUT_KINDS


def wanted_layout(state: StudioState, snapshot: Snapshot) -> LayoutWish | None:
    """The layout that the state asks for, of this snapshot; None where it asks for none."""
    model, kind = state.model, state.plane.kind
    if model is None or kind == "dimensions" or kind == "components":
        return None
    given = model.given if state.data.dataset is None else None
    parts = map_parts(state) if given is None else ()
    if given is None and not parts:
        return None
    available = len(given.mean) if given is not None else sum(map(len, parts))
    most = available if state.layout.points == "all" else POINTS
    count = min(available, POINTS_LIVE if moving(state) else most)
    return LayoutWish(kind, snapshot, _needed(parts, count), given, count)


def _needed(parts: tuple[Digits, ...], count: int) -> tuple[Digits, ...]:
    """The sets that the first `count` digits are in: a layout of these does not care for the others."""
    needed = []
    for digits in parts:
        if count > 0:
            needed.append(digits)
        count -= len(digits)
    return tuple(needed)


def map_parts(state: StudioState) -> tuple[Digits, ...]:
    """The sets of digits that the map shows."""
    return state.parts if state.map_choice.digits == "all" else state.parts[:1]


def moving(state: StudioState) -> bool:
    """Whether snapshots follow one another, so that the map shows fewer digits to keep up with them."""
    return state.computing or state.timeline.playing
