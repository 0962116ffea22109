"""The main window: sidebars, tabs, history bar and status line, connected to the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot
from PySide6.QtWidgets import QMainWindow, QWidget

from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.gui.views.page_tabs import PageTabs
from aestudio.gui.views.view import View
from aestudio.gui.widgets.layouts import boxed, column, fill, row
from aestudio.gui.window.commands.table import window_commands
from aestudio.gui.window.help_dialog import show_about, show_shortcuts
from aestudio.gui.window.history_bar import HistoryBar
from aestudio.gui.window.menu_bar import add_commands
from aestudio.gui.window.model_name import ModelName
from aestudio.gui.window.notice import Notice
from aestudio.gui.window.sidebars.left_sidebar import LeftSidebar
from aestudio.gui.window.sidebars.right_sidebar import RightSidebar
from aestudio.gui.window.sidebars.sidebar_visibility import SidebarVisibility
from aestudio.gui.window.status_line import StatusLine
from aestudio.gui.window.window_geometry import restore_geometry, save_geometry

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.theme.holder import ThemeHolder

# A projector with 1024 x 768, without the desktop's panel and the window's title bar.
MINIMUM_SIZE = (1024, 640)
CLOSE_MILLISECONDS = 30
# How long closing waits for a run to be written and for the threads.
CLOSE_TIMEOUT_MILLISECONDS = 15_000
# After a second signal it waits for the run only, and for less time: its last checkpoint is seconds old.
HURRIED_TIMEOUT_MILLISECONDS = 3_000


class MainWindow(QMainWindow):
    """One view at a time between two sidebars."""

    def __init__(self, session: Session, first_view: str = "train") -> None:
        super().__init__()
        self.session = session
        self.theme_holder: ThemeHolder | None = None
        self.setWindowTitle("AE Studio")
        self.setMinimumSize(*MINIMUM_SIZE)
        self.left = LeftSidebar(session)
        self.right = RightSidebar(session)
        self.sidebars = SidebarVisibility(self.left, self.right, self._refresh)
        self.status = StatusLine()
        self.history = HistoryBar(session)
        self.notice = Notice(session)
        self.model_name = ModelName()
        self.views = PageTabs(session, View, across=True)
        self.tabs, self.stack = self.views.tabs, self.views.stack
        self.tabs.setObjectName("views")
        self.show_view(first_view)
        self._lay_out()
        self.tabs.currentChanged.connect(self._refresh)
        self.commands = window_commands(self)
        self.actions_by_id = add_commands(self, self.commands)
        session.changed.connect(self._refresh)
        session.moved.connect(self._show_decoded_code)
        self._closing = QTimer(self)
        self._closing.setInterval(CLOSE_MILLISECONDS)
        self._closing.timeout.connect(self.close)
        self._close_began: QElapsedTimer | None = None
        self._hurried = False
        self._hidden_parts: list[QWidget] = []
        self._was_maximised = False
        self.resize(1280, 800)
        restore_geometry(self)
        self.left.training.start.setFocus()
        self._refresh()

    def _lay_out(self) -> None:
        open_left, open_right = self.sidebars.open_buttons
        top = row(open_left, self.tabs, fill(self.model_name), open_right, gap=16)
        centre = column(top, fill(self.stack), margins=(16, 8, 16, 8))
        upper = row(self.left, fill(centre), self.right, gap=0)
        body = boxed(column(fill(upper), self.history, self.status, gap=0))
        self.setCentralWidget(body)
        self.notice.setParent(body)
        self.notice.attach_to(self.stack)

    @property
    def view(self) -> View:
        """The view in front."""
        return self.views.front

    def show_view(self, name: str) -> None:
        """Bring a view to the front, by its name; raises BadChoice if there is none of it."""
        self.views.show_page(name)

    def show_panel(self, name: str) -> None:
        """Bring the Latent view and a panel of it to the front, by its name; raises BadChoice."""
        latent = self.views["latent"]
        assert isinstance(latent, LatentView)
        latent.panels.show_page(name)
        self.show_view("latent")

    @Slot()
    def _show_decoded_code(self) -> None:
        state = self.session.state
        painted = self.view.show_point(state)
        if painted is not None and state.exploration.began:
            self.status.set_reaction(1000 * (painted - state.exploration.began))

    @Slot()
    def _refresh(self) -> None:
        """Show the state in the visible parts, and submit their requests."""
        state = self.session.state
        self.status.show_state(state)
        self.history.show_state(state)
        self.notice.show_state(state)
        self.model_name.show_state(state)
        visible = [part for part in (self.left, self.right) if part.isVisibleTo(self)]
        if self.left not in visible:
            self.left.prepare(state)
        for part in (*visible, self.views):
            part.show_state(state)
        self.session.set_share(self.view.share)
        self.session.request(request for part in (self.views, *visible) for request in part.requests(state))

    def use_theme_holder(self, holder: ThemeHolder) -> None:
        """Let the View menu and the presentation change the theme."""
        self.theme_holder = holder

    def toggle_sidebar(self, sidebar: QWidget) -> None:
        """Hide or show a sidebar."""
        self.sidebars.toggle(sidebar)

    def show_shortcuts(self) -> None:
        """Open the list of shortcuts."""
        show_shortcuts(self, self.commands)

    def show_about(self) -> None:
        """Open version and licence."""
        show_about(self)

    def toggle_presentation(self) -> None:
        """Show only the view, full screen and with larger fonts, or show everything again."""
        in_presentation = not self.isFullScreen()
        if in_presentation:
            # Parts that are hidden now stay hidden after the presentation.
            surroundings = (self.status, self.menuBar())
            self._hidden_parts = [part for part in surroundings if part.isVisibleTo(self)]
            self._was_maximised = self.isMaximized()
        for part in self._hidden_parts:
            part.setVisible(not in_presentation)
        # The sidebars are hidden while the fonts change, so that a form created afterwards is polished once.
        if in_presentation:
            self.sidebars.set_all_hidden(True)
        if self.theme_holder is not None:
            self.theme_holder.set_scale(1.5 if in_presentation else 1.0)
        if not in_presentation:
            self.sidebars.set_all_hidden(False)
        if in_presentation:
            self.showFullScreen()
        elif self._was_maximised:
            self.showMaximized()
        else:
            self.showNormal()
        self.sidebars.set_width(self.width())
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the presentation with Escape, unless a widget accepted the key."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_presentation()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sidebars.set_width(event.size().width())

    @property
    def closing(self) -> bool:
        """Whether it is hidden and waits for its threads to end."""
        return self._close_began is not None

    def hurry(self) -> None:
        """Wait only for the run that is being written when the window closes."""
        self._hurried = True

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once; close when every thread has ended and the current run is written."""
        if self._close_began is None:
            if not self.isFullScreen():
                save_geometry(self)
            self._close_began = QElapsedTimer()
            self._close_began.start()
            self.hide()
        if self.session.close() or self._waited_enough(self._close_began.elapsed()):
            self._closing.stop()
            event.accept()
            self.deleteLater()
            from PySide6.QtWidgets import QApplication

            QApplication.quit()
        else:
            self._closing.start()
            event.ignore()

    def _waited_enough(self, milliseconds: int) -> bool:
        if self._hurried:
            return not self.session.writing or milliseconds > HURRIED_TIMEOUT_MILLISECONDS
        return milliseconds > CLOSE_TIMEOUT_MILLISECONDS
