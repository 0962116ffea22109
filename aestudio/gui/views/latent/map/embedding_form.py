"""The settings of t-SNE and UMAP as rows of the map's options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from aestudio.analysis.embedding_settings import KINDS, infos_of
from aestudio.gui.theme.style import keep_length
from aestudio.gui.widgets.setting_form import SettingRow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFormLayout

    from aestudio.analysis.embedding_settings import EmbeddingKind
    from aestudio.gui.state.studio_state import StudioState


class EmbeddingForm(QObject):
    """Adds a row for each setting to a form, and shows those of the kind of map that is chosen.

    chosen(kind, name, value): a valid value; resized(): other rows, or other messages, are visible
    """

    chosen = Signal(str, str, object)
    resized = Signal()

    def __init__(self, form: QFormLayout, width: int) -> None:
        super().__init__(form)
        self._form = form
        self._kind = ""
        self.rows = {kind: {info.name: SettingRow(info) for info in infos_of(kind)} for kind in KINDS}
        for kind in KINDS:
            for name, one in self.rows[kind].items():
                self._add(kind, name, one, width)

    def _add(self, kind: EmbeddingKind, name: str, one: SettingRow, width: int) -> None:
        one.label.setWordWrap(False)
        if "=" in one.info.unit:  # what a number means that stands for something else
            one.label.setText(f"{one.info.title}, {one.info.unit}")
        keep_length(one.editor, lambda editor, theme: editor.setMinimumWidth(theme.px(width)))
        self._form.addRow(one.label, one.editor)
        self._form.addRow(one.message)
        one.editor.edited.connect(lambda value: self.chosen.emit(kind, name, value))
        one.editor.problem.connect(lambda allowed: self._show_problem(one, allowed))
        for part in (one.editor, one.message):
            self._form.setRowVisible(part, False)

    def _show_problem(self, one: SettingRow, allowed: str) -> None:
        one.message.setText(self.tr("Allowed: {}").format(allowed) if allowed else "")
        self._form.setRowVisible(one.message, bool(allowed) and self._form.isRowVisible(one.editor))
        self.resized.emit()

    def show_state(self, state: StudioState) -> None:
        """Show the settings of the map's kind with their values."""
        for kind, settings in state.embedding.settings.items():
            for name, one in self.rows[kind].items():
                one.editor.set_value(getattr(settings, name))
        if state.plane.kind != self._kind:
            self._kind = state.plane.kind
            for kind, rows in self.rows.items():
                for one in rows.values():
                    self._form.setRowVisible(one.editor, kind == self._kind)
                    self._form.setRowVisible(one.message, kind == self._kind and bool(one.message.text()))
            self.resized.emit()
