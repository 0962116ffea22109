"""The page of the grid with one row per class: the same styles as every class of a conditional model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget

from aestudio.gui.inference.requests.class_rows_request import RowsAlongAxis, RowsOfStyles
from aestudio.gui.state.capabilities import no_map
from aestudio.gui.state.condition_state import class_rows, class_titles
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.views.latent.grid.class_rows_view import ClassRowsView
from aestudio.gui.views.latent.grid.prior_plane import PriorPlanes
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.empty_reason import misfit
from aestudio.gui.widgets.layouts import column, fill

if TYPE_CHECKING:
    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.projections import Plane
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.requests.class_rows_request import ClassRows
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState

COUNT = 10
"""Columns."""


class ClassRowsPage(QWidget):
    """A click on an image goes to its code and its class.

    random: whether the columns are random styles, or steps along the first axis of the map
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: ClassRows | None = None
        self._shown = Shown()
        self._prior_planes = PriorPlanes()
        self._seed = 0
        self.random = False
        self.view = ClassRowsView()
        self.view.chosen.connect(self._choose)
        self.mark = ChannelMark(self.view, RowsOfStyles.channel, of_point=True)
        column(fill(self.view), on=self)

    def draw_others(self) -> None:
        """Draw other random styles."""
        self._seed += 1

    def requests(self, state: StudioState) -> list[RowsAlongAxis | RowsOfStyles]:
        """The rows for the shown model; empty if it is not told a class."""
        rows, snapshot = class_rows(state), state.snapshot
        if not rows or snapshot is None:
            return []
        result = None if no_map(snapshot) else state.results.get("map")
        if result is not None and state.step_advances:  # during a training, map and rows show the same step
            snapshot = result.request.snapshot
        if self.random:
            sets = state.image_sets[:1]
            return [RowsOfStyles(snapshot, rows, COUNT, self._seed, image_set) for image_set in sets]
        code, shown = state.exploration.decoded_code, self._map_of(state)
        if shown is None or code is None:
            return []
        plane = shown.plane
        if len({plane.size, len(code), snapshot.architecture.latent.size}) > 1:
            return []  # of the model before
        base = tuple(np.round(_without_first(plane, code), 3).tolist())
        about = None if result is None else result.request.subject
        return [RowsAlongAxis(snapshot, rows, COUNT, plane, base, about)]

    def _map_of(self, state: StudioState) -> CodeMap | None:
        """The map along whose first axis the steps are; without codes of images, the plane of the prior."""
        if state.snapshot is None or not no_map(state.snapshot):
            return state.value("map")
        return self._prior_planes.of(state.snapshot, state.plane)

    def show_state(self, state: StudioState) -> None:
        """Show the newest rows, and mark the image that is the shown one."""
        result = state.results.get(RowsOfStyles.channel)
        kind = RowsOfStyles if self.random else RowsAlongAxis
        fits = result is not None and isinstance(result.request, kind)
        self._rows = result.value if fits and result is not None else None
        problem = result.problem if fits and result is not None else None
        if self._shown.differs(
            self._rows, state.ink_on_paper, str(problem or ""), self.random, *class_titles(state)
        ):
            images = None if self._rows is None else as_shown(self._rows.images, state.ink_on_paper)
            hint = self._pending_text(state) if problem is None else str(problem)
            self.view.set_rows(images, class_titles(state), hint)
        self.view.set_selected(self._cell(state))
        self.mark.show_state(state, visible=self._rows is not None)

    def _pending_text(self, state: StudioState) -> str:
        """What the empty rows wait for."""
        without_map = state.snapshot is not None and bool(no_map(state.snapshot))
        if without_map and not self.random and self._map_of(state) is None:
            return self._prior_planes.problem or self.tr(
                "One dimension spans no plane. Choose random styles."
            )
        if self.random and not state.image_sets:
            return misfit(state) or self.tr("The rows appear as soon as images are loaded.")
        if not self.random and self._map_of(state) is None:
            return self.tr("The rows appear as soon as there is a map.")
        return self.tr("The rows are being decoded ...")

    def _cell(self, state: StudioState) -> tuple[int, int] | None:
        """Row and column of the code and the condition that are shown; None if they are not among these."""
        rows, exploration = self._rows, state.exploration
        code, told = exploration.decoded_code, exploration.condition
        if rows is None or code is None or told not in rows.conditions or rows.codes.shape[1] != len(code):
            return None
        far = np.abs(rows.codes - code).max(axis=1)
        column = int(far.argmin())
        return (rows.conditions.index(told), column) if far[column] < 1e-4 else None

    def _choose(self, row: int, column: int) -> None:
        rows = self._rows
        if rows is not None and row < len(rows.conditions) and column < len(rows.codes):
            self._session.explore.move_decoded_code_to(rows.codes[column], rows.conditions[row])


def _without_first(plane: Plane | Embedding2D, code: np.ndarray) -> np.ndarray:
    """The code, float32 (L,), at 0 of the plane's first axis: moving along it changes nothing."""
    if not plane.linear:
        return code
    height = plane.to_plane(code[None])[0, 1]
    return plane.from_plane(np.array([[0.0, height]]), code)[0]
