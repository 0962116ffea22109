"""Beside the map: the number of selected images, a button to save them, one to clear the selection."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.style import set_role
from aestudio.gui.views.shared.code_kinds import code_kinds
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import row
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.save_dialog import open_save_dialog

_FILE_NAME = "selection.npz"


class SelectionBar(QWidget):
    """cleared(); export_requested(Path). Visible only while images are selected."""

    cleared = Signal()
    export_requested = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = PlainLabel()
        self.export = IconButton(
            "export", self.tr("Save the selected images with their codes, and an image of them ...")
        )
        self.export.clicked.connect(self._choose_path)
        self.clear = IconButton("close", self.tr("Select nothing (Escape)"))
        self.clear.clicked.connect(self.cleared)
        row(self.count, self.export, self.clear, gap=4, on=self)
        self.hide()

    def set_small(self, small: bool) -> None:
        """Write in small type, in a column that should leave the map its width."""
        set_role(self.count, "caption" if small else "")

    def show_count(self, count: int, exportable: bool) -> None:
        """Show the number of selected images; 0 hides the bar."""
        self.setVisible(count > 0)
        self.count.setText(self.tr("{} selected").format(f"{count:,}"))
        self.export.setEnabled(exportable)

    def _choose_path(self) -> None:
        open_save_dialog(
            self,
            self.tr("Save the selection as"),
            code_kinds(),
            _FILE_NAME,
            lambda path, _: self.export_requested.emit(path),
        )
