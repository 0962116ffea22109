"""Help > Glossary: every term with its sentence, found by typing."""

from __future__ import annotations

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


def show_glossary(window: QWidget) -> None:
    """Open the glossary; it blocks neither the training nor the window."""
    GlossaryDialog(window).open()


class GlossaryDialog(QDialog):
    """Terms whose title or sentence has every typed word."""

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
        content = boxed(column(*(row for _, row in self.rows), self.nothing, fill(), gap=12), role="content")
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
        found = 0
        for term, row in self.rows:
            text = " ".join(words_of(f"{term.title()} {term.sentence()}"))
            shown = all(word in text for word in words)
            row.setVisible(shown)
            found += shown
        self.nothing.setVisible(not found)
        self.area.verticalScrollBar().setValue(0)


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
