"""Tags and note of the selected image, or of all images that are selected on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLineEdit, QPlainTextEdit, QWidget

from aestudio.gui.state.image_tags import entry_of, known_tags
from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import column, label, row
from aestudio.runs.labels_file import LONGEST_NOTE

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.image_tags_file import ImageTags

_WIDTH, _NOTE = 360, 72  # logical pixels
_MOST_BOXES = 12
translate = QCoreApplication.translate


def tag_title(tag: str) -> str:
    """A tag as it is shown: the two that the program suggests are translated."""
    titles = {
        "wrong label": translate("tags", "wrong label"),
        "ambiguous": translate("tags", "ambiguous"),
    }
    return titles.get(tag, tag)


def show_tags(session: Session, window: QWidget) -> None:
    """Open the dialog about the image that is selected in every view."""
    TagsDialog(session, window).open()


class TagsDialog(QDialog):
    """Boxes for the known tags, a field for others, and the note. It stops neither training nor window."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tags and note"))
        self._session = session
        state = session.state
        selection = state.workspace.selection
        self._groups = {"image": (state.selected,), "selection": ()}
        if selection is not None:
            self._groups["selection"] = tuple(selection.tolist())
        self.which = ChoiceBox(self.tr("Which images"), "", self._choices(state))
        self.which.chosen.connect(self._show)
        self.which.setVisible(selection is not None)
        self.title = label(self._image_title(state), "label")
        self.title.setVisible(selection is None)
        self.boxes = {tag: QCheckBox(tag_title(tag)) for tag in known_tags(state)[:_MOST_BOXES]}
        self.other = QLineEdit()
        self.other.setPlaceholderText(self.tr("Other tags, with commas between"))
        self.other.setAccessibleName(self.tr("Other tags"))
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName(self.tr("Note"))
        keep_length(self.note, lambda note, theme: note.setFixedHeight(theme.px(_NOTE)))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(self._keep)
        rows = list(self.boxes.values())
        pairs = [row(*rows[start : start + 2], gap=16) for start in range(0, len(rows), 2)]
        parts = (self.title, self.which, *pairs, self.other, self.note, buttons)
        column(*parts, gap=12, margins=24, on=self)
        self.setMinimumWidth(current_theme().px(_WIDTH))
        self._show()
        next(iter(self.boxes.values())).setFocus()

    def _choices(self, state: StudioState) -> tuple[tuple[str, str], ...]:
        several = self.tr("The {} images that are selected on the map")
        return (
            ("image", self._image_title(state)),
            ("selection", several.format(f"{len(self._groups['selection']):,}")),
        )

    def _image_title(self, state: StudioState) -> str:
        entry = entry_of(state, state.selected)
        if entry is None:
            return self.tr("No image")
        kind = self.tr("Test image {}") if entry.part == "test" else self.tr("Training image {}")
        text = kind.format(f"{entry.index:,}")
        return self.tr("{}, class {}").format(text, entry.label) if entry.label else text

    @property
    def numbers(self) -> tuple[int, ...]:
        """The images that are meant."""
        return self._groups[self.which.value or "image"]

    def _entries(self) -> list[ImageTags]:
        state = self._session.state
        return [entry for number in self.numbers if (entry := entry_of(state, number)) is not None]

    def _show(self) -> None:
        """Show what is written about all of them."""
        entries = self._entries()
        for tag, box in self.boxes.items():
            count = sum(tag in entry.tags for entry in entries)
            box.setTristate(0 < count < len(entries))
            some = Qt.CheckState.PartiallyChecked if count else Qt.CheckState.Unchecked
            box.setCheckState(Qt.CheckState.Checked if entries and count == len(entries) else some)
        notes = {entry.note for entry in entries}
        self.note.setPlainText(notes.pop() if len(notes) == 1 else "")
        several = len(entries) > 1
        self.note.setPlaceholderText(
            self.tr("A note; empty leaves each image its own") if several else self.tr("A note")
        )

    def _keep(self) -> None:
        added = [tag for tag, box in self.boxes.items() if box.checkState() == Qt.CheckState.Checked]
        removed = [tag for tag, box in self.boxes.items() if box.checkState() == Qt.CheckState.Unchecked]
        added += [tag for part in self.other.text().split(",") if (tag := part.strip())]
        note: str | None = self.note.toPlainText()[:LONGEST_NOTE]
        if len(self.numbers) > 1 and not note:
            note = None
        self._session.tags.write(self.numbers, added, removed, note)
