"""The kept drawings as trails over the map: their codes at each checkpoint of the history, and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.inference.requests.drawings_request import DecodedDrawings, DrawingTrails
from aestudio.gui.plots.map_layers import Trail
from aestudio.gui.state.capabilities import no_map
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.model_shape import usable_drawings
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.projections import Plane
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.drawings_request import DrawingTrail, EncodedDrawings
    from aestudio.gui.state.studio_state import StudioState


def drawing_requests(state: StudioState) -> list[Request]:
    """The requests about the kept drawings that the shown model takes; empty without any."""
    drawings, snapshot = usable_drawings(state), state.snapshot
    if not drawings or snapshot is None or no_map(snapshot):
        return []
    told = shown_condition(state)
    requests: list[Request] = [DecodedDrawings(snapshot, drawings, told)]
    history = state.history
    if history.history_checkpoints and history.run == snapshot.run:
        from aestudio.paths import runs_folder

        folder = history.folder or runs_folder() / history.run
        steps = tuple(checkpoint.step for checkpoint in history.history_checkpoints)
        requests.append(
            DrawingTrails(
                history.run,
                folder,
                snapshot.architecture,
                steps,
                drawings,
                snapshot.home,
                told,
                history.identity,
            )
        )
    return requests


def drawing_trails(state: StudioState) -> tuple[Trail, ...]:
    """A trail for each drawing that the model takes, up to the shown checkpoint, on the newest plane."""
    shown, result = state.value("map"), state.results.get(DecodedDrawings.channel)
    drawings, snapshot = usable_drawings(state), state.snapshot
    if shown is None or snapshot is None or result is None or result.value is None or not drawings:
        return ()
    current: EncodedDrawings = result.value
    if result.request.drawings != drawings or shown.plane.size != current.points.shape[1]:
        return ()
    past = _past(state, result.request)
    return tuple(
        Trail(
            _line(shown.plane, past, current, index),
            one_line(drawing.name),
            _ellipse(shown.plane, current, index),
        )
        for index, drawing in enumerate(drawings)
    )


def _past(state: StudioState, current: DecodedDrawings) -> NDArray[np.float32] | None:
    """Codes, float32 (M, N, L), of N drawings at the M checkpoints before these; None if not known."""
    result = state.results.get(DrawingTrails.channel)
    if result is None or result.value is None or state.snapshot is None:
        return None
    request: DrawingTrails = result.request
    trail: DrawingTrail = result.value
    if (request.drawings, request.condition) != (current.drawings, current.condition):
        return None  # told another condition, a drawing has other codes: no line leads from those to these
    return trail.codes[trail.steps < current.snapshot.step]


def _line(
    plane: Plane, past: NDArray[np.float32] | None, current: EncodedDrawings, index: int
) -> NDArray[np.float32]:
    codes = current.points[index][None]
    if past is not None and past.shape[2] == codes.shape[1]:
        codes = np.concatenate([past[:, index], codes])
    return plane.to_plane(codes).astype(np.float32)


def _ellipse(plane: Plane, current: EncodedDrawings, index: int) -> NDArray[np.float64] | None:
    """The posterior's covariance (2, 2) on the plane; None for point codes and embeddings."""
    if current.stds is None or not plane.linear:
        return None
    variances = np.square(current.stds[index].astype(np.float64))
    return (plane.axes * variances) @ plane.axes.T
