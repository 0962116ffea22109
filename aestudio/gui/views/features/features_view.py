"""The Features view: weights of the first layer, probe accuracies, and the export of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.inference.requests.weights_request import FirstWeights
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.features.export_panel import ExportPanel
from aestudio.gui.views.features.probe_panel import ProbePanel
from aestudio.gui.views.features.weight_pages import WeightPages
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.empty_reason import EmptyReasonStack, Reason, missing
from aestudio.gui.views.view import View
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState


class FeaturesView(View):
    """Weights above, from each snapshot; the probe and the export below, on request."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.weights = WeightPages()
        self.mark = ChannelMark(self.weights.grid, FirstWeights.channel, caption=self.weights.description)
        self.weights.grid.describe = self._describe_unit
        self.empty_reason = EmptyReasonStack(self.weights)
        self.probe = ProbePanel()
        self.export = ExportPanel()
        self._lay_out()
        self.probe.wanted.connect(session.probe.start)
        self.probe.cancelled.connect(session.probe.cancel)
        self.export.wanted.connect(session.runs.export_features)
        self.export.cancelled.connect(session.runs.cancel_export)
        self.empty_reason.helped.connect(self.open_shipped)

    def _lay_out(self) -> None:
        keep_length(self.export, lambda export, theme: export.setFixedWidth(theme.px(204)))
        column(
            fill(self.empty_reason),
            row(fill(self.probe), self.export, gap=24),
            gap=16,
            margins=(0, 8, 0, 0),
            on=self,
        )

    def _describe_unit(self, _: int) -> Offer:
        """What the context menu offers of the weights of a unit."""
        return Offer(step=self.session.state.step_of(FirstWeights.channel))

    def requests(self, state: StudioState) -> Iterable[Request]:
        if missing(state) is not None or state.snapshot is None:
            return ()
        return (FirstWeights(state.snapshot),)

    def show_state(self, state: StudioState) -> None:
        layer = state.value(FirstWeights.channel)
        reason = missing(state)
        if reason is None and layer is not None and layer.images is None:
            reason = Reason("layers", self.tr("{}.").format(layer.reason))
        if reason is None and layer is None:
            reason = self._pending_reason(state)
        self.empty_reason.set_reason(reason)
        self.weights.show_layer(layer, shown_shape(state))
        self.mark.show_state(state)
        self.probe.show_state(state)
        self.export.show_state(state)

    def _pending_reason(self, state: StudioState) -> Reason:
        """What is shown until there are weights of this run: that they are loading, or why they failed."""
        result = state.results.get(FirstWeights.channel)
        if result is not None and result.problem is not None:
            return Reason("warning", str(result.problem))
        return Reason("clock", self.tr("The weights are being loaded ..."))
