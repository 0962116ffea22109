"""The window: rails, tabs and the foot, wired to the session. Wiring only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QTabBar, QVBoxLayout, QWidget

from aestudio.gui.views.lazy_stack import LazyStack
from aestudio.gui.window.actions import add_commands
from aestudio.gui.window.help_dialog import show_about, show_shortcuts
from aestudio.gui.window.history_bar import HistoryBar
from aestudio.gui.window.model_name import ModelName
from aestudio.gui.window.notice import Notice
from aestudio.gui.window.sidebars.left_sidebar import LeftSidebar
from aestudio.gui.window.sidebars.right_sidebar import RightSidebar
from aestudio.gui.window.sidebars.sidebar_visibility import RailRoom
from aestudio.gui.window.status_line import StatusLine
from aestudio.gui.window.window_commands import window_commands
from aestudio.gui.window.window_geometry import keep_geometry, restore_geometry

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.theme.holder import ThemeHolder
    from aestudio.gui.views.view import View

# Of a projector with 1024 x 768, a panel and the window's own title take the rest.
LEAST_SIZE = (1024, 640)
CLOSE_MILLISECONDS = 30
# A run that is being written may take this long to end; after it the window goes anyway.
PATIENCE_MILLISECONDS = 15_000
# Where somebody is in a hurry, only the run is waited for, and not long: it was kept seconds ago.
HURRIED_MILLISECONDS = 3_000


class MainWindow(QMainWindow):
    """One view at a time between two sidebars."""

    def __init__(self, session: Session, first_view: str = "train") -> None:
        super().__init__()
        self.session = session
        self.theme_holder: ThemeHolder | None = None
        self.setWindowTitle("AE Studio")
        self.setMinimumSize(*LEAST_SIZE)
        self.left = LeftSidebar(session)
        self.right = RightSidebar(session)
        self.rails = RailRoom(self.left, self.right, self._refresh)
        self.status = StatusLine()
        self.history = HistoryBar(session)
        self.notice = Notice(session)
        self.tabs = QTabBar()
        self.tabs.setObjectName("views")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.model_name = ModelName()
        self.views = LazyStack(session)
        self.stack = self.views.stack
        for view_class in self.views.classes.values():
            self._add_tab(view_class)
        self.show_view(first_view)
        self.stack.setCurrentIndex(self.tabs.currentIndex())
        self._lay_out()
        self.tabs.currentChanged.connect(self._show_tab)
        self.commands = window_commands(self)
        self.actions_by_text = add_commands(self, self.commands)
        session.changed.connect(self._refresh)
        session.moved.connect(self._follow_hand)
        self._closing = QTimer(self)
        self._closing.setInterval(CLOSE_MILLISECONDS)
        self._closing.timeout.connect(self.close)
        self._close_began: QElapsedTimer | None = None
        self._hurried = False
        self._leave_presentation: list[QWidget] = []
        self._was_maximised = False
        self.resize(1280, 800)
        restore_geometry(self)
        self.left.training.start.setFocus()
        self._refresh()

    def _add_tab(self, view: type[View]) -> None:
        index = self.tabs.addTab(view.title())
        self.tabs.setTabToolTip(index, f"{view.help()} (Ctrl+{index + 1})")

    def _lay_out(self) -> None:
        body = QWidget()
        centre = QVBoxLayout()
        centre.setContentsMargins(16, 8, 16, 8)
        centre.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(16)
        open_left, open_right = self.rails.openers
        top.addWidget(open_left)
        top.addWidget(self.tabs)
        top.addWidget(self.model_name, 1)
        top.addWidget(open_right)
        centre.addLayout(top)
        centre.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left)
        row.addLayout(centre, 1)
        row.addWidget(self.right)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.history)
        column.addWidget(self.status)
        self.setCentralWidget(body)
        self.notice.setParent(body)
        self.notice.lie_over(self.stack)

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self.views.front

    def show_view(self, name: str) -> None:
        """Bring a view to the front, by its name."""
        self.tabs.setCurrentIndex(list(self.views).index(name))

    @Slot(int)
    def _show_tab(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self._refresh()

    @Slot()
    def _follow_hand(self) -> None:
        state = self.session.state
        painted = self.view.show_point(state)
        if painted is not None and state.exploration.began:
            self.status.set_reaction(1000 * (painted - state.exploration.began))

    @Slot()
    def _refresh(self) -> None:
        """Show the state in what is visible, and ask what that needs."""
        state = self.session.state
        self.status.show_state(state)
        self.history.show_state(state)
        self.notice.show_state(state)
        self.model_name.show_state(state)
        visible = [part for part in (self.left, self.right) if part.isVisibleTo(self)]
        if self.left not in visible:
            self.left.keep_ready(state)
        for part in (*visible, self.view):
            part.show_state(state)
        self.session.request(request for part in (self.view, *visible) for request in part.requests(state))

    def use_theme_holder(self, holder: ThemeHolder) -> None:
        """Let the View menu choose dark, light and the type's size."""
        self.theme_holder = holder

    def fold(self, sidebar: QWidget) -> None:
        """Hide or show a sidebar."""
        self.rails.fold(sidebar)

    def show_shortcuts(self) -> None:
        """Open the list of shortcuts."""
        show_shortcuts(self, self.commands)

    def show_about(self) -> None:
        """Open what there is to know of the program."""
        show_about(self)

    def toggle_presentation(self) -> None:
        """The view alone on the screen with larger type, or everything again."""
        in_presentation = not self.isFullScreen()
        if in_presentation:
            # What was folded away before stays so afterwards.
            around = (self.status, self.menuBar())
            self._leave_presentation = [part for part in around if part.isVisibleTo(self)]
            self._was_maximised = self.isMaximized()
        for part in self._leave_presentation:
            part.setVisible(not in_presentation)
        # The rails are hidden while the type changes: a form that is made when they return is dressed once.
        if in_presentation:
            self.rails.put_away(True)
        if self.theme_holder is not None:
            self.theme_holder.set_scale(1.5 if in_presentation else 1.0)
        if not in_presentation:
            self.rails.put_away(False)
        if in_presentation:
            self.showFullScreen()
        elif self._was_maximised:
            self.showMaximized()
        else:
            self.showNormal()
        self.rails.set_width(self.width())
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the presentation, unless something inside the window took it."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_presentation()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rails.set_width(event.size().width())

    @property
    def closing(self) -> bool:
        """Whether it is on its way out: hidden, and waiting for its threads."""
        return self._close_began is not None

    def hurry(self) -> None:
        """Wait for nothing but the run that is being written when it closes."""
        self._hurried = True

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once; go when every thread has ended and the current run is written."""
        if self._close_began is None:
            if not self.isFullScreen():
                keep_geometry(self)
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
            return not self.session.writing or milliseconds > HURRIED_MILLISECONDS
        return milliseconds > PATIENCE_MILLISECONDS
