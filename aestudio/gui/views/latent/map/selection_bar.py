"""In the map's corner: the number of selected images, a button to save them, one to clear the selection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from aestudio.gui.theme.style import keep_length, set_role
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import row
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.save_dialog import open_save_dialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout

    from aestudio.gui.theme.tokens import Theme

_FILE_NAME = "selection.npz"


class SelectionBar(QFrame):
    """cleared(); export_requested(Path). Visible only while images are selected."""

    cleared = Signal()
    export_requested = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "floating")
        self.count = PlainLabel()
        self.export = IconButton(
            "export", self.tr("Save the selected images with their codes, and an image of them ...")
        )
        self.export.clicked.connect(self._choose_path)
        self.clear = IconButton("close", self.tr("Select nothing (Escape)"))
        self.clear.clicked.connect(self.cleared)
        buttons = row(self.count, self.export, self.clear, on=self)
        keep_length(self, lambda _, theme: _set_margins(buttons, theme))
        self.hide()

    def show_count(self, count: int, exportable: bool) -> None:
        """Show the number of selected images; 0 hides the bar."""
        self.setVisible(count > 0)
        self.count.setText(self.tr("{} selected").format(f"{count:,}"))
        self.export.setEnabled(exportable)
        self.adjustSize()

    def _choose_path(self) -> None:
        open_save_dialog(
            self,
            self.tr("Save the selection as"),
            self.tr("Arrays for numpy"),
            _FILE_NAME,
            self.export_requested.emit,
        )


def _set_margins(layout: QHBoxLayout, theme: Theme) -> None:
    layout.setContentsMargins(theme.px(10), theme.px(2), theme.px(2), theme.px(2))
    layout.setSpacing(theme.px(2))
