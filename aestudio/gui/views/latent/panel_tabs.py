"""The panels under the map behind their tabs, each created when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from aestudio.errors import BadChoice
from aestudio.gui.theme.style import set_role
from aestudio.gui.views.latent.panel import Panel, discover_panels, panel_keys
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.scroll_page import add_scroll_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QVBoxLayout

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState


class PanelTabs(QWidget):
    """Tabs, and the panel of the selected one. changed(): another panel came to the front."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.classes = {panel.name: panel for panel in discover_panels()}
        self._panels: dict[str, Panel] = {}
        self._pages: dict[str, QVBoxLayout] = {}
        self._reasons: dict[str, PlainLabel] = {}
        self.tabs = QTabBar()
        self.tabs.setDocumentMode(True)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setProperty("role", "small")
        self.tabs.setAccessibleName(self.tr("Panels of the latent space"))
        self.stack = QStackedWidget()
        for panel in self.classes.values():
            index = self.tabs.addTab(panel.title())
            keys = QKeySequence(panel_keys(index)).toString(QKeySequence.SequenceFormat.NativeText)
            self.tabs.setTabToolTip(index, f"{panel.help()} ({keys})")
            self._pages[panel.name] = add_scroll_page(self.stack)
        self.tabs.currentChanged.connect(self._show_index)
        column(self.tabs, fill(self.stack), on=self)

    @property
    def front(self) -> Panel:
        """The panel that is shown."""
        return self.panel(tuple(self.classes)[max(0, self.tabs.currentIndex())])

    def panel(self, name: str) -> Panel:
        """A panel by its name."""
        if name not in self._panels:
            panel = self._panels[name] = self.classes[name](self._session)
            self._pages[name].addWidget(panel)
        return self._panels[name]

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests of the panel in front, none if it has no meaning for the shown model."""
        return () if self.front.unavailable(state) else self.front.requests(state)

    def show_state(self, state: StudioState) -> None:
        """Show the state in the panel in front, or instead of the panel why it has no meaning."""
        panel = self.front
        reason = panel.unavailable(state)
        self._show_reason(panel, reason)
        if not reason:
            panel.show_state(state)

    @property
    def reason(self) -> str:
        """Why the panel in front is replaced by a sentence; "" if it is shown."""
        shown = self._reasons.get(self.front.name)
        return "" if shown is None else shown.text()

    def path(self) -> NDArray[np.float32] | None:
        """The line that the panel in front draws over the map, codes float32 (P, L); None without one."""
        return None if self.reason else self.front.path()

    def _show_reason(self, panel: Panel, reason: str) -> None:
        if not reason and panel.name not in self._reasons:
            return
        if panel.name not in self._reasons:
            shown = self._reasons[panel.name] = PlainLabel()
            shown.setWordWrap(True)
            shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
            set_role(shown, "muted")
            self._pages[panel.name].addWidget(shown)
        if reason and not self._reasons[panel.name].text():
            panel.leave()
        self._reasons[panel.name].setText(reason)
        self._reasons[panel.name].setVisible(bool(reason))
        panel.setVisible(not reason)

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, by its name; raises BadChoice if there is none of it."""
        if name not in self.classes:
            raise BadChoice("panel", name, self.classes)
        self.tabs.setCurrentIndex(list(self.classes).index(name))

    @Slot(int)
    def _show_index(self, index: int) -> None:
        for other, name in enumerate(self.classes):
            if other != index and name in self._panels:
                self._panels[name].leave()
        self.stack.setCurrentIndex(index)
        self.changed.emit()
