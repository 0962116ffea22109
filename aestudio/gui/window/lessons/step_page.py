"""One step of a lesson: what it says, the guess, and what was measured beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.formula_line import FormulaLine
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.plain_text import MarkupLabel, one_line
from aestudio.gui.widgets.scroll_column import ScrollColumn
from aestudio.gui.window.lessons.guess_part import GuessPart
from aestudio.lessons.markdown_text import to_html
from aestudio.lessons.texts import filled

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.lesson_state import LessonState


class StepPage(QWidget):
    """Back and forward stay at the foot; everything above scrolls."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lessons = session.lessons
        self.phase = label("", "caption")
        self.title = label("", "heading")
        self.title.setWordWrap(True)
        self.say = MarkupLabel()
        self.say.setWordWrap(True)
        self.say.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.formula = FormulaLine()
        self.guess = GuessPart(self._lessons)
        self.revealed = GuessPart(self._lessons)
        self.problem = label("", "bad")
        self.problem.setWordWrap(True)
        self.prepared = label("", "caption")
        self.prepared.setWordWrap(True)
        self.parts = ScrollColumn(
            self.phase,
            self.title,
            self.say,
            self.formula,
            self.guess,
            self.revealed,
            self.prepared,
            self.problem,
            fill(),
        )
        self.back = IconButton("chevron-left", self.tr("Step before (Page Up)"))
        self.back.clicked.connect(self._lessons.back)
        self.forward = TextButton("", self.tr("Next"), tip=self.tr("Next step (Page Down)"), role="primary")
        self.forward.clicked.connect(self._lessons.forward)
        self.jump = ChoiceBox(self.tr("Step"), self.tr("Go to a step"), characters=12)
        self.jump.chosen.connect(self._lessons.go_to)
        self._titles: tuple[str, ...] = ()
        foot = row(self.back, fill(self.jump), self.forward, gap=8)
        column(fill(self.parts), boxed(foot), gap=8, on=self)

    def show_state(self, lesson: LessonState) -> None:
        """Show the open step."""
        file, step, texts = lesson.file, lesson.step, lesson.texts
        self.problem.setText("" if lesson.problem is None else str(lesson.problem))
        self.problem.setVisible(lesson.problem is not None)
        if file is None or step is None or texts is None:
            return
        self._show_steps(lesson)
        names = {
            "predict": self.tr("Predict"),
            "do": self.tr("Do"),
            "explain": self.tr("Explain"),
            "explore": self.tr("Explore"),
        }
        count = self.tr("{} · step {} of {}")
        self.phase.setText(count.format(names[step.phase], lesson.shown + 1, len(file.lesson.steps)))
        self.title.setText(texts.title)
        self.say.setText(to_html(filled(texts.say, lesson.numbers)))
        self.formula.show_formula(texts.formula)
        self.guess.show_guess(lesson, lesson.shown if step.guess is not None else None)
        revealed = lesson.revealed
        self.revealed.show_guess(lesson, revealed[0] if revealed else None)
        self._show_origin(lesson)
        self.back.setEnabled(lesson.shown > 0)
        self.forward.setEnabled(not lesson.must_guess and lesson.shown + 1 < len(file.lesson.steps))

    def _show_origin(self, lesson: LessonState) -> None:
        """Say that what is shown was trained ahead, and for how long."""
        text = ""
        if lesson.prepared is not None and lesson.step is not None and lesson.step.phase == "do":
            seconds = lesson.prepared.seconds(lesson.shown)
            if seconds:
                text = self.tr("Prepared: trained ahead on this computer, in {} s.").format(f"{seconds:.1f}")
        self.prepared.setText(text)
        self.prepared.setVisible(bool(text))

    def _show_steps(self, lesson: LessonState) -> None:
        assert lesson.file is not None
        steps = lesson.file.lesson.steps
        titles = tuple(one_line(lesson.file.texts.steps[step.id].title) for step in steps)
        if titles != self._titles:
            self._titles = titles
            self.jump.set_entries((index, f"{index + 1}. {title}") for index, title in enumerate(titles))
        self.jump.show_value(lesson.shown)
