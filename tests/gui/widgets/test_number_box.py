"""Boxes for numbers accept a decimal comma, and give the reason if they refuse a text."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolTip

import aestudio.gui
from aestudio.gui.widgets.number_box import NumberBox, WholeBox


@pytest.fixture(params=["C", "en_US", "de_DE", "fr_FR", "ar_EG"])
def locale(request):
    """Set the default locale; every box works in every locale."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)
    QToolTip.hideText()


def shown(qtbot, box):
    qtbot.addWidget(box)
    with qtbot.waitActive(box):
        box.show()
    return box


def typed(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    return box.value()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("-0,75", -0.75),
        ("1,500", 1.5),
        (",25", 0.25),
        ("3,", 3.0),
        ("1e2", 100.0),
    ],
)
def test_a_comma_is_a_decimal_comma(qtbot, locale, text, value):
    assert typed(qtbot, shown(qtbot, NumberBox()), text) == value


def test_a_second_separator_is_refused_with_a_reason(qtbot, locale):
    box = shown(qtbot, NumberBox())
    typed(qtbot, box, "2.5")
    box.selectAll()
    qtbot.keyClicks(box, "1.234,5")
    assert box.lineEdit().text() == "1.234,5"
    assert box.property("refused") is True
    assert "thousands separators" in QToolTip.text()
    QToolTip.hideText()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert "thousands separators" in QToolTip.text()
    assert (box.value(), box.property("refused")) == (2.5, False)


def test_pasted_thousands_change_nothing(qtbot, locale):
    box = shown(qtbot, NumberBox())
    typed(qtbot, box, "2.5")
    box.selectAll()
    QApplication.clipboard().setText("1.234,5")
    box.lineEdit().paste()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 2.5


def test_a_corrected_text_is_accepted(qtbot, locale):
    box = shown(qtbot, NumberBox())
    box.selectAll()
    qtbot.keyClicks(box, "1,5,")
    qtbot.keyClick(box, Qt.Key.Key_Backspace)
    assert box.property("refused") is False
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 1.5


def test_out_of_bounds_is_refused_and_no_key_is_ignored(qtbot, locale):
    box = shown(qtbot, NumberBox(limit=10))
    assert typed(qtbot, box, "12") == 0.0
    assert "From -10 to 10" in QToolTip.text()


def test_an_incomplete_text_restores_the_last_number(qtbot, locale):
    box = shown(qtbot, NumberBox())
    typed(qtbot, box, "2.5")
    assert typed(qtbot, box, "-,") == 2.5


def test_a_number_below_the_minimum_is_not_refused_while_digits_can_follow(qtbot, locale):
    box = shown(qtbot, WholeBox())
    box.setRange(100, 200)
    box.selectAll()
    qtbot.keyClicks(box, "15")
    assert not box.property("refused")
    qtbot.keyClicks(box, "0")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 150


@pytest.mark.parametrize("text", ["1,5", "1.5", "1,500", "1 500"])
def test_a_whole_number_accepts_no_comma(qtbot, locale, text):
    box = shown(qtbot, WholeBox())
    box.setRange(0, 9999)
    assert typed(qtbot, box, "42") == 42
    assert typed(qtbot, box, text) == 42
    assert "without point or comma" in QToolTip.text()


def test_return_on_a_refused_text_does_not_press_the_default_button(qtbot):
    dialog = QDialog()
    box, button = WholeBox(dialog), QPushButton("Write", dialog)
    button.setDefault(True)
    pressed = []
    button.clicked.connect(lambda: pressed.append(box.value()))
    shown(qtbot, dialog)
    typed(qtbot, box, "1,5")
    assert pressed == []
    typed(qtbot, box, "5")
    assert pressed == [5]


def test_arrows_still_step(qtbot, locale):
    box = shown(qtbot, NumberBox())
    typed(qtbot, box, "1,5")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 2.5


def test_no_other_module_uses_spin_boxes_of_qt():
    forbidden = {"QSpinBox", "QDoubleSpinBox", "QDoubleValidator", "QIntValidator"}
    used = {}
    for path in Path(aestudio.gui.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        used[path.name] = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & forbidden
    assert used.pop("number_box.py")
    assert {name: names for name, names in used.items() if names} == {}
