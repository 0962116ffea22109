"""The pinned drawings as trails over the map: where they were at each moment, and where they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.inference.requests.drawings_request import DecodedDrawings, DrawingTrails
from aestudio.gui.plots.map_layers import Trail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.projections import Plane
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.drawings_request import DrawingTrail, Pinned
    from aestudio.gui.state.studio_state import StudioState


def drawing_requests(state: StudioState) -> list[Request]:
    """What must be known of the pinned drawings; nothing where there are none."""
    pins, snapshot = state.lab.pins, state.snapshot
    if not pins or snapshot is None:
        return []
    asked: list[Request] = [DecodedDrawings(snapshot, pins)]
    timeline = state.timeline
    if timeline.moments and timeline.run == snapshot.run:
        from aestudio.paths import runs_folder

        folder = timeline.folder or runs_folder() / timeline.run
        steps = tuple(moment.step for moment in timeline.moments)
        recipe, home = snapshot.recipe, snapshot.home
        asked.append(DrawingTrails(timeline.run, folder, recipe, steps, pins, home))
    return asked


def drawing_trails(state: StudioState) -> tuple[Trail, ...]:
    """A trail for each pinned drawing up to the moment that is shown, on the plane of the newest map."""
    shown, found = state.value("map"), state.answers.get(DecodedDrawings.channel)
    pins, snapshot = state.lab.pins, state.snapshot
    if shown is None or snapshot is None or found is None or found.value is None or not pins:
        return ()
    now: Pinned = found.value
    if found.question.pins != pins or shown.plane.size != now.codes.shape[1]:
        return ()
    past = _past(state, found.question.snapshot.step)
    return tuple(
        Trail(_line(shown.plane, past, now, place), pin.name, _ellipse(shown.plane, now, place))
        for place, pin in enumerate(pins)
    )


def _past(state: StudioState, step: int) -> NDArray[np.float32] | None:
    """Codes (M, n, latent) at the moments before this step, None where they are not known."""
    answer = state.answers.get(DrawingTrails.channel)
    if answer is None or answer.value is None or state.snapshot is None:
        return None
    question: DrawingTrails = answer.question
    trail: DrawingTrail = answer.value
    if question.pins != state.lab.pins:
        return None
    return trail.codes[trail.steps < step]


def _line(plane: Plane, past: NDArray[np.float32] | None, now: Pinned, place: int) -> NDArray[np.float32]:
    codes = now.codes[place][None]
    if past is not None and past.shape[2] == codes.shape[1]:
        codes = np.concatenate([past[:, place], codes])
    return plane.to_plane(codes).astype(np.float32)


def _ellipse(plane: Plane, now: Pinned, place: int) -> NDArray[np.float64] | None:
    """The posterior's covariance (2, 2) on the plane; None for point codes and maps that are no planes."""
    if now.deviations is None or not plane.linear:
        return None
    variances = np.square(now.deviations[place].astype(np.float64))
    return (plane.axes * variances) @ plane.axes.T
