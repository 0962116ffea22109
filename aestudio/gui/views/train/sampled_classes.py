"""The classes among the samples of a generator, in the place where an autoencoder has reconstructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.coverage_text import coverage_help, coverage_request, coverage_text
from aestudio.gui.widgets.class_shares import ClassShares
from aestudio.gui.widgets.image_grid import GAP

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState

SECONDS = 2.0  # at least, between two counts while a training runs


class SampledClasses(ClassShares):
    """Hidden unless the shown model has no encoder and the images have classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pace, self._shown = RequestPacing(SECONDS), Shown()
        self.setToolTip(coverage_help())
        self.mark = ChannelMark(self, CountClasses.channel)
        self.hide()

    @property
    def taken_height(self) -> int:
        """Its height and the gap above it, in logical pixels; 0 while it is hidden."""
        return 0 if self.isHidden() else self.least_height() + current_theme().px(GAP)

    def request(self, state: StudioState) -> CountClasses | None:
        """What it shows of the newest weights; None for a model with an encoder."""
        if state.snapshot is None or state.snapshot.architecture.encodes:
            return None
        return coverage_request(state, self._pace.snapshot(state, CountClasses.channel))

    def show_state(self, state: StudioState) -> bool:
        """Show the newest count; returns whether it appeared or went."""
        snapshot, result = state.snapshot, state.results.get(CountClasses.channel)
        there = snapshot is not None and not snapshot.architecture.encodes
        counted = there and coverage_request(state, snapshot) is not None
        coverage = None if result is None else result.value
        problem = state.problem(CountClasses.channel)
        if self._shown.differs(counted, coverage, problem):
            if coverage is None:
                self.show_shares(problem or self.tr("The classes of the samples are being counted ..."))
            else:
                self.show_shares(coverage_text(coverage), coverage.class_names, coverage.shares)
        self.mark.show_state(state, visible=counted and coverage is not None)
        changed = self.isHidden() == counted
        self.setVisible(counted)
        return changed
