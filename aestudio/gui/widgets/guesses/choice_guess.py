"""One of up to four answers, each with its key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.guesses.guess_editor import GuessEditor, ShownGuess
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.widgets.plain_text import PlainLabel

MOST = 4


class ChoiceGuessEditor(GuessEditor):
    """A row for each answer: a button with its key, and its text, which may take several lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[TextButton] = []
        self.texts: list[PlainLabel] = []
        self._rows: list[QWidget] = []
        for number in range(MOST):
            button = TextButton("", str(number + 1), role="")
            button.setCheckable(True)
            button.clicked.connect(partial(self._chosen, number))
            text = label("", "")
            text.setWordWrap(True)
            self.buttons.append(button)
            self.texts.append(text)
            self._rows.append(boxed(row(button, fill(text), gap=8)))
        column(*self._rows, gap=4, on=self)

    def _chosen(self, number: int, _checked: bool = False) -> None:
        self.answered.emit(number)

    def show_guess(self, shown: ShownGuess) -> None:
        """Mark the answer, and after it was measured the right one."""
        right = None if shown.outcome is None else shown.outcome.right
        for number, (button, text) in enumerate(zip(self.buttons, self.texts, strict=True)):
            there = number < len(shown.options)
            self._rows[number].setVisible(there)
            if not there:
                continue
            said = shown.options[number]
            if right == number:
                said = self.tr("{} (measured)").format(said)
            text.setText(said)
            set_role(text, "good" if right == number else "")
            button.setChecked(shown.answer == number)
            button.setEnabled(not shown.locked)
            button.setAccessibleName(self.tr("Answer {}: {}").format(number + 1, shown.options[number]))
            button.change_role("primary" if shown.answer == number else "")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
