"""Intents about single kept runs: open, compare, export codes. What changes the list: `kept_runs_changes`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from aestudio.gui.controllers.kept_runs_changes import RunChanges
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.run_state import RunState
from aestudio.gui.workers.opened_run import OpenedRun, read_run

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.index import KeptRun
    from aestudio.training.events import Checkpoint

translate = QCoreApplication.translate

EXPORT = "export"
Split = Literal["test", "train", "all"]


class RunsController(RunChanges):
    """Lists, opens and changes the kept runs."""

    def open(self, wanted: str | KeptRun) -> None:
        """Show a kept run, by name, folder or entry of the list, or a shipped model, exactly as it was."""
        if self._store.state.trained_phase not in ("idle", "ended"):
            self._store.show_message(
                translate("session", "A training runs: stop it before opening another run."), "warn"
            )
            return

        def read(progress: Progress) -> OpenedRun:  # noqa: ARG001 - quick
            return read_run(wanted)

        self._store.run_task("open", "the run was being opened", read, self._opened)

    def _opened(self, message: TaskDone) -> None:
        store = self._store
        if message.problem is not None:
            store.show_message(str(message.problem), "bad")
        # Do not replace a training that was started meanwhile.
        if message.value is not None and not store.state.training.active:
            self.show(message.value)

    def show(self, opened: OpenedRun) -> None:
        """Show a run that was read."""
        store = self._store
        complete = opened.run.status in ("finished", "early_stopping")
        checkpoint = None if complete else opened.checkpoint
        preview, shipped = opened.preview, opened.run.shipped
        ranges = preview.ranges if preview is not None else None
        shipped_codes = ShippedCodes(preview.codes, preview.labels) if preview is not None else None
        training = RunState(
            run=opened.run.name,
            folder=opened.run.folder,
            training=opened.training,
            validation=opened.validation,
            checkpoint=checkpoint,
            live=MappingProxyType(dict(checkpoint.live) if checkpoint else {}),
            parent=opened.parent,
        )
        store.update(
            recipe=opened.snapshot.recipe,
            model=ExploredModel(
                opened.snapshot, opened.run.title, "shipped" if shipped else "kept", ranges, shipped_codes
            ),
            preview_images=preview.sample if preview is not None else store.state.preview_images,
            training=training,
            history=store.state.history.of_run(
                opened.run.name, opened.run.folder, opened.history_checkpoints
            ),
            run_list=store.state.run_list.without_tries([opened.run.folder]),
        )
        store.intents.run_opened(opened)
        if opened.newer_problem is not None and not complete:
            store.show_message(str(opened.newer_problem), "warn")
        elif opened.weights_problem is not None:
            store.show_message(str(opened.weights_problem), "warn")
        else:
            store.show_message(_opened_message(opened.run.title, checkpoint))

    def export_features(self, path: Path, split: Split = "test") -> None:
        """Write the codes of one split of the data set, or of all of it, as features.npz."""
        state = self._store.state
        dataset = state.dataset
        if state.snapshot is None or dataset is None:
            self._store.show_message(translate("session", "There is no data set to encode yet."), "warn")
            return
        snapshot = state.snapshot
        images = dataset if split == "all" else dataset.test if split == "test" else dataset.train

        def work(progress: Progress) -> int:
            from aestudio.export.features import export_features
            from aestudio.training.threads import use_threads

            use_threads()  # a new thread inherits the number of threads that the last training chose
            return export_features(snapshot, images, path, progress, split)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.cancelled:
                self._store.show_message(
                    translate("session", "The export was cancelled; no file was written.")
                )
            else:
                self._store.show_message(
                    translate("session", "Wrote {} codes to {}.").format(f"{message.value:,}", path), "good"
                )

        self._store.run_task(EXPORT, "the codes were being written", work, after)

    def cancel_export(self) -> None:
        """Stop writing codes; no file is left."""
        self._store.tasks.cancel(EXPORT)


def _opened_message(title: str, checkpoint: Checkpoint | None) -> str:
    """Message: what was opened, and from which step the run can be resumed."""
    if checkpoint is None:
        return translate("session", "Opened {}.").format(title)
    step = int(checkpoint.counters["step"])
    return translate("session", "Opened {}. Resume continues from step {}.").format(title, f"{step:,}")
