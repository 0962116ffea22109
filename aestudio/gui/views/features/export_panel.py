"""Exports the codes of a whole split to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.state.capabilities import is_discrete, no_encoder
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.shared.code_kinds import code_kinds
from aestudio.gui.views.shared.kept_choice import keep_option, show_kept
from aestudio.gui.views.shared.task_progress import TaskProgressBar
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label
from aestudio.gui.widgets.save_dialog import open_save_dialog

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

FILE_NAME = "features.npz"


class ExportPanel(QWidget):
    """`wanted(path, split)`: write the codes of this split to this file; `cancelled()`: stop writing."""

    wanted = Signal(Path, str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.split = ChoiceBox(
            self.tr("Images to encode"), self.tr("The set whose images are encoded, all of them")
        )
        self.split.chosen.connect(partial(keep_option, "features.export"))
        self.button = TextButton("export", "")
        self.button.clicked.connect(self._toggle)
        self.progress = TaskProgressBar(self.tr("Progress of the export"))
        self._lay_out()

    def _lay_out(self) -> None:
        title = label(self.tr("Codes as a file"), "label")
        # As high as the title row of the probe panel beside it, so that both titles are on one line.
        keep_length(self.button, lambda button, _: title.setMinimumHeight(button.sizeHint().height()))
        self.content = label("", "caption")
        self.content.setWordWrap(True)
        column(title, self.split, self.button, self.progress, self.content, fill(), on=self)

    def show_state(self, state: StudioState) -> None:
        """Offer the splits of the data set, and show the progress of an export."""
        dataset, progress = state.dataset, state.tasks.get("export")
        self._running = progress is not None
        splits = (
            ()
            if dataset is None
            else (
                (self.tr("Test set"), "test", len(dataset.test)),
                (self.tr("Training set"), "train", len(dataset.train)),
                (self.tr("All images"), "all", len(dataset.test) + len(dataset.train)),
            )
        )
        text = self.tr("{}, {}")
        if self.split.set_entries((name, text.format(title, f"{count:,}")) for title, name, count in splits):
            show_kept(self.split, "features.export")
        self.split.setEnabled(not self._running and dataset is not None)
        without = no_encoder(state.snapshot)
        possible = dataset is not None and state.snapshot is not None and not without
        self.button.setEnabled(self._running or possible)
        self.button.setText(self.tr("Cancel") if self._running else self.tr("Export codes ..."))
        self.button.set_icon("close" if self._running else "export")
        self.button.setToolTip(
            self.tr("Stop the export; no file is left")
            if self._running
            else without or self.tr("Encode every image of the set and write the codes to a file")
        )
        self.progress.show_progress(progress)
        self.content.setText(without or self._content(is_discrete(state.snapshot)))

    def _content(self, discrete: bool) -> str:
        if discrete:
            return self.tr("Entries as whole numbers, what they stand for, labels and indices, for NumPy.")
        return self.tr(
            "Codes, labels, indices and each dimension's minimum and maximum, readable with NumPy."
        )

    def _toggle(self) -> None:
        if self._running:
            self.cancelled.emit()
            return
        open_save_dialog(
            self, self.tr("Export codes"), code_kinds(), FILE_NAME, lambda path, _: self._chosen(path)
        )

    def _chosen(self, path: Path) -> None:
        self.wanted.emit(path, self.split.value or "test")
