"""What all editors of guesses have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from aestudio.lessons.scores import Outcome


@dataclass(frozen=True)
class ShownGuess:
    """What an editor shows.

    answer:  None while nothing was answered; locked: whether it is committed
    outcome: what was measured, None before that
    options: the texts of a choice; unit: of a number; spread: of all codes, for a point
    """

    guess: Any
    answer: Any = None
    locked: bool = False
    outcome: Outcome | None = None
    options: tuple[str, ...] = ()
    unit: str = ""
    spread: float = 1.0


class GuessEditor(QWidget):
    """answered(answer): the user answered, in the form of `lessons.scores.Answer`; None: has no answer yet"""

    answered = Signal(object)

    def show_guess(self, shown: ShownGuess) -> None:
        """Show the answer, and beside it what was measured."""
        raise NotImplementedError
