"""Boxes for numbers accept a decimal comma, and give the reason if they refuse a text."""

import ast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from aestudio.gui.widgets.number_box import NumberBox, WholeBox
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.recipes.number_parsing import read_number
from tests.sources import nodes_of, sources


@pytest.fixture(params=["C", "en_US", "de_DE", "fr_FR", "ar_EG"])
def locale(request):
    """Set the default locale; every box works in every locale."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


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
        ("0,500", 0.5),
        ("1,5000", 1.5),
        ("1.500", 1.5),
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
    assert "thousands separators" in box.note.text
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert "thousands separators" in box.note.text
    assert (box.value(), box.property("refused"), box.text()) == (2.5, True, "1.234,5")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert (box.value(), box.property("refused"), box.text()) == (2.5, False, "2.500")
    assert box.note.text == ""


@pytest.mark.parametrize("text", ["1,500", "-12,345", " 1,500 "])
def test_what_can_mean_two_numbers_is_refused_with_both(qtbot, locale, text):
    box = shown(qtbot, NumberBox(limit=1e6))
    typed(qtbot, box, "2.5")
    assert typed(qtbot, box, text) == 2.5
    plain, note = text.strip(), box.note.text
    assert plain in note
    for meaning in (plain.replace(",", ".").rstrip("0"), plain.replace(",", "")):
        assert meaning in note
        assert typed(qtbot, box, meaning) == float(meaning)
        assert box.note.text == ""


def test_the_note_is_visible_below_the_box_and_whole(qtbot):
    """It stays, is inside the window, and covers neither the box nor its own text."""
    window = QWidget()
    window.resize(240, 120)
    box = NumberBox(parent=window)
    box.move(200, 92)
    shown(qtbot, window)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "1,2,3")
    [note] = [child for child in window.findChildren(PlainLabel) if child.isVisible()]
    assert note.text() == box.note.text
    assert window.rect().contains(note.geometry())
    assert not note.geometry().intersects(box.geometry())
    assert note.height() >= note.heightForWidth(note.width())
    box.hide()
    assert not note.isVisible()


def test_a_text_that_was_left_is_not_taken_and_the_button_beside_it_says_so(qtbot):
    """The first click only shows that the old number stands again; the second one uses it."""
    window = QWidget()
    box, other = WholeBox(window), QPushButton("Write", window)
    other.move(0, 60)
    box.setValue(12)
    shown(qtbot, window)
    taken = []
    other.clicked.connect(lambda: taken.append(box.value()) if box.accept_text() else None)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "1,5")
    other.setFocus()
    assert (box.text(), box.property("refused")) == ("12", False)
    assert "without point or comma" in box.note.text
    other.click()
    assert taken == []
    assert "without point or comma" in box.note.text
    other.click()
    assert taken == [12]


@given(text=st.text("0123456789.,-+e '", max_size=9))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_taken_exactly_or_refused_with_a_sentence(qtbot, text):
    box = shown(qtbot, NumberBox(limit=1e6))
    box.show_value(2.5)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    try:
        number = read_number(text)
    except ValueError:
        number = None
    if number is not None and abs(number) <= 1e6:
        assert box.value() == number
        assert float(box.text()) == number, "and it shows what it holds"
    else:
        assert box.value() == 2.5
        assert box.note.text or not text
    box.close()


def test_a_typed_number_keeps_its_decimals_and_a_set_one_is_rounded(qtbot):
    box = shown(qtbot, NumberBox(decimals=2))
    assert typed(qtbot, box, "0,125") == 0.125
    assert box.text() == "0.125"
    box.clearFocus()
    assert box.value() == 0.125
    box.show_value(-0.87654)
    assert (box.value(), box.text()) == (-0.88, "-0.88")
    box.show_value(-0.001)
    assert box.text() == "0.00"


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
    assert "From -10 to 10" in box.note.text


def test_an_incomplete_text_restores_the_last_number(qtbot, locale):
    box = shown(qtbot, NumberBox())
    typed(qtbot, box, "2.5")
    assert typed(qtbot, box, "-,") == 2.5
    assert "no number" in box.note.text
    box.clearFocus()
    assert (box.value(), box.text()) == (2.5, "2.500")


def test_a_number_below_the_minimum_is_not_refused_while_digits_can_follow(qtbot, locale):
    box = shown(qtbot, WholeBox())
    box.setRange(100, 200)
    box.selectAll()
    qtbot.keyClicks(box, "15")
    assert not box.property("refused")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert "From 100 to 200" in box.note.text
    box.lineEdit().end(False)
    qtbot.keyClicks(box, "0")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 150


@pytest.mark.parametrize("text", ["1,5", "1.5", "1,500", "1 500"])
def test_a_whole_number_accepts_no_comma(qtbot, locale, text):
    box = shown(qtbot, WholeBox())
    box.setRange(0, 9999)
    assert typed(qtbot, box, "42") == 42
    assert typed(qtbot, box, text) == 42
    assert "without point or comma" in box.note.text


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
    for path in sources("gui"):
        used[path.name] = {node.id for node in nodes_of(path, ast.Name)} & forbidden
    assert used.pop("number_box.py")
    assert {name: names for name, names in used.items() if names} == {}


def test_a_minus_can_be_as_long_as_a_plus(qtbot):
    """It is shown in numbers beside an axis; a hyphen may be typed."""
    box = NumberBox(decimals=2)
    qtbot.addWidget(box)
    box.minus = "\N{MINUS SIGN}"
    box.setValue(-0.5)
    assert box.text() == "\N{MINUS SIGN}0.50"
    box.lineEdit().setText("-1.25")
    assert box.accept_text()
    assert (box.value(), box.text()) == (-1.25, "\N{MINUS SIGN}1.25")
    box.setValue(-0.001)
    assert box.text() == "0.00"
