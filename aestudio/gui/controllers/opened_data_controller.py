"""Intents about a data set that is looked at before it is used: open, read otherwise, use, close."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.datasets.summary import summary_of
from aestudio.gui.state.data_in_use import training_keeps_data
from aestudio.gui.state.opened_data import OpenedData

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.summary import DataSummary
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

TASK = "opened data"


class OpenedDataController:
    """Reads a user's images for the preview; nothing of the loaded data changes before they are used."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, origin: str) -> None:
        """Read what is at this path, with the switches of the loaded data if it is the same path."""
        loaded = self._store.state.data.dataset
        known = loaded is not None and loaded.origin == origin and loaded.reading is not None
        reading = Reading()
        if loaded is not None and loaded.reading is not None and known:
            reading = replace(loaded.reading, image=None)
        self._read(OpenedData(origin, Path(origin).name or origin, reading))

    def decide(self, **switches: Any) -> None:
        """Read it again with these fields of its `Reading`."""
        opened = self._store.state.opened_data
        if opened is None:
            return
        reading = replace(opened.reading, **switches)
        if reading != opened.reading:
            self._read(replace(opened, reading=reading))

    def use(self) -> None:
        """Take the images that are shown as the data set; not while a training keeps its own."""
        opened = self._store.state.opened_data
        if opened is None or opened.dataset is None or not opened.usable:
            return
        if training_keeps_data(self._store.state):
            text = translate("session", "A training keeps its data set until it ends: stop it first.")
            self._store.show_message(text, "warn")
            return
        self._store.update_quietly(opened_data=None)
        self._store.intents.take_data(opened.dataset)

    def close(self) -> None:
        """Forget it, and stop reading."""
        self._store.tasks.cancel(TASK)
        if self._store.state.opened_data is not None:
            self._store.update(opened_data=None)

    def _read(self, opened: OpenedData) -> None:
        self._store.update(opened_data=replace(opened, phase="reading", problem=None))

        def read(progress: Progress) -> tuple[Dataset, DataSummary]:
            dataset = load_dataset(opened.origin, progress=progress, reading=opened.reading)
            # Computed here, so that the window's thread has them at once.
            _ = dataset.facts, dataset.test.plainest
            return dataset, summary_of(dataset)

        self._store.run_task(TASK, "the images were being read", read, self._was_read, urgent=True)

    def _was_read(self, message: TaskDone) -> None:
        opened = self._store.state.opened_data
        if opened is None or message.cancelled:
            return
        if message.problem is not None:
            self._store.update(opened_data=replace(opened, phase="failed", problem=message.problem))
            return
        dataset, summary = message.value
        self._store.update(opened_data=replace(opened, phase="ready", dataset=dataset, summary=summary))
