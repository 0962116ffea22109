"""Names from files are shown literally: no markup, no mnemonics, no control characters."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QToolTip, QWidget

from aestudio.gui.plots.overlay import table
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.plain_text import (
    ZERO_WIDTH_SPACE,
    PlainLabel,
    breakable,
    menu_text,
    one_line,
    without_controls,
)
from tests.sources import nodes_of, sources

SOURCES = sources("gui")
MARKUP = "<img src='/tmp/no-such-image.png'><b>bold</b>"


def test_a_plain_label_ignores_markup(qtbot):
    label = PlainLabel(MARKUP)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == MARKUP


def test_control_characters_are_removed_and_lines_stay():
    assert without_controls("a\u202eb\x00c\nd\u2066e") == "abc\nde"


def test_one_line_removes_breaks_and_shortens_the_middle():
    assert one_line("a\nb\tc\u2029d") == "a b c d"
    assert one_line("two  spaces") == "two  spaces"
    long = one_line("x" * 5000 + "the end", 40)
    assert len(long) <= 40
    assert "…" in long
    assert long.endswith("the end")


def test_an_ampersand_is_no_mnemonic(qtbot):
    button = TextButton("play", "a &b")
    qtbot.addWidget(button)
    for text in ("a &b", "c &d", "e && f"):
        button.setText(text)
        assert QKeySequence.mnemonic(QAbstractButton.text(button)).isEmpty()
    assert button.text() == "e && f"
    assert menu_text("a &b") == "a &&b"


def test_the_table_of_a_plot_escapes_names():
    assert "<b>" not in table([("#fff", "<b>x</b>", "<i>1</i>")], "<u>y</u>")
    assert "&lt;b&gt;x" in table([("#fff", "<b>x</b>", "1")])


@pytest.mark.usefixtures("themed")
def test_every_tooltip_is_plain(qtbot):
    """Tooltips of widgets, entries, tabs, menus and plots: all are shown by the same QTipLabel."""
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    QToolTip.showText(QPoint(5, 5), MARKUP, widget)
    tips = [
        widget for widget in QApplication.topLevelWidgets() if widget.metaObject().className() == "QTipLabel"
    ]
    assert tips
    for tip in tips:
        assert isinstance(tip, QLabel)
        assert tip.textFormat() == Qt.TextFormat.PlainText
    QToolTip.hideText()


@pytest.mark.usefixtures("themed")
def test_a_message_box_is_plain(qtbot):
    """The file dialog uses one to confirm that a file is replaced, with its name."""
    box = QMessageBox(QMessageBox.Icon.Question, "title", MARKUP)
    qtbot.addWidget(box)
    box.setInformativeText(MARKUP)
    box.show()
    labels = [label for label in box.findChildren(QLabel) if label.text() == MARKUP]
    assert len(labels) == 2
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


@pytest.fixture
def themed(qapp):
    from aestudio.gui.theme.style import apply_theme
    from aestudio.gui.theme.tokens import DARK

    apply_theme(qapp, DARK)


# Classes and methods that can interpret markup: only plain_text.py may use them.
FORBIDDEN = {
    "QLabel",
    "QTextBrowser",
    "QTextEdit",
    "QTextDocument",
    "QStaticText",
    "QErrorMessage",
    "QWhatsThis",
    "QMessageBox",
    "QGraphicsTextItem",
    "QSplashScreen",
}
FORBIDDEN_CALLS = {"setHtml", "setTextFormat", "setMarkdown", "setWhatsThis", "insertHtml"}


def _uses(path: Path) -> set[str]:
    names = {node.id for node in nodes_of(path, ast.Name)}
    calls = {node.attr for node in nodes_of(path, ast.Attribute)}
    return (names & FORBIDDEN) | (calls & (FORBIDDEN | FORBIDDEN_CALLS))


def test_no_other_module_can_interpret_markup():
    used = {path.name: _uses(path) for path in SOURCES}
    assert used.pop("plain_text.py")
    assert {name: names for name, names in used.items() if names} == {}


def test_only_modules_that_escape_names_use_markup():
    users = {path.name for path in SOURCES if "MarkupLabel" in path.read_text("utf-8")}
    assert users == {"plain_text.py", "overlay.py", "inspector.py", "step_page.py"}


@given(st.text(max_size=200))
def test_long_words_can_be_broken_and_nothing_is_lost(text: str) -> None:
    if ZERO_WIDTH_SPACE in text:
        return
    shown = breakable(text)
    assert shown.replace(ZERO_WIDTH_SPACE, "") == text
    assert max(map(len, re.split(rf"[\s{ZERO_WIDTH_SPACE}]", shown))) <= 24 or re.search(
        r"[/\\_.\-]{13}", text
    )


def test_names_break_behind_the_marks_between_their_words() -> None:
    shown = breakable("In /home/someone/pictures_of_digits/0.png and a word")
    words = ["In /", "home/", "someone/", "pictures_", "of_", "digits/", "0.", "png and a word"]
    assert shown.split(ZERO_WIDTH_SPACE) == words
