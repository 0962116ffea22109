"""Each kind of guess is answered by mouse and keys, is locked, and shows what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter
from PySide6.QtCore import QPoint, Qt

from aestudio.gui.widgets.guesses.choice_guess import ChoiceGuessEditor
from aestudio.gui.widgets.guesses.guess_editor import GuessEditor, ShownGuess
from aestudio.gui.widgets.guesses.number_guess import NumberGuessEditor, number_at, share_of
from aestudio.gui.widgets.guesses.order_guess import OrderGuessEditor
from aestudio.gui.widgets.guesses.plane_guess import CurveGuessEditor, PointGuessEditor
from aestudio.lessons.guesses import Guess
from aestudio.lessons.scores import checked_answer, outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

CHOICE = {"kind": "choice", "measure": "ssim", "bounds": [0.5, 2.0]}
NUMBER = {"kind": "number", "measure": "ssim", "low": 0.0, "high": 2.0, "digits": 2}
CURVE = {"kind": "curve", "measure": "validation.loss", "low": 0.0, "high": 10.0, "epochs": 4}
POINT = {"kind": "point", "digit": 3}
ORDER = {"kind": "order", "measure": "class_mse_per_pixel", "items": ["1", "0", "8"]}


def guess(fields: dict[str, Any]) -> Any:
    return TypeAdapter(Guess).validate_python(fields)


class Asked:
    """An editor that is shown as the panel shows it: with what was answered."""

    def __init__(self, editor: GuessEditor, asked: Any, options: tuple[str, ...] = ()) -> None:
        self.editor, self.asked, self.options = editor, asked, options
        self.answers: list[Any] = []
        editor.answered.connect(self._answered)
        editor.show_guess(ShownGuess(asked, options=options))

    def _answered(self, answer: Any) -> None:
        self.answers.append(answer)
        self.editor.show_guess(ShownGuess(self.asked, answer, options=self.options))

    def lock(self, measured: Any = None) -> None:
        answer = self.answers[-1]
        found = None if measured is None else outcome(self.asked, answer, measured)
        self.editor.show_guess(ShownGuess(self.asked, answer, True, found, self.options))


@pytest.fixture
def ask(qtbot: QtBot) -> Callable[..., Asked]:
    def show(kind: type[GuessEditor], fields: dict[str, Any], options: tuple[str, ...] = ()) -> Asked:
        editor = kind()
        qtbot.addWidget(editor)
        editor.resize(280, 240)
        asked = Asked(editor, guess(fields), options)
        editor.show()
        qtbot.waitExposed(editor)
        return asked

    return show


def test_a_choice(ask: Callable[..., Asked], qtbot: QtBot) -> None:
    asked = ask(ChoiceGuessEditor, CHOICE, ("less", "the same", "more"))
    editor = asked.editor
    assert isinstance(editor, ChoiceGuessEditor)
    assert [button.isVisible() for button in editor.buttons] == [True, True, True, False]
    qtbot.mouseClick(editor.buttons[2], Qt.MouseButton.LeftButton)
    assert asked.answers == [2]
    assert editor.buttons[2].isChecked()
    asked.lock(1.0)
    assert not editor.buttons[0].isEnabled()
    assert [text.text() for text in editor.texts][:3] == ["less", "the same (measured)", "more"]


def test_a_number(ask: Callable[..., Asked], qtbot: QtBot) -> None:
    asked = ask(NumberGuessEditor, NUMBER)
    editor = asked.editor
    assert isinstance(editor, NumberGuessEditor)
    line = editor.line
    middle = QPoint(line.width() // 2, line.height() // 2)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=middle)
    assert asked.answers[-1] == pytest.approx(1.0, abs=0.02)
    qtbot.keyClick(line, Qt.Key.Key_Right)
    assert asked.answers[-1] == pytest.approx(1.04, abs=0.03)
    assert editor.value.text() == f"Guess: {asked.answers[-1]:.2f}"
    asked.lock(1.5)
    assert line.measured == pytest.approx(0.75)
    before = len(asked.answers)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.keyClick(line, Qt.Key.Key_Left)
    assert len(asked.answers) == before


def test_a_curve(ask: Callable[..., Asked], qtbot: QtBot) -> None:
    asked = ask(CurveGuessEditor, CURVE)
    editor = asked.editor
    assert isinstance(editor, CurveGuessEditor)
    for number, up in enumerate((0.8, 0.6, 0.4, 0.2)):
        at = editor.place((number + 0.5) / 4, up).toPoint()
        qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=at)
    assert asked.answers[-1] == pytest.approx((8, 6, 4, 2), abs=0.1)
    qtbot.keyClick(editor, Qt.Key.Key_Left)
    qtbot.keyClick(editor, Qt.Key.Key_Up)
    assert asked.answers[-1] == pytest.approx((8, 6, 4.2, 2), abs=0.15)
    assert "4.2" in editor.accessibleName() or "4.1" in editor.accessibleName()
    asked.lock((7.0, 5.0, 3.0, 1.0))
    before = len(asked.answers)
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=editor.place(0.1, 0.1).toPoint())
    assert len(asked.answers) == before


def test_a_point(ask: Callable[..., Asked], qtbot: QtBot) -> None:
    asked = ask(PointGuessEditor, POINT)
    editor = asked.editor
    assert isinstance(editor, PointGuessEditor)
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=editor.place(0.75, 0.25).toPoint())
    assert asked.answers[-1] == pytest.approx((1.5, -1.5), abs=0.05)  # three spreads to the edge
    qtbot.keyClick(editor, Qt.Key.Key_Up)
    assert asked.answers[-1][1] == pytest.approx(-1.38, abs=0.05)
    asked.lock((0.0, 1.0))
    assert not editor.open


def test_an_order(ask: Callable[..., Asked], qtbot: QtBot) -> None:
    asked = ask(OrderGuessEditor, ORDER)
    editor = asked.editor
    assert isinstance(editor, OrderGuessEditor)
    qtbot.mouseClick(editor.buttons[2], Qt.MouseButton.LeftButton)
    assert asked.answers == []
    qtbot.mouseClick(editor.buttons[0], Qt.MouseButton.LeftButton)
    assert asked.answers[-1] == ("8", "1", "0")  # the last one follows
    qtbot.mouseClick(editor.again, Qt.MouseButton.LeftButton)
    assert asked.answers[-1] is None
    qtbot.mouseClick(editor.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(editor.buttons[1], Qt.MouseButton.LeftButton)
    assert asked.answers[-1] == ("1", "0", "8")
    asked.lock({"1": 0.1, "0": 0.3, "8": 0.2})
    assert editor.measured.text() == "Measured: 1 (0.100), 8 (0.200), 0 (0.300)"
    assert not editor.again.isVisible()


@pytest.mark.parametrize(("low", "high", "log"), [(0.0, 4.0, False), (0.01, 100.0, True)])
def test_places_on_a_line(low: float, high: float, log: bool) -> None:
    for share in (0.0, 0.25, 0.5, 1.0):
        assert share_of(low, high, log, number_at(low, high, log, share)) == pytest.approx(share)


def test_what_editors_answer_is_taken() -> None:
    for fields, answer in ((CHOICE, 2), (NUMBER, 1.04), (CURVE, (1.0, 2.0, 3.0, 4.0)), (POINT, (0.5, 0.5))):
        assert checked_answer(guess(fields), answer) == answer
