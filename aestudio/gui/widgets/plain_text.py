"""Text that comes from files: run titles, class names, paths. Shown as it is, never as markup.

A label of Qt's reads text that looks like HTML as HTML, and opens the files that it names. Every label here
is therefore a `PlainLabel`; tooltips and message boxes are made plain by the style sheet
(gui/theme/style_sheet.py), which reaches them before their first text.
"""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

LONGEST = 120  # characters of a name in a menu, a list or a tooltip
# Characters that are not seen: controls, and those that turn the direction of all that follows them.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")


def seen(text: str) -> str:
    """The text without control characters, which could turn or hide what stands beside it; lines stay."""
    return _UNSEEN.sub("", text)


def one_line(text: str, longest: int = LONGEST) -> str:
    """A name in one line of so many characters at most; the middle is left out where it is longer."""
    line = seen(_BREAKS.sub(" ", text)).strip()
    if len(line) <= longest:
        return line
    half = (longest - 1) // 2
    return f"{line[:half].rstrip()}…{line[-half:].lstrip()}"


def literal(text: str) -> str:
    """For buttons and menu entries, where a single & would name a key: the same text with && for &."""
    return text.replace("&", "&&")


def menu_text(name: str) -> str:
    """A name from a file as an entry of a menu."""
    return literal(one_line(name))


class LiteralText:
    """Mixed into a button of Qt's: its text is a name, in which & is an & and names no key.

    Qt takes a button's shortcut away with every new text: a button that needs one gets a command.
    """

    def setText(self, text: str) -> None:
        """Show this text."""
        super().setText(literal(text))  # type: ignore[misc]

    def text(self) -> str:
        """The text as it was given."""
        return super().text().replace("&&", "&")  # type: ignore[misc]


class PlainLabel(QLabel):
    """A label that takes no markup, whatever its text looks like."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show the text as it is, without control characters."""
        super().setText(seen(text))


class MarkupLabel(QLabel):
    """A label for tables of our own; a name that is put into one goes through `html.escape` first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
