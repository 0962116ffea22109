"""The queue of trainings in the sidebar: a button that adds the recipe, and one that opens the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.state.next_training import sets_up_next
from aestudio.gui.state.shown import Shown
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import fill, row

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState


class QueueRow(QWidget):
    """Hidden while nothing waits, and no recipe is set up during a training.

    show_queue: the button that opens the queue
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = Shown()
        self.add = TextButton("plus", self.tr("Add to queue"))
        self.add.clicked.connect(lambda: session.queue.add())
        self.show_queue = TextButton("", "", role="quiet")
        row(fill(self.add), self.show_queue, gap=4, margins=0, on=self)
        self.hide()

    def show_state(self, state: StudioState) -> None:
        """Show whether the recipe can be added, and how many trainings wait."""
        queue, sets_up = state.queue, sets_up_next(state)
        if not self._shown.differs(queue.entries, queue.waits, sets_up, state.training.active, state.invalid):
            return
        obstacle = self._session.queue.obstacle()
        self.add.setEnabled(not obstacle)
        self.add.setToolTip(obstacle or self.tr("Train this recipe after the others (Ctrl+Shift+Return)"))
        waiting = sum(not entry.problem for entry in queue.entries)
        failed = len(queue.entries) - waiting
        self.show_queue.setText(self.tr("Queue: {}").format(waiting))
        self.show_queue.set_icon("warning" if failed else "")
        texts = [self.tr("{} trainings wait").format(waiting)]
        if failed:
            texts.append(self.tr("{} have failed").format(failed))
        if queue.waits and waiting:
            texts.append(self.tr("the queue begins when you start it"))
        self.show_queue.setToolTip(self.tr("{}. Opens the queue (Ctrl+Shift+Q)").format(", ".join(texts)))
        self.setVisible(sets_up or bool(queue.entries))
