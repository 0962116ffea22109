"""The Compare view: two to four runs that differ in one setting, trained in step and shown side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import StudioError
from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.compared_metrics_request import MetricsOfRuns
from aestudio.gui.inference.requests.comparison_request import (
    ComparedAtCode,
    ComparedImage,
    ComparedMaps,
    ComparedStyles,
)
from aestudio.gui.state.condition_state import compared_conditions
from aestudio.gui.state.model_shape import taken_shape
from aestudio.gui.views.compare.metrics_of_runs import IMAGES as METRICS_IMAGES
from aestudio.gui.views.compare.sentences import only_generators
from aestudio.gui.views.compare.set_up import SetUp
from aestudio.gui.views.shared.empty_reason import EmptyReasonStack, Reason
from aestudio.gui.views.view import View
from aestudio.gui.widgets.layouts import column, fill
from aestudio.recipes.latent import NormalPrior

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState

# Images on each map, by whether the runs are training.
COUNTS = {True: 500, False: 2_000}
# At least, between two results while the runs are training.
SECONDS_PER_MAP, SECONDS_PER_DIGIT, SECONDS_PER_TABLE = 2.0, 0.4, 4.0


class CompareView(View):
    """The form of the comparison above; below it the compared runs, once there are any."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        from aestudio.gui.views.compare.board import ComparisonBoard

        self._map_pace, self._image_pace = RequestPacing(SECONDS_PER_MAP), RequestPacing(SECONDS_PER_DIGIT)
        self._metrics_pace = RequestPacing(SECONDS_PER_TABLE)
        self.set_up = SetUp(session)
        self.board = ComparisonBoard()
        self.empty_reason = EmptyReasonStack(self.board)
        column(self.set_up, fill(self.empty_reason), gap=12, margins=(0, 8, 0, 0), on=self)
        comparison = session.comparison
        self.board.image_chosen.connect(comparison.select)
        self.board.image_hovered.connect(comparison.hover)
        self.board.code_moved.connect(comparison.move_to)
        self.board.any_image_wanted.connect(self._take_random)
        self.board.same_axes_wanted.connect(comparison.use_same_axes)
        self.board.run_wanted.connect(comparison.open)
        self.board.condition_wanted.connect(comparison.choose_condition)
        self.board.curves.table_toggled.connect(lambda _: self.refresh())

    def _take_random(self) -> None:
        """Select a random image; of runs that do not encode images, decode a random code in all."""
        runs = self.session.state.comparison.runs
        if only_generators(runs):
            latent = next(one.architecture.latent for one in runs if one.architecture.decodes)
            prior = latent.prior or NormalPrior(latent.size)
            try:
                self.session.comparison.move_to(prior.sample(1, np.random.default_rng())[0])
            except StudioError as problem:  # of a user's own prior
                self.session.show_message(str(problem), "warn")
            return
        image_sets = self.session.state.compared_image_sets
        if image_sets:
            self.session.comparison.select(int(np.random.default_rng().integers(len(image_sets[0]))))

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The same image and the same code in all runs, and the maps of their codes."""
        image_sets = state.compared_image_sets
        snapshots = self._image_pace.compared_snapshots(state, ComparedImage.channel)
        if not snapshots or not image_sets or not len(image_sets[0]):
            return ()
        images = image_sets[0]
        requests: list[Request] = []
        if state.selected < sum(map(len, image_sets)):
            requests.append(ComparedImage(snapshots, image_sets, state.selected))
        told = compared_conditions(state, snapshots)
        if state.comparison.code is not None:
            requests.append(ComparedAtCode(snapshots, tuple(state.comparison.code.tolist()), told))
        if state.comparison.condition is not None and state.selected < sum(map(len, image_sets)):
            requests.append(ComparedStyles(snapshots, image_sets, state.selected, told))
        mapped = self._map_pace.compared_snapshots(state, ComparedMaps.channel)
        before = state.value(ComparedMaps.channel) or ()
        count = min(COUNTS[state.comparison.phase == "running"], len(images))
        if not self.board.metrics.isHidden():
            measured = self._metrics_pace.compared_snapshots(state, MetricsOfRuns.channel)
            requests.append(MetricsOfRuns(measured, images, min(METRICS_IMAGES, len(images))))
        return [*requests, ComparedMaps(mapped, images, count, state.comparison.same_axes, before)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose the class that all conditional runs decode as; fields take theirs first."""
        if not self.board.condition.take_digit(event):
            super().keyPressEvent(event)

    def show_state(self, state: StudioState) -> None:
        """Show the plan, and the compared runs if there are any."""
        self.set_up.show_state(state)
        # An audience looks at the runs; Pause is in the line at the foot of the presentation.
        self.set_up.setVisible(not (state.presentation and state.comparison.runs))
        self.board.set_presented(state.presentation)
        reason = self._reason(state)
        self.empty_reason.set_reason(reason)
        if reason is None:
            self.board.show_state(state)

    def _reason(self, state: StudioState) -> Reason | None:
        if state.torch_phase == "failed":
            return Reason("warning", self.tr("PyTorch could not be loaded, so nothing can be trained."))
        if state.comparison.phase == "preparing" and not state.comparison.snapshots:
            return Reason("clock", self.tr("The runs are being prepared ..."))
        if not state.comparison.runs:
            sentence = self.tr("Choose above what the runs differ in, and press Compare to train them.")
            return Reason("layers", sentence)
        if state.loaded_image_sets and not state.compared_image_sets and state.data.phase != "loading":
            taken = taken_shape(state.comparison.snapshots[0])
            sentence = self.tr(
                "The compared runs take images of {}, and those of the data set are {}. "
                "Press Compare to train them anew, or choose the images that they were trained on."
            )
            loaded = state.loaded_image_sets[0].image_shape
            return Reason("layers", sentence.format(taken, loaded))
        return None
