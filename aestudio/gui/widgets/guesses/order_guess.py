"""An order of classes: they are clicked from the smallest to the largest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from aestudio.gui.widgets.guesses.guess_editor import GuessEditor, ShownGuess
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.lessons.number_text import number_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.lessons.guesses import OrderGuess

MOST = 10


class OrderGuessEditor(GuessEditor):
    """A button for each class. Clicked ones get their place; Again begins anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[TextButton] = []
        for number in range(MOST):
            button = TextButton("", "")
            button.clicked.connect(partial(self._clicked, number))
            self.buttons.append(button)
        self.again = TextButton("undo", self.tr("Again"), role="quiet")
        self.again.clicked.connect(self._begin_again)
        self.said = label("", "")
        self.said.setWordWrap(True)
        self.measured = label("", "good")
        self.measured.setWordWrap(True)
        half = MOST // 2
        rows = [boxed(row(*self.buttons[start : start + half], fill(), gap=4)) for start in (0, half)]
        column(*rows, row(fill(self.said), self.again, gap=8), self.measured, gap=6, on=self)
        self._lower = rows[1]
        self.order: list[str] = []  # clicked so far
        self._items: tuple[str, ...] = ()
        self._locked = False

    def _clicked(self, number: int, _checked: bool = False) -> None:
        item = self._items[number]
        if item not in self.order:
            self.order.append(item)
        if len(self.order) == len(self._items) - 1:  # the last one follows
            self.order += [one for one in self._items if one not in self.order]
        self._write()
        if len(self.order) == len(self._items):
            self.answered.emit(tuple(self.order))

    def _begin_again(self) -> None:
        self.order = []
        self._write()
        self.answered.emit(None)

    def show_guess(self, shown: ShownGuess) -> None:
        """Show the order, and after it was measured the measured one."""
        guess: OrderGuess = shown.guess
        if guess.items != self._items:
            self._items, self.order = guess.items, []
        if shown.answer is not None:
            self.order = list(shown.answer)
        self._locked = shown.locked
        for number, button in enumerate(self.buttons):
            there = number < len(self._items)
            button.setVisible(there)
            if there:
                button.setText(self._items[number])
        self._lower.setVisible(len(self._items) > MOST // 2)
        self.again.setVisible(not shown.locked)
        text = ""
        if shown.outcome is not None:
            values = shown.outcome.measured
            right: Any = shown.outcome.right
            parts = [f"{item} ({number_text(values[item])})" for item in right]
            text = self.tr("Measured: {}").format(", ".join(parts))
        self.measured.setText(text)
        self.measured.setVisible(bool(text))
        self._write()

    def _write(self) -> None:
        for number, item in enumerate(self._items):
            self.buttons[number].setEnabled(not self._locked and item not in self.order)
        first = self.tr("Click from the smallest to the largest.")
        self.said.setText(self.tr("Guess: {}").format(", ".join(self.order)) if self.order else first)
