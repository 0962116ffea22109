"""The right sidebar: inspector, metrics of the latent space, and kept runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.window.sidebars.inspector import Inspector
from aestudio.gui.window.sidebars.latent_metrics import LatentMetricsPanel
from aestudio.gui.window.sidebars.runs_panel import RunsPanel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState


class RightSidebar(QFrame):
    """Three panels in a column. fold: the button that folds it"""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._compared = False
        self.fold = IconButton("fold-right", self.tr("Fold this sidebar (Ctrl+I)"))
        self.inspector = Inspector(session, self.fold)
        self.latent = LatentMetricsPanel()
        self.runs = RunsPanel(session)
        column(self.inspector, self.latent, fill(self.runs), gap=16, margins=(12, 8, 16, 8), on=self)

    def set_comparison(self, compared: bool) -> None:
        """Whether the view in front shows compared runs: what belongs to a single model is blank then."""
        self._compared = compared

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests of the inspector."""
        return self.inspector.requests(state)

    def show_state(self, state: StudioState) -> None:
        """Show the panels."""
        self.inspector.show_state(state, comparison=self._compared)
        self.latent.show_state(state, comparison=self._compared)
        self.runs.show_state(state)
