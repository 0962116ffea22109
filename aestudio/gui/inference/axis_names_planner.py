"""Which request for the sliders' names comes next."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.inference.requests.axis_names_request import CHANNEL, LEVELS, NameAxes, SameAxes
from aestudio.gui.inference.shared_codes import encoded_snapshot
from aestudio.gui.state.capabilities import no_axis_names

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import Result, StudioState

SECONDS_PER_NAMES = 2.0  # in an animation; while a training runs, the share of a core is what limits them


class AxisNamesPlanner:
    """Which request for names comes next; one object for each view that shows names."""

    def __init__(self, seconds: float = SECONDS_PER_NAMES) -> None:
        self._seconds = seconds
        self._last: NameAxes | None = None
        self._since = 0.0
        self._series = 0
        self._history_step: int | None = None

    def request(self, state: StudioState, visible: tuple[int, ...] = ()) -> NameAxes | None:
        """The next request; None if there is nothing to name or not all inputs are known yet.

        visible: the axes whose sliders are visible, which alone are named while a training runs

        During a training or an animation only the coarsest level is measured, of the snapshot that the map
        shows, whose codes are there. In an animation the names of one snapshot are shown for some seconds.
        """
        self._follow_history(state)
        needed = self._needed(state, visible)
        if needed is None:
            return None
        needed = replace(needed, series=self._series)
        result = state.results.get(CHANNEL)
        last = self._last
        if last is None or not self._waits(state, last, needed):
            last = self._last = needed
            self._since = time.monotonic()
        if result is not None and result.request == last and not _complete(result, last):
            last = self._last = replace(last, turn=last.turn + 1)
        return last

    def _follow_history(self, state: StudioState) -> None:
        """Begin another series where the user jumps to another step; in an animation, steps follow."""
        step = state.history.step
        if step != self._history_step and not state.history.playing:
            self._series += 1
        self._history_step = step

    def _waits(self, state: StudioState, last: NameAxes, needed: NameAxes) -> bool:
        """Whether to keep the last request: it is the same, or snapshots follow and it is begun or recent."""
        result = state.results.get(CHANNEL)
        if replace(last, turn=0) == needed:
            return True
        if not _busy(state) or last.snapshot.run_key != needed.snapshot.run_key:
            return False
        moved = replace(last, snapshot=needed.snapshot, components=needed.components, turn=0)
        if state.history.playing:
            waits = time.monotonic() - self._since < self._seconds or not _complete(result, last)
        else:  # as long as nothing is measured of it, a newer step takes its place
            waits = result is not None and result.request == last and not _complete(result, last)
        return moved == needed and waits

    @staticmethod
    def _needed(state: StudioState, visible: tuple[int, ...]) -> NameAxes | None:
        snapshot = encoded_snapshot(state) or state.snapshot
        image_set, workspace = state.image_set, state.workspace
        if snapshot is None or image_set is None or not len(image_set) or no_axis_names(snapshot):
            return None
        components = None
        if workspace.sliders.basis == "components":
            statistics = state.value("sliders")
            axes = None if statistics is None else statistics.axes_of("components")
            if axes is None or axes.size != snapshot.architecture.latent.size:
                return None
            components = SameAxes(axes)
        train = state.data.dataset.train if state.data.dataset is not None else None
        size = snapshot.architecture.latent.size
        vectors = tuple(
            tuple(direction.vector.tolist())
            for direction in workspace.directions
            if len(direction.vector) == size
        )
        levels = 1 if _busy(state) else len(LEVELS)
        shown = visible if _busy(state) else ()
        return NameAxes(snapshot, image_set, train, components, vectors, levels, visible=shown)


def _busy(state: StudioState) -> bool:
    """Whether another snapshot follows soon."""
    return (state.is_training and state.hidden_training is None) or state.history.playing


def _complete(result: Result | None, request: NameAxes) -> bool:
    """Whether all turns of the request were computed, or one of them failed."""
    if result is None:
        return False
    return result.failed == request or (
        result.request == request and (result.value is None or result.value.finished)
    )
