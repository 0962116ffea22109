"""Names from files are shown as they are: no markup, no keys, no turned text, one line where one is meant."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QToolTip, QWidget

import aestudio.gui
from aestudio.gui.plots.overlay import table
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.plain_text import PlainLabel, menu_text, one_line, seen

SOURCES = sorted(Path(aestudio.gui.__file__).parent.rglob("*.py"))
MARKUP = "<img src='/tmp/there-is-no-such-picture.png'><b>bold</b>"


def test_a_plain_label_takes_no_markup(qtbot):
    label = PlainLabel(MARKUP)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == MARKUP


def test_what_turns_or_hides_text_is_left_out_and_lines_stay():
    assert seen("a\u202eb\x00c\nd\u2066e") == "abc\nde"


def test_a_name_in_one_line_has_no_breaks_and_an_end():
    assert one_line("a\nb\tc\u2029d") == "a b c d"
    assert one_line("two  spaces") == "two  spaces"
    long = one_line("x" * 5000 + "the end", 40)
    assert len(long) <= 40
    assert "…" in long
    assert long.endswith("the end")


def test_an_ampersand_names_no_key(qtbot):
    button = TextButton("play", "a &b")
    qtbot.addWidget(button)
    for text in ("a &b", "c &d", "e && f"):
        button.setText(text)
        assert QKeySequence.mnemonic(QAbstractButton.text(button)).isEmpty()
    assert button.text() == "e && f"
    assert menu_text("a &b") == "a &&b"


def test_a_plot_s_read_out_escapes_names():
    assert "<b>" not in table([("#fff", "<b>x</b>", "<i>1</i>")], "<u>y</u>")
    assert "&lt;b&gt;x" in table([("#fff", "<b>x</b>", "1")])


@pytest.mark.usefixtures("themed")
def test_every_tooltip_is_plain(qtbot):
    """Tooltips of widgets, entries, tabs, menus and plots: all are shown by the same label of Qt's."""
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    QToolTip.showText(QPoint(5, 5), MARKUP, widget)
    tips = [one for one in QApplication.topLevelWidgets() if one.metaObject().className() == "QTipLabel"]
    assert tips
    for tip in tips:
        assert isinstance(tip, QLabel)
        assert tip.textFormat() == Qt.TextFormat.PlainText
    QToolTip.hideText()


@pytest.mark.usefixtures("themed")
def test_a_message_box_of_qt_s_is_plain(qtbot):
    """The file dialog asks in one whether a file is to be replaced, and names it."""
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


# What reads markup, or can: only the module of the two labels may name it.
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


def _uses(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return (names & FORBIDDEN) | (calls & (FORBIDDEN | FORBIDDEN_CALLS))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_module_makes_a_label_that_reads_markup(path):
    tree = ast.parse(path.read_text("utf-8"))
    if path.name != "plain_text.py":
        assert not _uses(tree)


def test_markup_is_written_where_names_are_escaped_and_nowhere_else():
    users = {path.name for path in SOURCES if "MarkupLabel" in path.read_text("utf-8")}
    assert users == {"plain_text.py", "overlay.py", "inspector.py"}
