"""The panels under the map behind their tabs, each made when it is first looked at."""

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
    """`changed()`: another panel is in front."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.classes = {panel.name: panel for panel in discover_panels()}
        self._made: dict[str, Panel] = {}
        self._pages: dict[str, QVBoxLayout] = {}
        self.tabs = QTabBar()
        self.tabs.setDocumentMode(True)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setProperty("role", "small")
        self.tabs.setAccessibleName(self.tr("Ways to explore"))
        self.stack = QStackedWidget()
        for panel in self.classes.values():
            index = self.tabs.addTab(panel.title())
            keys = panel_keys(index)
            words = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self.tabs.setTabToolTip(index, f"{panel.help()} ({words})")
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(partial(self.tabs.setCurrentIndex, index))
            self._pages[panel.name] = add_scroll_page(self.stack)
        self.tabs.currentChanged.connect(self._bring)
        column(self.tabs, fill(self.stack), on=self)

    @property
    def front(self) -> Panel:
        """The panel that is shown."""
        return self.panel(tuple(self.classes)[max(0, self.tabs.currentIndex())])

    def panel(self, name: str) -> Panel:
        """A panel by its name."""
        if name not in self._made:
            panel = self._made[name] = self.classes[name](self._session)
            self._pages[name].addWidget(panel)
        return self._made[name]

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, by its name."""
        self.tabs.setCurrentIndex(list(self.classes).index(name))

    @Slot(int)
    def _bring(self, index: int) -> None:
        for place, name in enumerate(self.classes):
            if place != index and name in self._made:
                self._made[name].leave()
        self.stack.setCurrentIndex(index)
        self.changed.emit()
