"""The training images nearest to the point of the latent space, by codes and by pixels.

Whatever moves the point (a slider, a sample, the map, a frame of an interpolation) is compared with what the
model was trained on, so one panel answers for all of them whether they are memorised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy

from aestudio.gui.inference.requests.nearest_request import NearestToPoint
from aestudio.gui.state.capabilities import no_encoder
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.latent.neighbours.neighbour_grid import NeighbourGrid, set_text
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.empty_reason import misfit
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from aestudio.analysis.sampling import Nearest
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.requests.nearest_request import RealNeighbours
    from aestudio.gui.state.studio_state import StudioState

_LEAST_ROW = 44  # logical pixels: an image and its caption


class NearestPanel(Panel):
    """A click on a training image selects it in every view; the inspector shows the one under the mouse."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._shown = Shown()
        self.codes_text, self.pixels_text = ElidedLabel(muted=True), ElidedLabel(muted=True)
        self.codes_share, self.pixels_share = label("", "caption"), label("", "caption")
        tip = self.tr("Click to select it in every view")
        self.by_codes, self.by_pixels = NeighbourGrid(tip), NeighbourGrid(tip)
        self.by_codes.setAccessibleName(self.tr("Nearest training images by code"))
        self.by_pixels.setAccessibleName(self.tr("Nearest training images by pixels"))
        self.rows = [
            boxed(column(row(fill(text), share, gap=8), fill(grid), gap=0))
            for text, share, grid in (
                (self.codes_text, self.codes_share, self.by_codes),
                (self.pixels_text, self.pixels_share, self.by_pixels),
            )
        ]
        for grid in (self.by_codes, self.by_pixels):
            grid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            keep_length(grid, lambda grid, theme: grid.setMinimumHeight(theme.px(_LEAST_ROW)))
            grid.image_chosen.connect(session.explore.select)
            grid.image_hovered.connect(session.explore.hover)
        for text in (self.codes_text, self.pixels_text):
            text.set_mode(Qt.TextElideMode.ElideRight)
        for share in (self.codes_share, self.pixels_share):
            share.setToolTip(
                self.tr(
                    "How many of 100 test images, by pixels their reconstructions, are nearer to a training\n"
                    "image than this one. Nearer than all of them: the model may have memorised it"
                )
            )
        self.marks = [
            ChannelMark(grid, NearestToPoint.channel, of_point=True)
            for grid in (self.by_codes, self.by_pixels)
        ]
        self.searched = ElidedLabel(muted=True)
        column(*(fill(part) for part in self.rows), self.searched, gap=4, on=self)

    # ---- requests -------------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[NearestToPoint]:
        """The search for the shown code; none while a training runs, which it would slow down."""
        code, snapshot = state.exploration.decoded_code, state.snapshot
        if snapshot is None or code is None or not state.image_sets or _waits(state):
            return []
        if len(code) != snapshot.architecture.latent.size:
            return []  # of the model before
        test, *train = state.image_sets
        real, unseen = (train[0], test) if train else (test, None)
        wanted = tuple(np.round(code.astype(np.float64), 4).tolist())
        return [NearestToPoint(snapshot, real, unseen, wanted, shown_condition(state))]

    # ---- display --------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the newest neighbours, and how near others are."""
        result = state.results.get(NearestToPoint.channel)
        found: RealNeighbours | None = None if result is None else result.value
        if _waits(state):
            found = None  # the point moves with each step, and nothing is searched for it: those were others'
        for mark in self.marks:
            mark.show_state(state, visible=found is not None)
        without = no_encoder(state.snapshot)
        problem = "" if result is None or result.problem is None else str(result.problem)
        waiting = self._pending_text(state) if found is None else ""
        if not self._shown.differs(found, state.ink_on_paper, without, problem, waiting):
            return
        self.rows[0].setVisible(not without)
        self.searched.set_text("" if found is None else self.tr("Of {}").format(set_text(state)))
        if found is None:
            self._show_none(state, problem or waiting, self.by_codes, self.by_pixels)
            return
        self._show(state, self.by_pixels, found.nearest)
        self.pixels_text.set_text(self.tr("By pixels"))
        self.pixels_share.setText(self._pixels_text(found))
        if found.codes is not None:
            self._show(state, self.by_codes, found.codes)
            self.codes_text.set_text(self.tr("By code"))
            self.codes_share.setText(self._share_text(float(found.codes.distances[0, 0]), found.usual_codes))
        elif not without:
            self._show_none(state, self.tr("Encoding the training images ..."), self.by_codes)

    def _show(self, state: StudioState, grid: NeighbourGrid, nearest: Nearest) -> None:
        grid.show_neighbours(state, nearest.indices[0], nearest.distances[0])

    def _show_none(self, state: StudioState, hint: str, *grids: NeighbourGrid) -> None:
        parts = {
            self.by_codes: (self.codes_text, self.codes_share),
            self.by_pixels: (self.pixels_text, self.pixels_share),
        }
        for grid in grids:
            text, share = parts[grid]
            grid.show_none(state, hint)
            text.set_text("")
            share.setText("")

    def _pixels_text(self, found: RealNeighbours) -> str:
        distance = float(found.nearest.distances[0, 0])
        if len(found.usual) and distance < found.usual[0]:
            return self.tr("nearer than all test images: memorised?")
        return self._share_text(distance, found.usual)

    def _share_text(self, distance: float, usual: NDArray[np.float64] | None) -> str:
        """How many test images are nearer to a training image; usual: their distances, sorted."""
        if usual is None or not len(usual):
            return ""
        share = float(np.searchsorted(usual, distance, side="left") / len(usual))
        return self.tr("{} of test images are nearer").format(f"{100 * share:.0f} %")

    def _pending_text(self, state: StudioState) -> str:
        if state.snapshot is None:
            return self.tr("The nearest images appear as soon as there is a model.")
        if not state.image_sets:
            return misfit(state) or self.tr("The nearest images appear as soon as images are loaded.")
        if _waits(state):
            return self.tr("Pause the training to search for the nearest training images.")
        return self.tr("Searching the training images ...")


def _waits(state: StudioState) -> bool:
    """Whether a training goes on that searching 60,000 images for each snapshot would slow down."""
    return state.shown_run.phase == "running"
