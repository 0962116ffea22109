"""Above the view: what goes on with the dataset, and problems that need a decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.message_panel import MessagePanel

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import DataState, StudioState

_SLOW_TOTAL = 1000
DELAY_MILLISECONDS = 500
_WIDEST, _BAR = 720, 160
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)


class Notice(QWidget):
    """Lies over the upper edge of the view while there is something to say, and can be put away.

    In a place of its own it would take that place from a view that needs every line of it.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._under: QWidget | None = None
        self._put_away = False
        self._shown = Shown()
        self._problem = MessagePanel()
        self._problem.chosen.connect(self._chosen)
        self._problem.dismissed.connect(self._lie)
        self._loading = QFrame()
        set_role(self._loading, "raised")
        self._what = ElidedLabel()
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
        row.addWidget(self._what, 1)
        keep_length(self._bar, lambda bar, theme: bar.setFixedWidth(theme.px(_BAR)))
        row.addWidget(self._bar)
        row.addWidget(cancel)
        hide = IconButton("close", self.tr("Put this away; the loading goes on"), side=14)
        hide.clicked.connect(self._hide_loading)
        row.addWidget(hide)
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
        self._delay.timeout.connect(self._show_loading)
        self.hide()

    def lie_over(self, widget: QWidget) -> None:
        """Lie over the upper edge of this widget, wherever it goes."""
        self._under = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget below."""
        if watched is self._under and event.type() in _MOVES:
            self._lie()
        return False

    def event(self, event: QEvent) -> bool:
        """Become as high as other texts and buttons need."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._lie()
        return done

    def _lie(self) -> None:
        """Take the place above the widget below, as high as the texts need, or none."""
        says = not (self._loading.isHidden() and self._problem.isHidden())
        parent, under = self.parentWidget(), self._under
        if says and under is not None and parent is not None:
            corner = under.mapTo(parent, QPoint(0, 0))
            width = min(under.width(), current_theme().px(_WIDEST))
            layout = self.layout()
            assert layout is not None
            layout.invalidate()
            height = (
                layout.totalHeightForWidth(width)
                if layout.hasHeightForWidth()
                else layout.sizeHint().height()
            )
            self.setGeometry(corner.x() + (under.width() - width) // 2, corner.y(), width, height)
            self.raise_()
        self.setVisible(says)

    def _show_loading(self) -> None:
        self._loading.setVisible(not self._put_away)
        self._lie()

    def _hide_loading(self) -> None:
        self._put_away = True
        self._show_loading()

    def show_state(self, state: StudioState) -> None:
        """Show the loading bar, or the dataset's problem, or the training's."""
        data = state.data
        if not self._shown.differs(data, state.training.problem):
            return
        if data.phase == "loading":
            self._show_progress(data)
            if self._loading.isHidden() and not self._put_away and not self._delay.isActive():
                self._delay.start()
        else:
            self._delay.stop()
            self._put_away = False
            self._loading.hide()
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
        else:
            self._problem.clear()
        self._lie()

    def _show_progress(self, data: DataState) -> None:
        done, total, what = data.progress
        self._what.set_text(what or self.tr("Looking for the dataset ..."))
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
            folder = QFileDialog.getExistingDirectory(self, self.tr("A folder with MNIST, or with images"))
            if folder:
                self._session.data.choose_folder(Path(folder))
