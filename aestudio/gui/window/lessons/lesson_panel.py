"""The panel in which a lesson is given: the list, what is to be prepared, and the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.window.lessons.lesson_list import LessonList
from aestudio.gui.window.lessons.preparation_page import PreparationPage
from aestudio.gui.window.lessons.step_page import StepPage
from aestudio.gui.window.lessons.step_set_up import StepSetUp

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.commands.target import CommandTarget

translate = QCoreApplication.translate
_ANSWERS = ("1", "2", "3", "4")
KEYS = LocalKeys(
    lambda: translate("keys", "Lesson"),
    LocalKey("lesson.answer", _ANSWERS, lambda: translate("keys", "chooses an answer")),
    LocalKey(
        "lesson.commit", ("Return", "Enter"), lambda: translate("keys", "commits the guess, or goes on")
    ),
    LocalKey("lesson.forward", ("PgDown",), lambda: translate("keys", "next step")),
    LocalKey("lesson.back", ("PgUp",), lambda: translate("keys", "step before")),
)


class LessonPanel(QFrame):
    """Shows the lesson of the state. It takes the focus with each step, so that its keys work."""

    def __init__(self, target: CommandTarget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Lesson"))
        self._session = target.session
        self.heading = label("", "label")
        self.heading.setWordWrap(True)
        self.to_list = IconButton("chevron-left", self.tr("All lessons"))
        self.to_list.clicked.connect(self._session.lessons.show_list)
        self.close_button = IconButton("close", self.tr("Close the lesson"))
        self.close_button.clicked.connect(self._session.lessons.close)
        self.list = LessonList()
        self.list.chosen.connect(self._session.lessons.give)
        self.preparation = PreparationPage(self._session)
        self.steps = StepPage(self._session)
        self.pages = QStackedWidget()
        for page in (self.list, self.preparation, self.steps):
            self.pages.addWidget(page)
        self._set_up = StepSetUp(target)
        self._openings = self._session.state.lesson.openings
        heading = row(self.to_list, fill(self.heading), self.close_button, gap=4)
        column(heading, fill(self.pages), gap=8, margins=(12, 8, 12, 8), on=self)
        self.hide()

    def show_state(self, state: StudioState) -> None:
        """Show what is open; a step that was just opened also sets the window up."""
        lesson = state.lesson
        page = {"list": self.list, "preparing": self.preparation}.get(lesson.page, self.steps)
        self.pages.setCurrentWidget(page)
        self.to_list.setVisible(page is not self.list)
        title = self.tr("Lessons") if lesson.file is None or page is self.list else lesson.file.texts.title
        self.heading.setText(title)
        if page is self.list:
            self.list.show_lessons(lesson.listed, lesson.problems)
        elif page is self.preparation:
            self.preparation.show_state(state)
        else:
            self.steps.show_state(lesson)
        if lesson.openings != self._openings:
            self._openings = lesson.openings
            self._session.after_showing(self._follow_step)
        self._set_up.show_state(state)

    def _follow_step(self) -> None:
        """Set the window up as the step says, and take the focus."""
        self._set_up.begin(self._session.state)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command, lessons = KEYS.command(event), self._session.lessons
        state = self._session.state.lesson
        if state.page != "step" or not command:
            super().keyPressEvent(event)
        elif command == "lesson.answer":
            lessons.choose(int(event.text() or 0))
        elif command == "lesson.commit" and state.must_guess:
            lessons.commit()
        elif command == "lesson.back":
            lessons.back()
        else:
            lessons.forward()
