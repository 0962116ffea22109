"""The store with its controllers: delivers the messages of the threads to the controller in charge.

Views read `session.state`, follow the signal `changed`, and call the controllers (`training`, `data`,
`explore`, `workspace` and so on). A timer empties the mailbox; no thread
changes the state itself.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Slot

from aestudio.gui.controllers.compared_runs_controller import ComparedRunsController
from aestudio.gui.controllers.comparison_controller import ComparisonController
from aestudio.gui.controllers.compressed_controller import CompressedController
from aestudio.gui.controllers.data_controller import DataController
from aestudio.gui.controllers.embedding_controller import EmbeddingController
from aestudio.gui.controllers.evaluation_controller import EvaluationController
from aestudio.gui.controllers.explore_controller import ExploreController
from aestudio.gui.controllers.export_controller import ExportController
from aestudio.gui.controllers.history_controller import HistoryController
from aestudio.gui.controllers.kept_lists_controller import KeptListsController
from aestudio.gui.controllers.kept_view_controller import KeptViewController
from aestudio.gui.controllers.latent_metrics_controller import LatentMetricsController
from aestudio.gui.controllers.lesson_controller import LessonController
from aestudio.gui.controllers.opened_data_controller import OpenedDataController
from aestudio.gui.controllers.own_models_controller import OwnModelsController
from aestudio.gui.controllers.pictures_controller import PicturesController
from aestudio.gui.controllers.preferences_controller import PreferencesController, with_kept_preferences
from aestudio.gui.controllers.probe_controller import ProbeController
from aestudio.gui.controllers.queue_controller import QueueController
from aestudio.gui.controllers.recipe_controller import RecipeController
from aestudio.gui.controllers.runs_controller import RunsController
from aestudio.gui.controllers.store import Store
from aestudio.gui.controllers.sweeps_controller import SweepsController
from aestudio.gui.controllers.tags_controller import TagsController
from aestudio.gui.controllers.tour_controller import TourController
from aestudio.gui.controllers.training_controller import TrainingController
from aestudio.gui.controllers.workspace_controller import WorkspaceController
from aestudio.gui.inference.worker import InferenceWorker
from aestudio.gui.state import reducers
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.studio_state import DataState, StudioState
from aestudio.gui.workers.garbage_collection import GarbageCollector
from aestudio.gui.workers.messages import ResultReady, TaskDone, TaskPart, TaskProgress, TryReplaced
from aestudio.recipes.library import shipped_recipes

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.workers.opened_run import OpenedRun


DRAIN_MILLISECONDS = 33
# While the user drags a slider, everything but its image is refreshed at most this often. While a training
# runs, so is what it reports; if the user does nothing, everything follows at the pace of `RefreshPace`.
DRAG_MILLISECONDS = 100
IDLE_MILLISECONDS = 1000
FIRST_RECIPE = "conv-vae-2d"


class Session(Store):
    """Makes the controllers, connects their intents, and delivers the messages of the threads."""

    def __init__(self, data_dir: Path | None = None, parent: QObject | None = None) -> None:
        # The user's own are read after the first frame: that may run Python files of any length.
        recipes = shipped_recipes()
        first = next(recipe for recipe in recipes if recipe.name == FIRST_RECIPE)
        history = HistoryState(checkpoint_history=HistoryController.first_history())
        state = StudioState(recipe=first, recipes=recipes, history=history, data=DataState(folder=data_dir))
        super().__init__(with_kept_preferences(state), parent)
        self.preferences = PreferencesController(self)
        self.recipe = RecipeController(self)
        self.training = TrainingController(self)
        self.comparison = ComparisonController(self)
        self.queue = QueueController(self)
        self.sweeps = SweepsController(self)
        self.data = DataController(self)
        self.opened_data = OpenedDataController(self)
        self.runs = RunsController(self)
        self.exports = ExportController(self)
        self.compressed = CompressedController(self)
        self.compared_runs = ComparedRunsController(self)
        self.own_models = OwnModelsController(self)
        self.history = HistoryController(self)
        self.workspace = WorkspaceController(self)
        self.kept_lists = KeptListsController(self)
        self.kept_view = KeptViewController(self)
        self.tags = TagsController(self)
        self.explore = ExploreController(self)
        self.embedding = EmbeddingController(self)
        self.pictures = PicturesController(self)
        self.tour = TourController(self)
        self.lessons = LessonController(self)
        self.probe = ProbeController(self)
        self.latent_metrics = LatentMetricsController(self)
        self.evaluation = EvaluationController(self)
        self._connect_intents()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.drain)
        self._timer.start(DRAIN_MILLISECONDS)
        self._garbage = GarbageCollector(self)
        self._garbage.start()

    def _connect_intents(self) -> None:
        intents = self.intents
        intents.load_data.connect(self.data.retry)
        intents.stop_loading.connect(self.data.cancel)
        intents.choose_data.connect(self.data.choose_as)
        intents.take_data.connect(self.data.take)
        intents.look_at_data.connect(self.opened_data.open)
        intents.start_training.connect(self.training.start)
        intents.start_queued.connect(self.training.start_queued)
        intents.stop_training.connect(self.training.stop)
        intents.refresh_runs.connect(self.runs.refresh)
        intents.runs_begun.connect(self.runs.read_again)
        intents.own_parts_loaded.connect(self.recipe.take_loaded_parts)
        intents.open_run.connect(self.runs.open)
        intents.show_run.connect(self.runs.show)
        intents.run_opened.connect(self._run_opened)
        intents.live_setting_changed.connect(self.training.change)
        intents.select_image.connect(self.explore.select)
        intents.select_images.connect(self.workspace.select)
        intents.move_to.connect(self.explore.move_to)
        intents.return_to.connect(self.explore.return_to)
        intents.choose_plane.connect(self.explore.choose_plane)
        intents.remember.connect(self.workspace.remember)

    def _run_opened(self, opened: OpenedRun) -> None:
        state = self.state
        # A shipped model is shown with the images that are there, unless those of the training do not fit.
        unfit = state.hidden_training is not None and state.image_set is None
        if state.data.phase != "none" and (unfit or not opened.run.shipped):
            self.data.choose_for(opened.run)

    def torch_ready(self) -> None:
        """Torch is imported: requests can be computed from now on."""
        if self.inference_worker is None:
            # Torch brings half a million permanent objects. A full collection through them would block the
            # window for 0.3 s, at any time.
            gc.freeze()
            self.inference_worker = InferenceWorker(self.mailbox)
            self.set_inference_pace()
            for request in self._state.pending.values():
                self.inference_worker.request(request)
            self.update(inference_ready=True)

    @Slot()
    def drain(self) -> None:
        """Empty the mailbox and show the new state; what follows from it may be asked for before that."""
        if not self._can_wait():
            self._take_messages()
            if self._state is not self._reacted:
                self._emit_changed()
        elif self.mailbox.leads_on and self._state.trained_phase == "running":
            before = self._state
            self._take_messages()
            if _same_run(before, self._state):
                self.expected.emit()
            else:
                self._emit_changed()

    def _take_messages(self) -> None:
        """Empty the mailbox: events of the training together, everything else in order."""
        messages = self.mailbox.take()
        self.blockSignals(True)
        try:
            self.training.take(messages)
            for message in messages:
                self._deliver(message)
        finally:
            self.blockSignals(False)

    def _can_wait(self) -> bool:
        """Whether a full refresh can wait, because it would delay a dragged slider or a training."""
        if self._state.history.playing:
            return False  # each frame of the animation changes the image, and the next one waits for it
        lately = _within(self._since_changed, DRAG_MILLISECONDS)
        if _within(self._since_move, DRAG_MILLISECONDS):
            return lately
        if self._state.trained_phase != "running":
            return False
        if self.mailbox.awaited:  # by the user
            return False
        if _within(self._since_intent, IDLE_MILLISECONDS):
            return lately
        return self._since_changed.isValid() and not self._pace.due(self._since_changed.elapsed())

    def _deliver(self, message: Any) -> None:
        match message:
            case ResultReady(channel, result):
                taken = reducers.takes(self._state, channel, result)
                self._state = reducers.with_result(self._state, channel, result)
                if taken:
                    self.explore.after_result(channel, result)
            case TaskProgress(task, token, done, total, what) if self.tasks.is_current(task, token):
                self._set_progress(task, (done, total, what))
            case TryReplaced(removed):
                self.runs.replaced(removed)
            case TaskDone(task, token) if self.tasks.is_current(task, token):
                self._set_progress(task, None)
                self._task_owners[task][0](message)
            case TaskPart(task, token, value) if self.tasks.is_current(task, token):
                show = self._task_owners[task][1]
                if show is not None:
                    show(value)

    def close(self) -> bool:
        """Ask every thread to end; True once all have. The window calls it again until then."""
        self._timer.stop()
        self.tasks.cancel_all()
        self.queue.close()
        self.kept_lists.close()
        self.kept_view.close()
        self.embedding.close()
        self.history.close()
        self.latent_metrics.close()
        self.evaluation.close()
        self.training.close()
        if self.inference_worker is not None:
            self.inference_worker.close()
        worker_alive = self.inference_worker is not None and self.inference_worker.alive()
        if self.writing or worker_alive or self.tasks.alive() or self.embedding.alive():
            return False
        self._garbage.stop()
        gc.unfreeze()  # what the window leaves behind can be collected, should the process live on
        return True

    @property
    def writing(self) -> bool:
        """Whether a run is being trained, or written because it has just ended."""
        return self.training.alive()


def _within(clock: QElapsedTimer, milliseconds: int) -> bool:
    return clock.isValid() and clock.elapsed() < milliseconds


def _same_run(before: StudioState, after: StudioState) -> bool:
    """Whether the same run is shown, and trained as before: only steps and results are newer."""
    phases = [(state.training.phase, state.comparison.phase) for state in (before, after)]
    runs = [None if state.snapshot is None else state.snapshot.run_key for state in (before, after)]
    return phases[0] == phases[1] and runs[0] == runs[1]
