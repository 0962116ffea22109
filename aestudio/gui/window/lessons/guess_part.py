"""A guess on the page of a step: the question, its editor, Commit, and the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QWidget

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.guesses.choice_guess import ChoiceGuessEditor
from aestudio.gui.widgets.guesses.guess_editor import GuessEditor, ShownGuess
from aestudio.gui.widgets.guesses.number_guess import NumberGuessEditor
from aestudio.gui.widgets.guesses.order_guess import OrderGuessEditor
from aestudio.gui.widgets.guesses.plane_guess import CurveGuessEditor, PointGuessEditor
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row

if TYPE_CHECKING:
    from aestudio.gui.controllers.lesson_controller import LessonController
    from aestudio.gui.state.lesson_state import LessonState

EDITORS: dict[str, type[GuessEditor]] = {
    "choice": ChoiceGuessEditor,
    "number": NumberGuessEditor,
    "curve": CurveGuessEditor,
    "point": PointGuessEditor,
    "order": OrderGuessEditor,
}


class GuessPart(QFrame):
    """Hidden without a guess. Of each kind the editor is made when it is first needed."""

    def __init__(self, lessons: LessonController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "raised")
        self._lessons = lessons
        self.question = label("", "label")
        self.question.setWordWrap(True)
        self.editors: dict[str, GuessEditor] = {}
        self.commit = TextButton(
            "lock", self.tr("Commit"), tip=self.tr("Fix the guess; it cannot be changed any more (Enter)")
        )
        self.commit.clicked.connect(lessons.commit)
        self.said = label("", "")
        self.said.setWordWrap(True)
        self._column = column(
            self.question, row(fill(self.said), self.commit, gap=8), gap=8, margins=12, on=self
        )
        self.hide()

    def show_guess(self, lesson: LessonState, index: int | None) -> None:
        """Show the guess of this step; None for none."""
        self.setVisible(index is not None)
        if index is None or lesson.file is None:
            return
        step = lesson.file.lesson.steps[index]
        guess, texts = step.guess, lesson.file.texts.steps[step.id]
        assert guess is not None, "only a step with a guess is shown here"
        here = index == lesson.shown
        outcome = None if here else lesson.outcomes.get(index)
        locked = index in lesson.committed
        self.question.setText(texts.question)
        editor = self._editor(guess.kind)
        for one in self.editors.values():
            one.setVisible(one is editor)
        answer = lesson.answer if here else lesson.committed.get(index)
        editor.show_guess(
            ShownGuess(
                guess, answer, locked, outcome, texts.options, texts.unit, lesson.spreads.get(index, 1.0)
            )
        )
        self.commit.setVisible(not locked)
        self.commit.setEnabled(answer is not None)
        self.said.setText(self._said(lesson, index, here))

    def _said(self, lesson: LessonState, index: int, here: bool) -> str:
        if index not in lesson.committed:
            return self.tr("Not committed yet")
        outcome = lesson.outcomes.get(index)
        if here or outcome is None:
            return self.tr("Committed")
        return self.tr("Score {} of 100").format(round(100 * outcome.score))

    def _editor(self, kind: str) -> GuessEditor:
        if kind not in self.editors:
            editor = EDITORS[kind]()
            editor.answered.connect(self._lessons.answer)
            self.editors[kind] = editor
            self._column.insertWidget(1, editor)
        return self.editors[kind]
