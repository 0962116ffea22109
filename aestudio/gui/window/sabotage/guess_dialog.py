"""Which of four diagnostics would catch the sabotage? A guess first, then the answer and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.sabotage.diagnostics import DIAGNOSTICS
from aestudio.sabotage.sabotage_list import choices_of, names, sabotages

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.sabotage.diagnostics import Diagnostic

_WIDTH = 520  # logical pixels


def show_guess(session: Session, window: QWidget, repair: Callable[[], None]) -> None:
    """Ask about the shown run, beside the window, which can be used meanwhile. repair: what Repair does"""
    applied = session.state.shown_run.sabotage
    if applied is not None and applied.name in names():
        GuessDialog(session, window, applied.name, repair).show()


class GuessDialog(QDialog):
    """Four buttons, also by the keys 1 to 4. The first guess counts; nothing is explained before it.

    It closes when another run is shown, or this one is repaired.
    """

    def __init__(self, session: Session, window: QWidget, name: str, repair: Callable[[], None]) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._kind = session, sabotages()[name]
        self._run = session.state.shown_run.run
        self.setWindowTitle(self.tr("Sabotaged: {}").format(self._kind.title))
        self.question = label(self.tr("Which of these would catch it?"), "label")
        self.what = self._text(f"{self._kind.summary} {self._kind.symptom}")
        self.choices = {one.name: self._choice(number, one.name) for number, one in self._numbered()}
        self.verdict, self.reason = self._text(""), self._text("")
        set_role(self.verdict, "label")
        self.where = self._text("")
        set_role(self.where, "muted")
        self.close_button = TextButton("", self.tr("Close"))
        self.close_button.clicked.connect(self.close)
        self.repair = TextButton("undo", self.tr("Repair"), role="primary")
        self.repair.clicked.connect(lambda: repair())
        buttons = row(fill(), self.close_button, self.repair)
        parts = (self.what, 4, self.question, *self.choices.values(), 4, self.verdict, self.where)
        column(*parts, self.reason, fill(), buttons, gap=8, margins=24, on=self)
        self.setMinimumWidth(current_theme().px(_WIDTH))
        session.changed.connect(self._show_state)
        self._show_state()
        next(iter(self.choices.values())).setFocus()

    @staticmethod
    def _text(text: str) -> PlainLabel:
        made = PlainLabel(text)
        made.setWordWrap(True)
        return made

    def _numbered(self) -> list[tuple[int, Diagnostic]]:
        return list(enumerate(choices_of(self._kind.name), 1))

    def _choice(self, number: int, name: str) -> TextButton:
        button = TextButton("", f"{number}   {DIAGNOSTICS[name].title}")
        button.setObjectName(name)
        button.clicked.connect(partial(self._session.training.guess, name))
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < len(self.choices):
            list(self.choices.values())[number].click()
        else:
            super().keyPressEvent(event)

    def _show_state(self) -> None:
        """Show the answer once there is a guess."""
        run = self._session.state.shown_run
        if run.run != self._run or run.sabotage is None:
            self.close()
            return
        guessed = bool(run.guess)
        for name, button in self.choices.items():
            right, mine = name == self._kind.diagnostic, name == run.guess
            button.setEnabled(not guessed or right)  # the answer stays bright; a second guess does nothing
            button.set_icon("check" if guessed and right else "close" if guessed and mine else "")
        for text in (self.verdict, self.where, self.reason):
            text.setVisible(guessed)
        self.repair.setVisible(guessed)
        if guessed and not self.verdict.text():
            right = DIAGNOSTICS[self._kind.diagnostic]
            said = self.tr("Right: {}.") if run.guess == right.name else self.tr("No, this one: {}.")
            self.verdict.setText(said.format(right.title))
            self.where.setText(right.where)
            self.reason.setText(self._kind.explanation)
            self.adjustSize()
