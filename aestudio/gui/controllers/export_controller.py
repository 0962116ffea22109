"""Intents about exports: write the shown model or its run in one of the formats of `export/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.export.exporter import Exporter
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.recipes.setting import Settings
    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate
TASK = "export as"


class ExportController:
    """Writes on a thread, what is shown when it is asked for: a training goes on meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, exporter: Exporter, run: KeptRun, path: Path, options: Settings) -> None:
        """Write the shown step of a run; the dialog has asked before a file of this name is replaced."""
        state = self._store.state
        snapshot, dataset = state.snapshot, state.dataset
        if snapshot is None:
            return

        def work(progress: Progress) -> str:
            return _written(exporter, run, snapshot, dataset, path, options, progress)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.cancelled:
                text = translate("session", "The export was cancelled; no file was written.")
                self._store.show_message(text)
            else:
                text = translate("session", "Wrote {} ({}).")
                self._store.show_message(text.format(path, message.value), "good")

        self._store.run_task(TASK, "the model was being exported", work, after)


def _written(
    exporter: Exporter,
    run: KeptRun,
    snapshot: Snapshot,
    dataset: Dataset | None,
    path: Path,
    options: Settings,
    progress: Progress,
) -> str:
    from aestudio.export.exporter import export
    from aestudio.runs.exported_run import KeptRunExport
    from aestudio.training.threads import use_threads

    use_threads()  # a new thread inherits the number of threads that the last training chose
    load = None if dataset is None else lambda: dataset
    exported = KeptRunExport(run, load, snapshot)
    return export(exporter, exported, path, options, progress, overwrite=True)
