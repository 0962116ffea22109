"""Help > Glossary: every term with its sentence, found by typing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLineEdit, QScrollArea, QWidget

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.glossary import terms
from aestudio.gui.widgets.layouts import boxed, column, fill, label
from aestudio.gui.window.palette.word_match import words_of

if TYPE_CHECKING:
    from aestudio.gui.widgets.glossary_term import Term
    from aestudio.gui.widgets.layouts import Item

_WIDTH, _HEIGHT, _AROUND = 620, 560, 48  # logical pixels; around: of the window, on each side


def show_glossary(window: QWidget, find: str = "") -> None:
    """Open the glossary, with a term in the field; it blocks neither the training nor the window."""
    dialog = GlossaryDialog(window)
    dialog.search.setText(find)
    dialog.open()


class GlossaryDialog(QDialog):
    """Terms whose title or sentence has every typed word; the term itself first, then those named like it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Glossary"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a term"))
        self.search.setAccessibleName(self.tr("Find a term"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.rows: list[tuple[Term, QWidget]] = [(term, _row(term)) for term in terms()]
        self.nothing = label(self.tr("No term has these words."), "muted")
        self.nothing.hide()
        self._column = column(*(row for _, row in self.rows), self.nothing, fill(), gap=12)
        content = boxed(self._column, role="content")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        set_role(self.area, "bare")
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(content)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        # Return in the field must not close the dialog.
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        items: tuple[Item, ...] = (
            label(self.tr("Glossary"), "heading"),
            self.search,
            fill(self.area),
            buttons,
        )
        column(*items, gap=16, margins=24, on=self)
        px = current_theme().px
        space = window.size() - QSize(2 * _AROUND, 2 * _AROUND)
        self.resize(QSize(px(_WIDTH), px(_HEIGHT)).boundedTo(space))
        self.search.setFocus()

    def _find(self, typed: str) -> None:
        words = words_of(typed)
        ranked = [(_rank(term, words), number, row) for number, (term, row) in enumerate(self.rows)]
        found = [(rank, number, row) for rank, number, row in ranked if rank is not None]
        for place, (_, _, row) in enumerate(sorted(found, key=lambda one: one[:2])):
            self._column.removeWidget(row)
            self._column.insertWidget(place, row)
        for rank, _, row in ranked:
            row.setVisible(rank is not None)
        self.nothing.setVisible(not found)
        self.area.verticalScrollBar().setValue(0)


def _rank(term: Term, words: tuple[str, ...]) -> int | None:
    """How near a term is to the typed words, 0 for the term itself; None if one of them is not found.

    A title may have an abbreviation or another name in brackets: "Kullback-Leibler divergence (KL)".
    """
    if not words:
        return 0  # all, in the order of their titles
    title, sentence = words_of(term.title()), words_of(term.sentence())
    text = " ".join((*title, *sentence))
    if not all(word in text for word in words):
        return None
    names = {title, *(words_of(name) for name in re.split(r"[(),]", term.title()))}
    if words in names:
        return 0
    if title[: len(words)] == words or any(name[: len(words)] == words for name in names):
        return 1
    if all(word in title for word in words):
        return 2
    return 3 if all(word in " ".join(title) for word in words) else 4


def _row(term: Term) -> QWidget:
    title = label(term.title(), "label")
    sentence = label(term.sentence(), "muted")
    for text in (title, sentence):
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    sentence.setWordWrap(True)
    row = boxed(column(title, sentence, gap=2))
    row.setAccessibleName(
        QCoreApplication.translate("glossary", "{}: {}").format(term.title(), term.sentence())
    )
    return row
