"""The place beside the view in which a lesson is given; over the view in a window that is too narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aestudio.gui.theme.style import current_theme, set_over, take_theme
from aestudio.gui.window.sidebars.sidebar_arrangement import VIEW

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.commands.target import CommandTarget
    from aestudio.gui.window.lessons.lesson_panel import LessonPanel

WIDTH = 320


class LessonPlace(QWidget):
    """Makes the panel when a lesson is first wanted: the first frame does not wait for it.

    changed(): the view has more or less width, or a training that can be paused is there or not
    """

    changed = Signal()

    def __init__(self, content: QWidget, target: CommandTarget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel: LessonPanel | None = None
        self._target = target
        self._known = (False, False)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(content)

    def show_state(self, state: StudioState) -> None:
        """Show the panel while a lesson is given."""
        wanted = state.lesson.page != "closed"
        if self.panel is None:
            if not wanted:
                return
            from aestudio.gui.window.lessons.lesson_panel import LessonPanel

            self.panel = LessonPanel(self._target, self)
            take_theme(self.panel)
        if wanted != self.panel.isVisibleTo(self):
            self.panel.setVisible(wanted)
            self._arrange()
            if wanted:
                self.panel.setFocus()
        if wanted:
            self.panel.show_state(state)
        if (wanted, state.is_training) != self._known:
            self._known = wanted, state.is_training
            self._target.session.after_showing(self.changed.emit)

    @property
    def narrows(self) -> bool:
        """Whether the view has to do without what is not needed: no training is there to be paused."""
        return self._known == (True, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Beside the view if that keeps the width that it needs, otherwise over it."""
        if self.panel is None:
            return
        px = current_theme().px
        width = min(px(WIDTH), self.width())
        beside = self.panel.isVisibleTo(self) and self.width() - width >= px(VIEW)
        self._layout.setContentsMargins(0, 0, width if beside else 0, 0)
        set_over(self.panel, not beside)
        self.panel.setGeometry(QRect(self.width() - width, 0, width, self.height()))
        self.panel.raise_()
