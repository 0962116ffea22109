"""Intents about single kept runs: open, compare, export codes. What changes the list: `kept_runs_changes`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from aestudio.gui.controllers.kept_runs_changes import RunChanges
from aestudio.gui.state.kept_view import selected_in, with_point_of, with_sliders_of
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.run_list import Sharing
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.shown_run import (
    trained_at,
    with_opened,
    with_training_put_away,
    with_training_shown,
)
from aestudio.gui.state.shown_title import trained_title
from aestudio.gui.workers.opened_run import OpenedRun, read_run
from aestudio.paths import runs_folder
from aestudio.runs.run_rows import size_text

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.index import KeptRun
    from aestudio.runs.shared_run_export import SharedParts, SharedSizes
    from aestudio.runs.view_file import KeptView
    from aestudio.training.events import Checkpoint

translate = QCoreApplication.translate

OPEN, EXPORT, IMPORT, SHARE, MEASURE_SHARED = "open", "export", "import run", "share run", "sizes of a run"
Split = Literal["test", "train", "all"]


class RunsController(RunChanges):
    """Lists, opens and changes the kept runs."""

    def open(self, wanted: str | KeptRun) -> None:
        """Show a kept run, by name, folder or entry of the list, or a shipped model, exactly as it was.

        Beside a training that goes on, which is hidden meanwhile; the run that is trained is shown again.
        """
        if self._refuses(wanted if isinstance(wanted, str) else wanted.folder):
            return

        def read(progress: Progress) -> OpenedRun:  # noqa: ARG001 - quick
            return read_run(wanted)

        self._store.run_task(OPEN, "the run was being opened", read, self._opened)

    def _opened(self, message: TaskDone) -> None:
        if message.problem is not None:
            self._store.show_message(str(message.problem), "bad")
            self.refresh()  # it may not be there any more
        # A training may have been started meanwhile.
        if message.value is not None and not self._refuses(message.value.run.folder):
            self.show(message.value, take_image=self._store.state.model is None)

    def import_file(self, path: Path) -> None:
        """Make a kept run of a file that somebody shared, and open it; nothing is kept of a damaged one."""

        def work(progress: Progress) -> OpenedRun:
            from aestudio.runs.shared_run_import import import_run
            from aestudio.training.threads import use_threads

            use_threads()  # a new thread inherits the number of threads that the last training chose
            return read_run(import_run(path, progress=progress))

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                self._imported(message.value, path)
            self.refresh()

        self._store.show_message(translate("session", "Checking {} ...").format(path.name))
        self._store.run_task(IMPORT, "the shared run was being imported", work, after)

    def _imported(self, opened: OpenedRun, path: Path) -> None:
        if self._refuses(opened.run.folder):
            text = translate("session", "{} from {} is in the list of runs, as “{}”.")
        else:
            self.show(opened, take_image=True)
            text = translate("session", "Opened {} from {}. It is kept here as “{}”.")
        sentence = text.format(opened.run.title, path.name, opened.run.name)
        if opened.run.imported is not None and opened.run.imported.newer:
            newer = translate(
                "session",
                "It was made by a newer version of the program: it can be looked at, and not trained on.",
            )
            self._store.show_message(f"{sentence} {newer}", "warn")
            return
        self._store.show_message(sentence, "good")

    def share(self, run: KeptRun, path: Path, parts: SharedParts) -> None:
        """Write a run as one file that can be given to somebody else."""

        def work(progress: Progress) -> int:
            from aestudio.runs.shared_run_export import share_run

            return share_run(run, path, parts, progress)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                text = translate("session", "Wrote {} to {} ({}).")
                self._store.show_message(text.format(run.title, path, size_text(message.value)), "good")

        self._store.run_task(SHARE, "the run was being written to one file", work, after)

    def measure_shared(self, run: KeptRun) -> None:
        """Find out what the parts of a run take, for the question which of them are shared."""

        def work(progress: Progress) -> SharedSizes:  # noqa: ARG001 - quick
            from aestudio.runs.shared_run_export import shared_sizes

            return shared_sizes(run)

        def after(message: TaskDone) -> None:
            sharing = self._store.state.run_list.sharing
            if sharing is None or sharing.run is not run:
                return  # another run is asked about, or none
            if message.problem is not None:
                self.stop_sharing()
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None:
                self._update(sharing=replace(sharing, sizes=message.value))

        self._update(sharing=Sharing(run))
        self._store.run_task(MEASURE_SHARED, "the run was being measured", work, after)

    def stop_sharing(self) -> None:
        """No run is to be shared any more."""
        self._update(sharing=None)

    def _refuses(self, run: str | Path) -> bool:
        """Whether this run, by name or folder, cannot be opened now, because it is trained or one begins."""
        state = self._store.state
        if state.trained_phase == "preparing":
            self._store.show_message(
                translate("session", "A training is getting ready: open the run once it has begun."), "warn"
            )
            return True
        # A name is no path, except that of a folder in the present one.
        places = (Path(run), runs_folder() / run)
        group = next((group for place in places if (group := trained_at(state, place))), None)
        if group == "training":
            self.show_training()
        elif group == "comparison":
            self._store.show_message(
                translate("session", "This run is being trained in a comparison: the Compare view shows it."),
                "warn",
            )
        return group is not None

    def show(self, opened: OpenedRun, take_image: bool = False) -> None:
        """Show a run that was read.

        take_image: select the image that was selected in it; otherwise that of the run before stays, so that
                    runs are compared by it
        """
        store, run, preview = self._store, opened.run, opened.preview
        complete = run.status in ("finished", "early_stopping")
        checkpoint = None if complete else opened.checkpoint
        ranges = preview.ranges if preview is not None else None
        shipped_codes = ShippedCodes(preview.codes, preview.labels) if preview is not None else None
        origin = "shipped" if run.shipped else "kept"
        shown = RunState(
            run=run.name,
            folder=run.folder,
            training=opened.training,
            validation=opened.validation,
            checkpoint=checkpoint,
            live=MappingProxyType(dict(checkpoint.live) if checkpoint else {}),
            parent=opened.parent,
            changes=opened.changes,
            code_uses=opened.code_uses,
            opened=run,
            view=opened.view,
            sabotage=run.require_record().sabotage,
        )
        model = ExploredModel(opened.snapshot, run.title, origin, ranges, shipped_codes)
        state = store.state
        state = replace(state, run_list=state.run_list.without_tries([run.folder]))
        if preview is not None:
            first = not state.loaded_image_sets  # until then there was no image to select
            selected = preview.sample.plainest if first else state.selected
            state = replace(state, preview_images=preview.sample, selected=selected)
        state = with_opened(state, shown, model, opened.history_checkpoints)
        store.set_state(with_point_of(state, opened.view))
        store.set_state(with_sliders_of(store.state, opened.view))  # the sliders of the run before have gone
        store.intents.run_opened(opened)
        if take_image:
            self._select_image_of(opened.view)
        if opened.newer_problem is not None and not complete:
            store.show_message(str(opened.newer_problem), "warn")
        elif opened.weights_problem is not None:
            store.show_message(str(opened.weights_problem), "warn")
        else:
            store.show_message(_opened_message(run.title, checkpoint, store.state))

    def _select_image_of(self, view: KeptView | None) -> None:
        """If the images of the run are loaded; otherwise it is selected once they are."""
        state = self._store.state
        number = selected_in(view, state)
        if number is not None and state.data.phase == "ready":
            self._store.update(selected=number)

    def show_training(self) -> None:
        """Show the training again, as it is now."""
        store = self._store
        if store.state.hidden_training is None:
            store.show_message(translate("session", "No training is hidden by another run."))
            return
        store.intents.stop_loading()
        store.set_state(with_training_shown(store.state))
        text = translate("session", "“{}” is on the screen again.")
        store.show_message(text.format(trained_title(store.state)))

    def put_training_away(self) -> None:
        """Let Resume continue the run that is shown, instead of the training that has ended."""
        self._store.set_state(with_training_put_away(self._store.state))

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
            from aestudio.export.tables.features import export_features
            from aestudio.training.threads import use_threads

            use_threads()  # a new thread inherits the number of threads that the last training chose
            return export_features(snapshot, images, path, progress, split, dataset.provenance)

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


def _opened_message(title: str, checkpoint: Checkpoint | None, state: StudioState) -> str:
    """Message: what was opened, whether a training goes on, and from which step the run can be resumed."""
    if state.hidden_training is not None:
        paused = state.training.phase == "paused"
        text = (
            translate("session", "Opened {}. “{}” stays paused.")
            if paused
            else translate("session", "Opened {}. “{}” goes on.")
        )
        return text.format(title, trained_title(state))
    if checkpoint is None:
        return translate("session", "Opened {}.").format(title)
    step = int(checkpoint.counters["step"])
    return translate("session", "Opened {}. Resume continues from step {}.").format(title, f"{step:,}")
