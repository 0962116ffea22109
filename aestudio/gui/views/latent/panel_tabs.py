"""The panels under the map behind their tabs, each created when it is first shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from aestudio.gui.views.latent.panel import Panel, discover_panels, panel_keys
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.scroll_page import add_scroll_page

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from aestudio.gui.controllers.session import Session


class PanelTabs(QWidget):
    """Tabs, and the panel of the selected one. changed(): another panel came to the front."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.classes = {panel.name: panel for panel in discover_panels()}
        self._panels: dict[str, Panel] = {}
        self._pages: dict[str, QVBoxLayout] = {}
        self.tabs = QTabBar()
        self.tabs.setDocumentMode(True)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setProperty("role", "small")
        self.tabs.setAccessibleName(self.tr("Panels of the latent space"))
        self.stack = QStackedWidget()
        for panel in self.classes.values():
            index = self.tabs.addTab(panel.title())
            keys = panel_keys(index)
            shortcut_text = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self.tabs.setTabToolTip(index, f"{panel.help()} ({shortcut_text})")
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(partial(self.tabs.setCurrentIndex, index))
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

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, by its name."""
        self.tabs.setCurrentIndex(list(self.classes).index(name))

    @Slot(int)
    def _show_index(self, index: int) -> None:
        for other, name in enumerate(self.classes):
            if other != index and name in self._panels:
                self._panels[name].leave()
        self.stack.setCurrentIndex(index)
        self.changed.emit()
