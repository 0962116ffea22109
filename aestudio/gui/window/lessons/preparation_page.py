"""Says that a lesson is to be prepared, and shows how far that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.controllers.lesson_controller import PREPARE
from aestudio.gui.views.shared.task_progress import TaskProgressBar
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState


class PreparationPage(QWidget):
    """One button begins it; while it is done, another stops it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = label("", "")
        self.what = label(
            self.tr(
                "What this lesson shows is trained and measured ahead, once, so that each of its steps opens "
                "at once, and without a network. Nothing in it is prescribed: the numbers are those of this "
                "computer."
            ),
            "muted",
        )
        self.doing = label("", "caption")
        self.problem = label("", "bad")
        for text in (self.summary, self.what, self.doing, self.problem):
            text.setWordWrap(True)
        self.bar = TaskProgressBar(self.tr("Preparation of the lesson"))
        self.begin = TextButton(
            "play", self.tr("Prepare"), tip=self.tr("Train and measure ahead"), role="primary"
        )
        self.begin.clicked.connect(session.lessons.prepare)
        self.stop = TextButton("stop", self.tr("Stop"), tip=self.tr("What is trained already stays"))
        self.stop.clicked.connect(session.lessons.stop_preparing)
        buttons = row(self.begin, self.stop, fill(), gap=8)
        column(self.summary, self.what, buttons, self.bar, self.doing, self.problem, fill(), gap=12, on=self)

    def show_state(self, state: StudioState) -> None:
        """Show what is prepared, and how far it is."""
        lesson, progress = state.lesson, state.tasks.get(PREPARE)
        self.summary.setText("" if lesson.file is None else lesson.file.texts.summary)
        self.bar.show_progress(progress)
        self.doing.setText("" if progress is None else progress[2])
        self.begin.setVisible(progress is None)
        self.stop.setVisible(progress is not None)
        self.problem.setText("" if lesson.problem is None else str(lesson.problem))
        self.problem.setVisible(lesson.problem is not None)
