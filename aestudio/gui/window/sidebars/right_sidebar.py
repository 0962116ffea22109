"""The right rail: the inspector above, the latent space's figures, the kept runs below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout

from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.window.sidebars.inspector import Inspector
from aestudio.gui.window.sidebars.latent_metrics import LatentMetricsPanel
from aestudio.gui.window.sidebars.runs_panel import RunsPanel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState

WIDTH = 232


class RightSidebar(QFrame):
    """Three panels, one above the other."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        theme = current_theme()
        keep_length(self, lambda sidebar, theme: sidebar.setFixedWidth(theme.px(WIDTH)))
        self.inspector = Inspector(session)
        self.latent = LatentMetricsPanel()
        self.runs = RunsPanel(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(16), theme.px(16), theme.px(8))
        column.setSpacing(theme.px(16))
        column.addWidget(self.inspector)
        column.addWidget(self.latent)
        column.addWidget(self.runs, 1)

    def requests(self, state: StudioState) -> Iterable[Request]:
        """What the inspector needs."""
        return self.inspector.requests(state)

    def show_state(self, state: StudioState) -> None:
        """Show the panels."""
        self.inspector.show_state(state)
        self.latent.show_state(state)
        self.runs.show_state(state)
