"""Intents about the dataset: choose one, load it, cancel, retry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.datasets.catalogue import load_dataset, name_in_folder
from aestudio.errors import StudioError
from aestudio.gui.state.data_in_use import is_training, training_keeps_data
from aestudio.gui.state.kept_view import selected_in
from aestudio.gui.state.studio_state import DataState
from aestudio.runs.run_dataset import as_recorded, check_dataset, files_of, reading_of

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun

translate = QCoreApplication.translate

TASK = "dataset"
FOLDER_TASK = "folder of images"
TORCH_TASK = "torch"


class DataController:
    """Chooses and loads the data set."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def choose_for(self, run: KeptRun) -> None:
        """Load the images that the run was trained on, unless they are loaded or loading already."""
        data = self._store.state.data
        if (
            data.phase == "loading"
            and data.requested == run.origin
            and _reading_of(data.run) == _reading_of(run)
        ):
            self._store.update_quietly(data=replace(data, run=run))
            return
        current = None if data.phase == "loading" else data.dataset
        # The files may have changed since they were loaded.
        if current is not None and current.origin == run.origin and not run.difference(current):
            return
        if self._store.state.comparison.active:
            text = translate("session", "Shown with the images of the comparison, which keeps them.")
            self._store.show_message(text)
        else:
            self.choose(run.origin, run)

    def choose_as(self, origin: str, reading: Reading | None) -> None:
        """Load the data set of this origin, read in this way."""
        self.choose(origin, reading=reading)

    def take(self, dataset: Dataset) -> None:
        """Take a data set that was read already."""
        state = self._store.state
        data = DataState(dataset.origin, "loading", state.data.dataset, None, None, state.data.folder)
        if self._begin(replace(data, reading=dataset.reading)):
            self._show(dataset)

    def choose(
        self,
        name_or_path: str,
        run: KeptRun | None = None,
        *,
        reading: Reading | None = None,
        folder: Path | None = None,
    ) -> None:
        """Load the data set of this name or path; the current one stays until the new one is loaded.

        While a training is hidden, for the run that is shown: the training keeps its own.

        run:     refuse images that this run was not trained on
        reading: how a user's own images are read; of a run's its own
        folder:  where to look for sets with a name; from now on, once this one was loaded
        """
        state = self._store.state
        reading = _reading_of(run) or reading
        data = DataState(
            name_or_path, "loading", state.data.dataset, None, run, state.data.folder, reading, folder
        )
        folder = folder or data.folder
        if not self._begin(data):
            return

        def load(progress: Progress) -> Dataset:
            files = None if run is None else files_of(run.folder, name_or_path)
            dataset = load_dataset(
                name_or_path, data_dir=folder, progress=progress, reading=reading, files=files
            )
            if run is not None:
                dataset = as_recorded(dataset, run.folder)
                check_dataset(run.require_record(), dataset, run.folder)
            # Computed here, so that the window's thread has them at once.
            _ = dataset.facts, dataset.test.plainest
            return dataset

        self._store.run_task(TASK, "the data set was being loaded", load, self._loaded)

    def _begin(self, data: DataState) -> bool:
        """Whether images can be loaded now; the state is then that of loading these."""
        state = self._store.state
        hidden = state.hidden_training
        if training_keeps_data(state):
            self._store.show_message(
                translate("session", "A training keeps its data set until it ends: stop it first."),
                "warn",
            )
            return False
        if hidden is not None:  # chosen for the shown run; or, once the training has ended, for the next one
            own = state.training_data if is_training(state) or data.run is not None else None
            hidden = replace(hidden, data=own)
        self._store.update(data=data, hidden_training=hidden)
        return True

    def choose_folder(self, folder: Path) -> None:
        """Take MNIST, or a similar data set, from a folder; other images that are in it are looked at first.

        Which of them is found out on a thread: the folder may be on a disk that does not answer.
        """

        def look(progress: Progress) -> str:  # noqa: ARG001 - quick, if the disk is
            return name_in_folder(folder) or ""

        def looked(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value:
                self.choose(message.value, folder=folder)
            elif message.value is not None:
                self._store.intents.look_at_data(str(folder))

        self._store.run_task(FOLDER_TASK, "the folder was being looked at", look, looked)

    def retry(self) -> None:
        """Load the same data set again."""
        data = self._store.state.data
        self.choose(data.requested, data.run, reading=data.reading, folder=data.tried)

    def cancel(self) -> None:
        """Stop loading."""
        self._store.tasks.cancel(TASK)

    def _loaded(self, message: TaskDone) -> None:
        store = self._store
        data = store.state.data
        if data.phase != "loading":
            return  # the training is shown again, with its own images
        problem = message.problem or self._mismatch(message.value)
        if problem is not None:
            store.update(data=replace(data, phase="failed", problem=problem))
        elif message.cancelled:
            store.update(data=replace(data, phase="ready" if data.dataset else "none", tried=None))
            store.show_message(translate("session", "Loading was cancelled."))
        else:
            self._show(message.value)

    def _show(self, dataset: Dataset) -> None:
        store, data = self._store, self._store.state.data
        data = replace(data, phase="ready", dataset=dataset, folder=data.tried or data.folder, tried=None)
        state = replace(store.state, data=data)
        opened = state.shown_run
        view = opened.view if data.run is not None and opened.opened is data.run else None
        number = selected_in(view, state)
        store.set_state(replace(state, selected=dataset.test.plainest if number is None else number))
        fallback = data.requested == "auto" and dataset.name == "builtin"
        named = fallback or any(note.startswith(dataset.title) for note in dataset.notes)
        loaded = () if named else (translate("session", "Loaded: {}.").format(dataset.title),)
        store.show_message(" ".join((*loaded, *dataset.notes)), "warn" if fallback else "plain")

    def _mismatch(self, dataset: Dataset | None) -> StudioError | None:
        """Why the loaded images are not those of the run that they were loaded for, or None."""
        run = self._store.state.data.run
        if dataset is None or run is None:
            return None
        try:
            check_dataset(run.require_record(), dataset)
        except StudioError as problem:
            return problem
        return None


def _reading_of(run: KeptRun | None) -> Reading | None:
    """How the images are read: as the run's were, or None for the way that their data says."""
    return None if run is None or run.record is None else reading_of(run.record)
