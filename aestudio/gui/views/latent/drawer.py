"""The drawer of the Latent view: the row of tabs below the map, and the panels, closed or open above it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.style import is_theme_change, set_role
from aestudio.gui.views.latent.compact_tabs import CompactTabs, TabFace
from aestudio.gui.views.latent.drawer_choices import read_choices, write_choices
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.page_tabs import PageTabs
from aestudio.gui.views.tab import PanelTab
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import fill, row
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QStackedWidget, QTabBar

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.drawer_choices import DrawerChoices

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Tabs of the panels"),
    LocalKey(
        "drawer.toggle", ("Space", "Return", "Enter"), lambda: translate("keys", "opens or closes the panels")
    ),
)


class Drawer(QWidget):
    """The row of tabs with a button at its end; `stack` has the pages, which the owner lays out.

    toggled(open): by the user, or because a panel was asked for
    """

    toggled = Signal(bool)

    def __init__(
        self, tabs: QTabBar, stack: QStackedWidget, compact: CompactTabs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tabs, self.stack, self._compact = tabs, stack, compact
        self.tabs.setDocumentMode(True)
        set_role(self.tabs, "small")
        self.tabs.setAccessibleName(self.tr("Panels of the latent space"))
        self.tabs.installEventFilter(self)
        self.chevron = IconButton("chevron-up", "", side=16)
        self.chevron.clicked.connect(lambda: self.set_open(not self._open))
        self.choices = read_choices()
        self._open = False
        set_role(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row(fill(), self.tabs, self.chevron, gap=4, margins=(4, 2, 4, 2), on=self)
        self._show_open()

    @property
    def is_open(self) -> bool:
        """Whether the pages are shown."""
        return self._open

    @property
    def tabs_height(self) -> int:
        """The height of the row of tabs, in logical pixels."""
        return self.sizeHint().height()

    def set_open(self, is_open: bool) -> None:
        """Show the pages, or the row of tabs only."""
        if is_open != self._open:
            self._open = is_open
            self._show_open()
            self.toggled.emit(is_open)

    def minimumSizeHint(self) -> QSize:
        """No width: the tabs become icons where their texts do not fit."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tabs()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "chevron"):
            self._fit_tabs()

    def _fit_tabs(self) -> None:
        """Leave the tabs what the row has beside its button."""
        beside = self.sizeHint().width() - self.tabs.sizeHint().width()
        self._compact.fit(self.width() - beside)

    def keep(self, choices: DrawerChoices) -> None:
        """Keep what the user chose, for the next window too."""
        if choices != self.choices:
            before, self.choices = self.choices, choices
            write_choices(choices, before)

    def _show_open(self) -> None:
        self.stack.setVisible(self._open)
        tip = self.tr("Close the panels (Alt+0)") if self._open else self.tr("Open the panels (Alt+0)")
        self.chevron.set_icon("chevron-down" if self._open else "chevron-up", tip)
        set_role(self.tabs, "small" if self._open else "closed")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a tab opens the drawer, and one on the tab in front closes it; so do keys."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self._press(event)  # type: ignore[arg-type]
        elif event.type() == QEvent.Type.KeyPress and self._toggled_by(event):  # type: ignore[arg-type]
            return True
        return super().eventFilter(watched, event)

    def _press(self, event: QMouseEvent) -> None:
        index = self.tabs.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.set_open(not self._open or index != self.tabs.currentIndex())

    def _toggled_by(self, event: QKeyEvent) -> bool:
        if KEYS.command(event) != "drawer.toggle":
            return False
        self.set_open(not self._open)
        return True


class PanelTabs(PageTabs[Panel]):
    """The panels of the Latent view in a drawer: while it is closed they ask for nothing and show nothing."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, PanelTab, Panel)
        faces = [TabFace(tab.title(), tab.icon) for tab in self.known.values()]
        self.drawer = Drawer(self.tabs, self.stack, CompactTabs(self.tabs, faces))
        self.drawer.set_open(self.drawer.choices.is_open)
        self.drawer.toggled.connect(self._toggled)
        self._show_kept_panel()
        self.tabs.currentChanged.connect(self._keep_panel)
        self._in_presentation = self._reopens = False

    def _show_kept_panel(self) -> None:
        """Begin with the panel that was in front last; it is made when it is shown."""
        if self.drawer.choices.panel in self.known:
            index = list(self.known).index(self.drawer.choices.panel)
            with QSignalBlocker(self.tabs):
                self.tabs.setCurrentIndex(index)
            self._bring_page(index)

    def _keep_panel(self) -> None:
        self.drawer.keep(replace(self.drawer.choices, panel=self.front_name))

    def show_page(self, name: str) -> None:
        """Bring a panel to the front, by its name, and open the drawer; raises BadChoice if there is none."""
        # A presentation that the view has not seen yet begins closed, before what is asked for is opened.
        self._follow(self._session.state.presentation)
        super().show_page(name)
        self.drawer.set_open(True)

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests of the panel in front; none while the drawer is closed."""
        return super().requests(state) if self.drawer.is_open else ()

    def show_state(self, state: StudioState) -> None:
        """Show the state in the panel in front, if the drawer is open; a presentation begins closed."""
        self._follow(state.presentation)
        if self.drawer.is_open:
            super().show_state(state)

    def path(self) -> NDArray[np.float32] | None:
        """Codes, float32 (M, L), of the line over the map that the panel in front draws, if it is shown."""
        return self.front.path() if self.drawer.is_open and self.reason is None else None

    def _follow(self, presentation: bool) -> None:
        """Leave the screen to image and map in a presentation, and open the drawer again afterwards."""
        if presentation == self._in_presentation:
            return
        self._in_presentation = presentation
        if presentation:
            self._reopens = self.drawer.is_open
            self.drawer.set_open(False)
        elif self._reopens:
            self.drawer.set_open(True)

    def _toggled(self, is_open: bool) -> None:
        if not is_open:
            self.front.leave()
        if not self._in_presentation:
            self.drawer.keep(replace(self.drawer.choices, is_open=is_open))
