"""The main window: sidebars, header, view, history bar and status line, connected to the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QMainWindow, QWidget

from aestudio.gui.state.effects.reactions import ScaleText
from aestudio.gui.views.page_tabs import PageTabs
from aestudio.gui.views.tab import ViewTab
from aestudio.gui.views.view import View
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import boxed, column, fill
from aestudio.gui.window.blank_screen import BlankScreen
from aestudio.gui.window.chosen_run import ChosenRun
from aestudio.gui.window.commands.table import window_commands
from aestudio.gui.window.context.context_menus import ContextMenus
from aestudio.gui.window.context.thing_actions import ThingActions
from aestudio.gui.window.dialogs import Dialogs
from aestudio.gui.window.files.drop_area import DropArea
from aestudio.gui.window.files.exports import Exports
from aestudio.gui.window.files.opener import Opener
from aestudio.gui.window.hidden_training_chip import HiddenTrainingChip
from aestudio.gui.window.history_bar import HistoryBar
from aestudio.gui.window.lessons.lesson_place import LessonPlace
from aestudio.gui.window.menu_bar import MenuBar
from aestudio.gui.window.notice import Notice
from aestudio.gui.window.one_change import OneChange
from aestudio.gui.window.perform import perform
from aestudio.gui.window.presentation import Presentation
from aestudio.gui.window.presentation_line import PresentationLine
from aestudio.gui.window.sabotage.sabotage_line import SabotageLine
from aestudio.gui.window.sidebar_choices_file import read_choices, write_choices
from aestudio.gui.window.sidebars.folded_sidebar import FoldedInspector, FoldedRecipe, TrainingButtons
from aestudio.gui.window.sidebars.left_sidebar import LeftSidebar
from aestudio.gui.window.sidebars.right_sidebar import RightSidebar
from aestudio.gui.window.sidebars.sidebar_layout import SidebarLayout
from aestudio.gui.window.status_line import StatusLine
from aestudio.gui.window.view_bar import ViewBar
from aestudio.gui.window.whole_message import WholeMessage
from aestudio.gui.window.window_geometry import minimum_size, restore_geometry, save_geometry

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.theme.holder import ThemeHolder
    from aestudio.gui.views.latent.drawer import PanelTabs
    from aestudio.gui.window.runs.comparison_window import ComparisonWindow
    from aestudio.gui.window.runs.runs_window import RunsWindow
    from aestudio.runs.index import KeptRun

# Below 1024 x 640 there is no place beside the view for folded sidebars: they are opened over it.
MINIMUM_SIZE = QSize(800, 600)
USUAL_SIZE = (1280, 800)
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
        # Made when they are opened for the first time.
        self.runs_window: RunsWindow | None = None
        self.comparison_window: ComparisonWindow | None = None
        self.setWindowTitle("AE Studio")
        self.setMinimumSize(MINIMUM_SIZE)
        self.left = LeftSidebar(session)
        self.folded_left = FoldedRecipe(session)
        self.right = RightSidebar(session)
        self.folded_right = FoldedInspector()
        self.status = StatusLine()
        self.line = PresentationLine(session)
        self.history = HistoryBar(session)
        self.notice = Notice(session)
        self.views = PageTabs(session, ViewTab, View, across=True)
        self.tabs, self.stack = self.views.tabs, self.views.stack
        self.tabs.setObjectName("views")
        self.show_view(first_view)
        self.presentation = Presentation(self, lambda: (self.status, self.menuBar()), (self.line,))
        self._lay_out()
        self.blank_screen = BlankScreen(self)
        self.tabs.currentChanged.connect(self._view_changed)
        self.opener = Opener(self, self)
        self.exports = Exports(self, self)
        self.context_menus = ContextMenus(self, self)
        self.things = ThingActions(session, self, self.context_menus, self.exports)
        self.dialogs = Dialogs(self, self)
        self.chosen_run = ChosenRun(self, self)
        self.right.runs.sharing_wanted.connect(self.chosen_run.share)
        self.commands = window_commands(self)
        self.menus = MenuBar(self, session, self.commands, self.right.runs.list)
        self.actions_by_id = self.menus.actions
        self.drop_area = DropArea(self, self.opener.open_paths)
        session.changed.connect(self._refresh)
        session.expected.connect(self.views.ask)
        session.moved.connect(self._show_decoded_code)
        self._closing = QTimer(self)
        self._closing.setInterval(CLOSE_MILLISECONDS)
        self._closing.timeout.connect(self.close)
        self._close_began: QElapsedTimer | None = None
        self._hurried = False
        self.resize(*USUAL_SIZE)
        self.restored = restore_geometry(self)
        self.sidebars.arrange()
        self.start_button.setFocus()
        self._view_changed()

    def _lay_out(self) -> None:
        self.open_left = IconButton("fold-right", self.tr("Open the recipe of the next training (Ctrl+B)"))
        self.open_right = IconButton("fold-left", self.tr("Open the inspector (Ctrl+I)"))
        self.training = TrainingButtons(self.session, across=True)
        chip = HiddenTrainingChip(self.session)
        chip.compare_wanted.connect(lambda: self.show_view("compare"))
        self.bar = ViewBar(self.tabs, (self.open_left, self.training), (self.open_right,), chip)
        self.sabotage = SabotageLine(lambda name: perform(self.session, self.commands[name]))
        views = column(self.bar, self.sabotage, fill(self.stack), margins=(16, 8, 16, 8))
        centre = boxed(views)
        self._change = OneChange(self, views, self._refresh)
        self._sidebars_before = read_choices()
        folded = self.folded_left, self.folded_right
        self.sidebars = SidebarLayout((self.left, self.right), folded, centre, self._sidebars_before)
        self.lesson_place = LessonPlace(self.sidebars, self)
        body = boxed(column(fill(self.lesson_place), self.history, self.status, self.line, gap=0))
        self.setCentralWidget(body)
        self.whole_message = WholeMessage(self.status, self.line, body)
        self.notice.setParent(body)
        self.notice.attach_to(self.stack)
        for sidebar, buttons in (
            (self.left, (self.left.fold, self.folded_left.open, self.open_left)),
            (self.right, (self.right.fold, self.folded_right.open, self.open_right)),
        ):
            for button in buttons:
                button.clicked.connect(lambda _=False, sidebar=sidebar: self.toggle_sidebar(sidebar))
        self.folded_left.gallery.clicked.connect(self.left.recipe.open_gallery)
        self.folded_right.runs.clicked.connect(self.show_runs)
        self.right.runs.all_runs.clicked.connect(self.show_all_runs)
        self.left.queue.show_queue.clicked.connect(lambda: self.dialogs.show_queue())
        self.left.recipe.vary_wanted.connect(lambda name: self.dialogs.show_vary(name))
        self.sidebars.changed.connect(self._sidebars_changed)
        self.lesson_place.changed.connect(self._sidebars_changed)

    @property
    def start_button(self) -> QWidget:
        """The button Start that is visible, wherever it is."""
        left = self.sidebars.shown[0]
        if left in ("open", "over"):
            return self.left.training.start
        return (self.folded_left.training if left == "folded" else self.training).start

    @property
    def view(self) -> View:
        """The view in front."""
        return self.views.front

    def show_view(self, name: str) -> None:
        """Bring a view to the front, by its name; raises BadChoice if there is none of it."""
        self.views.show_page(name)

    def show_panel(self, name: str) -> None:
        """Bring the Latent view and a panel of it to the front, by its name; raises BadChoice."""
        panels = self.panels()
        if panels is not None:
            panels.show_page(name)
        self.show_view("latent")

    def toggle_panels(self) -> None:
        """Bring the Latent view to the front with its panels, or close them if it is there already."""
        panels = self.panels()
        if panels is not None:
            panels.drawer.set_open(self.views.front_name != "latent" or not panels.drawer.is_open)
        self.show_view("latent")

    def panels(self) -> PanelTabs | None:
        """The panels of the Latent view; None if it could not be made, which it says itself."""
        return getattr(self.views["latent"], "panels", None)

    @Slot()
    def _view_changed(self) -> None:
        self.blank_screen.set_blank(False)
        view, state = self.view, self.session.state
        if (view.share, view.name) != (state.core_share, state.view):
            self.session.update(core_share=view.share, view=view.name)
        else:
            self._refresh()

    @Slot()
    def _sidebars_changed(self) -> None:
        """Show what can be opened, and tell the views whether the recipe is beside them."""
        left, right = self.sidebars.shown
        # In a presentation the keys open them, and Pause is in the line at the foot.
        without = [display in ("none", "over") and not self.presentation.active for display in (left, right)]
        self.open_left.setVisible(without[0])
        self.training.setVisible(without[0] and not self.lesson_place.narrows)
        self.open_right.setVisible(without[1])
        self.bar.arrange()
        opened = self.sidebars.is_open(self.left)
        if opened != self.session.state.recipe_sidebar_open:
            self.session.update(recipe_sidebar_open=opened)
        else:
            self._refresh()

    @Slot()
    def _show_decoded_code(self) -> None:
        state = self.session.state
        painted = self.view.show_point(state)
        if painted is not None and state.exploration.began:
            self.status.set_reaction(1000 * (painted - state.exploration.began))

    @Slot()
    def _refresh(self) -> None:
        """Show the state in the visible parts, and submit their requests."""
        if self._change.active:
            return
        state = self.session.state
        self.status.show_state(state)
        comparison = self.view.name == "compare"
        # Compare and a lesson have a main button of their own: two would compete.
        for training in (self.left.training, self.folded_left.training, self.training):
            training.start.change_role("" if comparison or state.lesson.page != "closed" else "primary")
        compared = comparison and bool(state.comparison.runs)
        self.history.show_state(state, comparison=compared)
        self.right.set_comparison(compared)
        self.notice.show_state(state)
        self.sabotage.show_state(state, comparison=compared)
        self.opener.show_state(state)
        self.lesson_place.show_state(state)
        self.bar.show_state(state, comparison=comparison)
        if self.line.isVisibleTo(self):
            self.line.show_state(state, comparison=comparison)
        for part in (self.folded_left, self.training):
            if part.isVisibleTo(self):
                part.show_state(state)
        self._change.lay_out()
        visible = [part for part in (self.left, self.right) if part.isVisibleTo(self)]
        if self.left not in visible:
            self.left.prepare(state)
        for part in (*visible, self.views):
            part.show_state(state)
        self.session.request(request for part in (self.views, *visible) for request in part.requests(state))

    def use_theme_holder(self, holder: ThemeHolder) -> None:
        """Let the View menu, the size of the text and the presentation change the theme."""
        self.theme_holder = holder
        self.session.react_with(ScaleText, lambda reaction: self._scale_text(reaction.size))
        self._scale_text(self.session.state.text_size)

    def _scale_text(self, size: int) -> None:
        """Make type and distances this large, in per cent of the usual size."""
        assert self.theme_holder is not None
        with self._change.steps():
            self.theme_holder.set_scale(size / 100)
            self.setMinimumSize(minimum_size(self, MINIMUM_SIZE, size / 100))
            self.sidebars.arrange()

    def toggle_sidebar(self, sidebar: QWidget) -> None:
        """Hide or show a sidebar."""
        self.sidebars.toggle(sidebar)

    def is_open(self, sidebar: QWidget) -> bool:
        """Whether a sidebar is open, beside the view or over it."""
        return self.sidebars.is_open(sidebar)

    def show_next_training(self) -> None:
        """Open the recipe of the next training, with Start in focus."""
        self.sidebars.set_open(self.left, True)
        self.start_button.setFocus()

    def toggle_presentation(self) -> None:
        """Show only the view, full screen and with larger type, or show everything again."""
        began = not self.presentation.active
        self.blank_screen.set_blank(False)
        with self._change.steps():
            self.session.update(presentation=began)
            # The sidebars are closed while the type changes, so that a form that is made afterwards is
            # polished once.
            self.presentation.active = began
            if began:
                self.sidebars.set_presentation(True)
                self.presentation.begin(self.theme_holder)
            else:
                self.presentation.end(self.theme_holder)
                self.sidebars.set_presentation(False)
            self.menus.enable_in_presentation(self.commands, began)
            self.sidebars.arrange()

    def turn_view(self, places: int) -> None:
        """The next step of a lesson, or else view; with -1 the one before. At the ends nothing happens."""
        self.blank_screen.set_blank(False)
        if self.session.state.lesson.page == "step":
            (self.session.lessons.forward if places > 0 else self.session.lessons.back)()
            return
        index = self.tabs.currentIndex() + places
        if 0 <= index < self.tabs.count():
            self.tabs.setCurrentIndex(index)

    def toggle_blank(self) -> None:
        """Blank the screen, or show it again."""
        self.blank_screen.set_blank(not self.blank_screen.blank)

    def escape(self) -> None:
        """Show the blank screen again, go on with the tour, fold what is over the view, or end presenting."""
        if self.blank_screen.blank:
            self.blank_screen.set_blank(False)
        elif not (self.session.tour.go_on() or self.sidebars.close_over_view()) and self.presentation.active:
            self.toggle_presentation()

    def show_runs(self) -> None:
        """Open the right sidebar at the list of kept runs."""
        self.sidebars.set_open(self.right, True)
        self.right.runs.list.setFocus()

    def show_all_runs(self) -> None:
        """Open the window of all kept runs, or bring it to the front."""
        if self.runs_window is None:
            from aestudio.gui.window.runs.runs_window import RunsWindow

            self.runs_window = RunsWindow(self.session, self)
            self.runs_window.comparison_wanted.connect(self.compare_runs)
            self.runs_window.sharing_wanted.connect(self.chosen_run.share)
        self.runs_window.open_at()

    def compare_runs(self, runs: tuple[KeptRun, ...]) -> None:
        """Compare two to eight kept runs in a window of its own."""
        if self.comparison_window is None:
            from aestudio.gui.window.runs.comparison_window import ComparisonWindow

            self.comparison_window = ComparisonWindow(self.session, self)
        self.comparison_window.compare(runs)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.arrange()  # how many lines the header may have follows from the window's width, too
        if self.presentation.active:
            QTimer.singleShot(0, self, lambda: self.presentation.follow_screen(self.theme_holder))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the presentation with Escape, unless a widget accepted the key."""
        if event.key() == Qt.Key.Key_Escape:
            self.commands.run("window.escape")
        else:
            super().keyPressEvent(event)

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
            if self.presentation.active:
                save_geometry(self, self.presentation.geometry)
            elif not self.isFullScreen():
                save_geometry(self)
            write_choices(self.sidebars.choices, self._sidebars_before)
            self._close_began = QElapsedTimer()
            self._close_began.start()
            self.hide()
            dialogs = vars(self.dialogs)
            kept = (dialogs.get("queue"), dialogs.get("sweeps"))
            for beside in (self.runs_window, self.comparison_window, *kept):
                if beside is not None:
                    beside.close()
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
