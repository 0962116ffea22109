"""What is selected in the table of runs, in full, with its tags and its note, which are typed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit

from aestudio.gui.theme.style import keep_length, set_role
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.scroll_page import ScrollPage
from aestudio.runs.labels_file import LONGEST_NOTE
from aestudio.runs.run_rows import size_text

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.runs.run_rows import RunRow

_HEIGHT, _FACTS, _NOTE = 132, 300, 40


class NoteEdit(QPlainTextEdit):
    """Several lines. `left()`: the focus has gone elsewhere."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class RunDetails(QFrame):
    """Of one run, or what several have in common. What was typed is kept when its field loses the focus."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session = session
        self._rows: tuple[RunRow, ...] = ()
        self.facts = label("", "caption")
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts.setWordWrap(True)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        facts = ScrollPage()
        facts.content.addWidget(self.facts)
        keep_length(facts, lambda facts, theme: facts.setMinimumWidth(theme.px(_FACTS)))
        self.tags, self.note = QLineEdit(), NoteEdit()
        self.tags.setPlaceholderText(self.tr("Tags, with commas between"))
        self.tags.setAccessibleName(self.tr("Tags of the selected runs"))
        self.tags.editingFinished.connect(self._keep_tags)
        self.note.setPlaceholderText(self.tr("A note about this run"))
        self.note.setAccessibleName(self.tr("Note of the selected run"))
        self.note.left.connect(self._keep_note)
        keep_length(self.note, lambda note, theme: note.setMinimumHeight(theme.px(_NOTE)))
        keep_length(self, lambda details, theme: details.setFixedHeight(theme.px(_HEIGHT)))
        tags = row(label(self.tr("Tags")), fill(self.tags), gap=8)
        written = boxed(column(tags, fill(self.note), gap=6))
        row(fill(facts, 2), fill(written, 3), gap=16, margins=(12, 8, 12, 8), on=self)
        self.show_rows(())

    def show_rows(self, rows: tuple[RunRow, ...]) -> None:
        """Show these runs; what was typed for others is kept with them first."""
        before, same = self._rows, self._folders(rows) == self._folders(self._rows)
        if not same:
            self.keep()
        self._rows = rows
        own = bool(rows) and not any(row.run.shipped for row in rows)
        self.tags.setEnabled(own)
        self.note.setEnabled(own and len(rows) == 1)
        self.facts.setText(self._facts())
        if not same or (not self.tags.hasFocus() and _tags(before) != _tags(rows)):
            self.tags.setText(", ".join(_tags(rows)))
        note = rows[0].note if len(rows) == 1 else ""
        if not same or (not self.note.hasFocus() and note != self.note.toPlainText()):
            self.note.setPlainText(note)

    def keep(self) -> None:
        """Keep what was typed."""
        self._keep_tags()
        self._keep_note()

    def _facts(self) -> str:
        rows = self._rows
        if not rows:
            return self.tr("Select a run to read more of it, or two to eight to compare them.")
        size = size_text(sum(one.size for one in rows))
        if len(rows) == 1:
            folder = rows[0].run.folder.name
            described = rows[0].run.describe(with_note=False)  # it is beside it
            return "\n".join((rows[0].name, described, self.tr("{} in {}").format(size, folder)))
        return self.tr("{} runs, {}").format(len(rows), size)

    @staticmethod
    def _folders(rows: tuple[RunRow, ...]) -> list[object]:
        return [one.run.folder for one in rows]

    def _keep_tags(self) -> None:
        before = _tags(self._rows)
        typed = [tag.strip().removeprefix("#") for tag in self.tags.text().split(",")]
        now = [tag for tag in typed if tag]
        if not self.tags.isEnabled() or tuple(now) == before:
            return
        known = {tag.casefold() for tag in now}
        gone = [tag for tag in before if tag.casefold() not in known]
        own = [one.run for one in self._rows]
        if len(own) == 1:
            self._session.runs.change_tags(own, now, before)  # in the order in which they are written
        else:
            self._session.runs.change_tags(own, now, gone)

    def _keep_note(self) -> None:
        text = self.note.toPlainText().strip()
        if self.note.isEnabled() and len(self._rows) == 1 and text != self._rows[0].note:
            self._session.runs.set_note(self._rows[0].run, text[:LONGEST_NOTE])


def _tags(rows: tuple[RunRow, ...]) -> tuple[str, ...]:
    """The tags that all of them have, in the order of the first."""
    if not rows:
        return ()
    others = [{tag.casefold() for tag in one.tags} for one in rows[1:]]
    return tuple(tag for tag in rows[0].tags if all(tag.casefold() in other for other in others))
