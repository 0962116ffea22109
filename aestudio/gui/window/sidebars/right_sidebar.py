"""The right sidebar: inspector, metrics of the latent space, and kept runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QSizePolicy

from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.scroll_page import ScrollPage
from aestudio.gui.window.sidebars.inspector import Inspector
from aestudio.gui.window.sidebars.latent_metrics import LatentMetricsPanel
from aestudio.gui.window.sidebars.runs_panel import RunsPanel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState

_LEAST_RUNS = 144  # logical pixels, with the heading
_BAR = 12  # width of a scroll bar


class RightSidebar(QFrame):
    """Three panels in a column, which scrolls in a window that is low for its type.

    fold: the button that folds it
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._compared = False
        self.fold = IconButton("fold-right", self.tr("Fold this sidebar (Ctrl+I)"))
        self.inspector = Inspector(session, self.fold)
        self.latent = LatentMetricsPanel()
        self.runs = RunsPanel(session)
        # The list takes what is left, and two of them at least: then the page scrolls.
        self.runs.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        keep_length(self.runs, lambda runs, theme: runs.setMinimumHeight(theme.px(_LEAST_RUNS)))
        page = ScrollPage()
        page.content.addLayout(column(self.inspector, self.latent, fill(self.runs), gap=16))
        page.verticalScrollBar().rangeChanged.connect(self._leave_margin)
        self._content = page.content
        self._leave_margin(0, 0)
        column(fill(page), margins=(12, 8, 4, 8), on=self)

    def _leave_margin(self, _lowest: int, highest: int) -> None:
        """The scroll bar lies in the margin: the panels are as wide with it as without."""
        self._content.setContentsMargins(0, 0, 0 if highest else current_theme().px(_BAR), 0)

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
