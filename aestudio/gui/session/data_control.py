"""Intents about the dataset: choose one, load it, cancel, retry."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.data.library import list_datasets, load_dataset
from aestudio.gui.session.state import DataState

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.jobs.letters import TaskDone
    from aestudio.gui.session.session import Session
    from aestudio.progress import Progress

translate = QCoreApplication.translate

TASK = "dataset"
TORCH_TASK = "torch"
_POLITE_SECONDS = 0.05


class DataControl:
    """What the window may ask of the dataset."""

    def __init__(self, session: Session, data_dir: Path | None) -> None:
        self._session = session
        self._data_dir = data_dir

    def choose(self, wanted: str) -> None:
        """Load the dataset of this name or path; the one in use stays until the new one is there."""
        state = self._session.state
        if any(work.active and work.phase != "preparing" for work in (state.training, state.twins)):
            self._session.say(
                translate("session", "The dataset cannot change while a training runs: stop it first."),
                "warn",
            )
            return
        data = DataState(wanted=wanted, phase="loading", dataset=state.data.dataset)
        self._session.update(data=data)
        folder = self._data_dir
        self._session.run_task(
            TASK, "the dataset was being loaded",
            lambda progress: load_dataset(wanted, data_dir=folder, progress=self._after_torch(progress)),
            self._loaded,
        )  # fmt: skip

    def _after_torch(self, progress: Progress) -> Progress:
        """A progress that lets torch be loaded first: the sliders need it, and no digits."""

        def report(done: float, total: float | None, what: str) -> None:
            progress(done, total, what)
            known = total is not None  # while a server is looked for, the time to answer runs
            while known and self._session.analyst is None and TORCH_TASK in self._session.state.tasks:
                time.sleep(_POLITE_SECONDS)
                progress(done, total, what)

        return report

    def choose_folder(self, folder: Path) -> None:
        """Take MNIST, or the relative of it that is there, from a folder; or whatever pictures are in it."""
        held = [
            info.name for info in list_datasets(folder) if info.where and info.where.is_relative_to(folder)
        ]
        if not held and (folder / "MNIST").is_dir():
            held = ["mnist"]  # not whole: what is missing is fetched
        if held:
            self._data_dir = folder
        self.choose(held[0] if held else str(folder))

    def retry(self) -> None:
        """Try the same again."""
        self.choose(self._session.state.data.wanted)

    def cancel(self) -> None:
        """Stop loading."""
        self._session.tasks.cancel(TASK)

    def progressed(self, task: str, progress: tuple[float, float | None, str]) -> None:
        """A task says how far it is."""
        data = self._session.state.data
        if task == TASK and data.phase == "loading":
            self._session.update(data=replace(data, progress=progress))

    def _loaded(self, letter: TaskDone) -> None:
        session = self._session
        data = session.state.data
        if letter.problem is not None:
            session.update(data=replace(data, phase="failed", problem=letter.problem))
            session.training.data_failed(letter.problem)
        elif letter.cancelled:
            session.update(data=replace(data, phase="ready" if data.dataset else "none"))
            session.say(translate("session", "Loading was cancelled."))
            session.training.data_failed(None)
        else:
            dataset = letter.value
            session.update(data=DataState(data.wanted, "ready", dataset=dataset), selected=0)
            instead = data.wanted == "auto" and dataset.name == "builtin"
            loaded = () if instead else (translate("session", "Loaded: {}.").format(dataset.title),)
            session.say(" ".join((*loaded, *dataset.notes)), "warn" if instead else "plain")
            session.training.data_ready()
