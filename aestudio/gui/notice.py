"""Above the view: what goes on with the dataset, and problems that need a decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from aestudio.gui.shown import Shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.message_panel import MessagePanel
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from aestudio.gui.session.session import Session
    from aestudio.gui.session.state import DataState, StudioState

_SLOW_TOTAL = 1000
DELAY_MILLISECONDS = 500


class Notice(QWidget):
    """Takes no place while there is nothing to say."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = Shown()
        self._problem = MessagePanel()
        self._problem.chosen.connect(self._chosen)
        self._problem.dismissed.connect(self._problem.clear)
        self._loading = QFrame()
        set_role(self._loading, "raised")
        self._what = PlainLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        cancel = TextButton(
            "close", self.tr("Cancel"), tip=self.tr("Stop loading; nothing half-written is left")
        )
        cancel.clicked.connect(session.data.cancel)
        theme = current_theme()
        row = QHBoxLayout(self._loading)
        row.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        row.setSpacing(theme.px(12))
        row.addWidget(self._what)
        row.addWidget(self._bar, 1)
        row.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._loading)
        column.addWidget(self._problem)
        self._loading.hide()
        self._problem.hide()
        # What is on the disk already is loaded before anybody could read that it is being loaded.
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MILLISECONDS)
        self._delay.timeout.connect(self._loading.show)

    def show_state(self, state: StudioState) -> None:
        """Show the loading bar, or the dataset's problem, or the training's."""
        data = state.data
        if not self._shown.differs(data, state.training.problem):
            return
        if data.phase == "loading":
            self._show_progress(data)
            if not self._loading.isVisibleTo(self) and not self._delay.isActive():
                self._delay.start()
        else:
            self._delay.stop()
            self._loading.hide()
        if data.phase == "failed" and data.problem is not None:
            self._problem.show_message(
                data.problem.what, where=data.problem.where, advice=data.problem.advice,
                actions=(
                    ("retry", "refresh", self.tr("Retry")),
                    ("folder", "folder", self.tr("Choose a folder ...")),
                    ("builtin", "digit", self.tr("Use the built-in digits")),
                ),
            )  # fmt: skip
        elif state.training.problem is not None:
            problem = state.training.problem
            self._problem.show_message(problem.what, where=problem.where, advice=problem.advice)
        else:
            self._problem.clear()

    def _show_progress(self, data: DataState) -> None:
        done, total, what = data.progress
        self._what.setText(what or self.tr("Looking for the dataset ..."))
        if total:
            self._bar.setRange(0, _SLOW_TOTAL)
            self._bar.setValue(int(_SLOW_TOTAL * min(1.0, done / total)))
        else:
            self._bar.setRange(0, 0)

    def _chosen(self, action: str) -> None:
        if action == "retry":
            self._session.data.retry()
        elif action == "builtin":
            self._session.data.choose("builtin")
        elif action == "folder":
            folder = QFileDialog.getExistingDirectory(self, self.tr("A folder with MNIST, or with pictures"))
            if folder:
                self._session.data.choose_folder(Path(folder))
