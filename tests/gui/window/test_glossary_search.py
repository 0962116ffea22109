"""The glossary finds a term by typing: the term itself comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from aestudio.gui.widgets.glossary import terms
from aestudio.gui.window.glossary_dialog import GlossaryDialog, show_glossary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[GlossaryDialog]:
    window = QWidget()
    window.resize(900, 800)
    qtbot.addWidget(window)
    dialog = GlossaryDialog(window)
    dialog.open()
    yield dialog
    dialog.close()


def shown(dialog: GlossaryDialog) -> list[str]:
    """Titles from top to bottom."""
    dialog.layout().activate()  # type: ignore[union-attr]
    visible = [(term, row) for term, row in dialog.rows if not row.isHidden()]
    order = [dialog._column.indexOf(row) for _, row in visible]
    return [term.title() for _, (term, _) in sorted(zip(order, visible, strict=True), key=lambda one: one[0])]


def test_every_title_finds_its_term_first(dialog: GlossaryDialog) -> None:
    for term in terms():
        dialog.search.setText(term.title())
        assert shown(dialog)[0] == term.title()
    dialog.search.setText("")
    assert shown(dialog) == [term.title() for term in terms()]


@pytest.mark.parametrize("typed", ["Code", "loss", "prior", "EPOCH", "sample", "encoder"])
def test_a_word_that_many_sentences_have_shows_its_own_term_first(dialog: GlossaryDialog, typed: str) -> None:
    dialog.search.setText(typed)
    found = shown(dialog)
    assert found[0].casefold() == typed.casefold()
    assert len(found) > 1


def test_it_can_be_opened_at_a_term(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(900, 800)
    qtbot.addWidget(window)
    show_glossary(window, "Posterior")
    dialog = window.findChild(GlossaryDialog)
    assert isinstance(dialog, GlossaryDialog)
    assert shown(dialog)[0] == "Posterior"
    dialog.close()
