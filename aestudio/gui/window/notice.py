"""The notice over the view: progress of loading the data set, problems and questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from aestudio.gui.controllers.data_controller import TASK
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.views.shared.task_progress import TaskProgressBar
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.message_panel import MessagePanel

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState, TaskProgressed
    from aestudio.recipes.own_parts.part_folder import PartFolder

DELAY_MILLISECONDS = 500
_WIDEST, _BAR = 720, 160
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)


class Notice(QWidget):
    """Covers the upper edge of the view while it has a message, and can be dismissed.

    As a part of the layout it would take space from the view.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._covered: QWidget | None = None
        self._dismissed = False
        self._shown = Shown()
        self._problem = MessagePanel()
        self._problem.chosen.connect(self._chosen)
        self._problem.dismissed.connect(self._problem_dismissed)
        self._asking = False
        self._loading = QFrame()
        set_role(self._loading, "raised")
        self._what = ElidedLabel()
        self._bar = TaskProgressBar(self.tr("Progress of loading"))
        cancel = TextButton(
            "close", self.tr("Cancel"), tip=self.tr("Stop loading; no incomplete file is left")
        )
        cancel.clicked.connect(session.data.cancel)
        keep_length(self._bar, lambda bar, theme: bar.setFixedWidth(theme.px(_BAR)))
        hide = IconButton("close", self.tr("Hide this message; loading continues"), side=14)
        hide.clicked.connect(self._hide_loading)
        row(fill(self._what), self._bar, cancel, hide, gap=12, margins=(12, 8, 12, 8), on=self._loading)
        column(self._loading, self._problem, gap=None, on=self)
        self._loading.hide()
        self._problem.hide()
        # Data on the disk is loaded faster than the message could be read.
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MILLISECONDS)
        self._delay.timeout.connect(self._show_loading)
        self.hide()

    def attach_to(self, widget: QWidget) -> None:
        """Cover the upper edge of this widget, and follow its geometry."""
        self._covered = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the covered widget."""
        if watched is self._covered and event.type() in _MOVES:
            self._update_geometry()
        return False

    def event(self, event: QEvent) -> bool:
        """Adapt the height to new texts and buttons."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._update_geometry()
        return handled

    def _update_geometry(self) -> None:
        """Cover the upper edge of the widget, as high as the texts need; hide without a message."""
        visible = not (self._loading.isHidden() and self._problem.isHidden())
        parent, covered = self.parentWidget(), self._covered
        if visible and covered is not None and parent is not None:
            corner = covered.mapTo(parent, QPoint(0, 0))
            width = min(covered.width(), current_theme().px(_WIDEST))
            layout = self.layout()
            assert layout is not None
            layout.invalidate()
            height = (
                layout.totalHeightForWidth(width)
                if layout.hasHeightForWidth()
                else layout.sizeHint().height()
            )
            self.setGeometry(corner.x() + (covered.width() - width) // 2, corner.y(), width, height)
            self.raise_()
        self.setVisible(visible)

    def _show_loading(self) -> None:
        self._loading.setVisible(not self._dismissed)
        self._update_geometry()

    def _hide_loading(self) -> None:
        self._dismissed = True
        self._show_loading()

    def show_state(self, state: StudioState) -> None:
        """Show the progress of loading; a problem of the data set or the training; or a question."""
        data = state.data
        progress = state.tasks.get(TASK, (0.0, None, ""))
        if not self._shown.differs(data, progress, state.training.problem, state.own.questions):
            return
        if data.phase == "loading":
            self._show_progress(progress)
            if self._loading.isHidden() and not self._dismissed and not self._delay.isActive():
                self._delay.start()
        else:
            self._delay.stop()
            self._dismissed = False
            self._loading.hide()
        self._asking = False
        if data.phase == "failed" and data.problem is not None:
            self._problem.show_message(
                data.problem.what,
                where=data.problem.where,
                advice=data.problem.advice,
                actions=(
                    ("retry", "refresh", self.tr("Retry")),
                    ("folder", "folder", self.tr("Choose a folder ...")),
                    ("builtin", "digit", self.tr("Use the built-in images")),
                ),
            )
        elif state.training.problem is not None:
            problem = state.training.problem
            self._problem.show_message(problem.what, where=problem.where, advice=problem.advice)
        elif state.own.questions:
            self._ask(state.own.questions[0])
        else:
            self._problem.clear()
        self._update_geometry()

    def _ask(self, content: PartFolder) -> None:
        """Ask whether a Python folder of the user may be loaded."""
        self._asking = True
        question = (
            self.tr("Load your network “{}”?")
            if content.sort == "network"
            else self.tr("Load your objective “{}”?")
        )
        self._problem.show_message(
            question.format(content.name),
            where=str(content.folder),
            advice=self.tr(
                "It is a Python program: it can do everything that you can do on this computer. You are "
                "asked again when one of its files has changed."
            ),
            kind="warning",
            actions=(("refuse", "close", self.tr("Do not load")), ("allow", "check", self.tr("Load"))),
        )

    def _problem_dismissed(self) -> None:
        if self._asking:
            self._session.own_models.postpone()
        self._update_geometry()

    def _show_progress(self, progress: TaskProgressed) -> None:
        self._what.set_text(progress[2] or self.tr("Searching for the data set ..."))
        self._bar.show_progress(progress)

    def _chosen(self, action: str) -> None:
        if action == "retry":
            self._session.data.retry()
        elif action in ("allow", "refuse"):
            self._session.own_models.answer(action == "allow")
        elif action == "builtin":
            self._session.data.choose("builtin")
        elif action == "folder":
            folder = QFileDialog.getExistingDirectory(self, self.tr("A folder with MNIST, or with images"))
            if folder:
                self._session.data.choose_folder(Path(folder))
