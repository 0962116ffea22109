"""The choices of the data set and the device, and the size of the images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from aestudio.datasets.catalogue import dataset_menu
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import label
from aestudio.gui.widgets.plain_text import one_line
from aestudio.printable import printable

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState

_FOLDER, _FILE = "folder ...", "file ..."
_GIGABYTE = 2**30


class DataBox(QWidget):
    """Two combo boxes with labels; below the data set stands what its images are."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = Shown()
        self._origins: dict[str, str] = {}  # by item data: Qt's strings cannot hold paths that are not UTF-8
        self.dataset = ChoiceBox(
            self.tr("Data set"),
            self.tr("The images to train on. The test set is what all views show."),
            dataset_menu(),
        )
        self.dataset.setPlaceholderText(self.tr("MNIST, if available"))
        self.dataset.insertSeparator(self.dataset.count())
        self.dataset.addItem(self.tr("A folder ..."), _FOLDER)
        self.dataset.addItem(self.tr("A file (.npz, .csv, .zip, IDX) ..."), _FILE)
        self.dataset.chosen.connect(self._chosen)
        self.images = label("", "caption")
        self.images.setWordWrap(True)
        self.images.setAccessibleName(self.tr("Images"))
        self.device = ChoiceBox(self.tr("Device"), self.tr("Where the training runs, with its memory"))
        self.device.setPlaceholderText(self.tr("Loading torch ..."))
        self.device.chosen.connect(session.recipe.choose_device)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(current_theme().px(8))
        grid.setVerticalSpacing(current_theme().px(4))
        for row, text, box in ((0, self.tr("Data"), self.dataset), (2, self.tr("Device"), self.device)):
            name = label(text)
            name.setBuddy(box)
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
        grid.addWidget(self.images, 1, 1)
        grid.setColumnStretch(1, 1)

    def show_state(self, state: StudioState) -> None:
        """Show the choices; both are disabled during a training, the images during a comparison, too."""
        data = state.training_data
        locked, compared = state.training.active, state.comparison.active
        parts = (data.requested, data.phase, data.dataset, state.devices, state.device)
        if not self._shown.differs(*parts, locked, compared):
            return
        dataset = data.dataset
        in_use = dataset is not None and data.phase != "loading"
        name = dataset.origin if dataset is not None and in_use else data.requested
        shown = printable(name)
        index = self.dataset.findData(shown)
        if index < 0 and name not in ("", "auto"):
            self.dataset.insertItem(0, "", shown)
            self._origins[shown] = name
            index = 0
        if shown in self._origins:
            title = dataset.title if dataset is not None and in_use else Path(name).name
            self.dataset.setItemText(index, one_line(printable(title)))
        self.dataset.show_value(shown)
        self.images.setText(self._described(dataset) if dataset is not None and in_use else "")
        self._show_devices(state)
        self.dataset.setEnabled(not locked and not compared)
        self.device.setEnabled(not locked and bool(state.devices))

    def _described(self, dataset: Dataset) -> str:
        """The size of the images and how many there are, and whether they are in colour."""
        image, count = dataset.shape.image, len(dataset.train) + len(dataset.test)
        return self.tr("{} images, {}").format(f"{count:,}", image)

    def _show_devices(self, state: StudioState) -> None:
        entries = []
        for device in state.devices:
            memory = f", {device.memory / _GIGABYTE:.0f} GB" if device.memory else ""
            entries.append((device.name, f"{device.title}{memory}"))
        self.device.set_entries(entries)
        # The devices are listed best first, and "auto" is the best one.
        self.device.setCurrentIndex(0 if state.device == "auto" else self.device.findData(state.device))

    def _chosen(self, choice: str) -> None:
        if choice == _FOLDER:
            folder = QFileDialog.getExistingDirectory(self, self.tr("A folder with MNIST, or with images"))
            if folder:
                self._session.opened_data.open_folder(Path(folder))
        elif choice == _FILE:
            kinds = "*.npz *.npy *.csv *.tsv *.mat *.zip *.tar *.tgz *.gz *.idx *ubyte"
            pattern = self.tr("Images ({});;All files (*)").format(kinds)
            path, _ = QFileDialog.getOpenFileName(self, self.tr("A file with images"), "", pattern)
            if path:
                self._session.opened_data.open(path)
        elif choice in self._origins:
            self._session.opened_data.open(self._origins[choice])
        else:
            self._session.data.choose(choice)
        self._shown.forget()
        self.show_state(self._session.state)
