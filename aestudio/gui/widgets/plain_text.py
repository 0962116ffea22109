"""Text that comes from files (run titles, class names, paths) is shown literally, never as markup.

A QLabel interprets text that looks like HTML, and opens the files that it names. Every label of this program
is therefore a `PlainLabel`; the style sheet (gui/theme/style_sheet.py) makes tooltips and message boxes plain
before they get their first text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent

LONGEST = 120  # characters of a name in a menu, a list or a tooltip
# Control characters, and those that change the direction of the following text.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(r"\S{25,}")
_PIECE = re.compile(r"[^/\\_.\-]{0,11}[^/\\_.\-][/\\_.\-]*|[/\\_.\-]+")
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")


def without_controls(text: str) -> str:
    """Remove control characters, which could reverse or hide other text; line breaks stay."""
    return _INVISIBLE.sub("", text)


def one_line(text: str, longest: int = LONGEST, *, cut_end: bool = False) -> str:
    """Return a name in one line of at most `longest` characters; an ellipsis replaces its middle.

    cut_end: it replaces the end instead, of a text whose beginning says most
    """
    line = without_controls(_BREAKS.sub(" ", text)).strip()
    if len(line) <= longest:
        return line
    if cut_end:
        return f"{line[: longest - 1].rstrip(' ,')}…"
    half = (longest - 1) // 2
    return f"{line[:half].rstrip()}…{line[-half:].lstrip()}"


def breakable(text: str) -> str:
    """Return a text whose long words, such as names of files, can be broken at the ends of lines."""
    return _LONG_WORD.sub(lambda word: ZERO_WIDTH_SPACE.join(_PIECE.findall(word[0])), text)


def literal(text: str) -> str:
    """Escape & as && for buttons and menu entries, where & marks a mnemonic."""
    return text.replace("&", "&&")


def menu_text(name: str) -> str:
    """Return a name from a file as the text of a menu entry."""
    return literal(one_line(name))


class LiteralText:
    """Mixed into a QAbstractButton: & is shown as & and is no mnemonic.

    Qt removes the shortcut of a button with each new text; shortcuts therefore belong to commands.
    """

    def setText(self, text: str) -> None:
        """Show this text."""
        super().setText(literal(text))  # type: ignore[misc]

    def text(self) -> str:
        """The text as it was set."""
        return super().text().replace("&&", "&")  # type: ignore[misc]


class _Label(QLabel):
    """Leaves right clicks to the menus of the window, which Qt's own for selectable text would replace."""

    def contextMenuEvent(self, ev: QContextMenuEvent) -> None:
        ev.ignore()


class PlainLabel(_Label):
    """A label that never interprets its text as markup."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show the text literally, without control characters."""
        super().setText(without_controls(text))


class MarkupLabel(_Label):
    """A label for HTML tables that this program writes; names in them must go through `html.escape`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)


def text_of_label(widget: QWidget) -> str | None:
    """What a label says, or what is selected of it, without markup; None for another widget."""
    if not isinstance(widget, QLabel):
        return None
    if widget.hasSelectedText():
        return without_controls(widget.selectedText().replace("\u2029", "\n"))
    if widget.textFormat() == Qt.TextFormat.RichText:
        from PySide6.QtGui import QTextDocumentFragment

        return QTextDocumentFragment.fromHtml(widget.text()).toPlainText().strip()
    return without_controls(widget.text()).strip()
