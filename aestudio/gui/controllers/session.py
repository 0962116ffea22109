"""The session owns the state and hands every letter of the threads to who is in charge of it.

Views read `session.state`, are told by `changed`, and call the controls: `training`, `data`, `runs`,
`explore`, `lab`, `probe`. A timer empties the mailbox; nothing else moves the state from outside.
"""

from __future__ import annotations

import gc
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from aestudio.gui.controllers.bookmarks_controller import BookmarksController
from aestudio.gui.controllers.comparison_controller import ComparisonController
from aestudio.gui.controllers.data_controller import DataController
from aestudio.gui.controllers.drawings_controller import DrawingsController
from aestudio.gui.controllers.embedding_controller import EmbeddingController
from aestudio.gui.controllers.explore_controller import ExploreController
from aestudio.gui.controllers.history_controller import HistoryController
from aestudio.gui.controllers.latent_metrics_controller import LatentMetricsController
from aestudio.gui.controllers.probe_controller import ProbeController
from aestudio.gui.controllers.runs_controller import RunsController
from aestudio.gui.controllers.training_controller import TrainingController
from aestudio.gui.controllers.workspace_controller import WorkspaceController
from aestudio.gui.inference.worker import InferenceWorker
from aestudio.gui.state import reducers
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.studio_state import Message, StudioState, Tone
from aestudio.gui.state.subject_change import settled
from aestudio.gui.workers.garbage_collection import GarbageCollector
from aestudio.gui.workers.mailbox import Mailbox
from aestudio.gui.workers.messages import (
    RequestAnswered,
    SaveFailed,
    TaskDone,
    TaskProgress,
    Trained,
    TrainingBroke,
)
from aestudio.gui.workers.tasks import Tasks
from aestudio.recipes.library import all_recipes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from aestudio.gui.inference.worker import Request
    from aestudio.gui.state.studio_state import Exploration, TaskProgressed

DRAIN_MILLISECONDS = 33
# While a hand moves a slider, everything but its picture is shown at most this often; and everything
# while a training runs that nobody has touched for a moment: each refresh takes its time from the steps.
HAND_MILLISECONDS = 100
CALM_MILLISECONDS = 1000
FIRST_RECIPE = "conv-vae-2d"


class Session(QObject):
    """The application's state and the only way to change it.

    changed: the state is another one now (at most once per emptied mailbox, and once per intent)
    moved:   the point in the latent space is another one, and its picture must follow the hand at once;
             `changed` follows when the mailbox is emptied next
    starting: something is about to be trained: fields that are being typed in take what is typed, at once
    """

    changed = Signal()
    starting = Signal()
    moved = Signal()

    def __init__(self, data_dir: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        recipes = all_recipes()
        first = next(recipe for recipe in recipes if recipe.name == FIRST_RECIPE)
        timeline = HistoryState(history=HistoryController.first_history())
        self._state = StudioState(recipe=first, recipes=recipes, timeline=timeline)
        self.mailbox = Mailbox()
        self.tasks = Tasks(self.mailbox)
        self.inference_worker: InferenceWorker | None = None
        self.training = TrainingController(self)
        self.twins = ComparisonController(self)
        self.data = DataController(self, data_dir)
        self.runs = RunsController(self)
        self.timeline = HistoryController(self)
        self.lab = WorkspaceController(self)
        self.pins = DrawingsController(self)
        self.bookmarks = BookmarksController(self)
        self.explore = ExploreController(self)
        self.layouts = EmbeddingController(self)
        self.probe = ProbeController(self)
        self.latent = LatentMetricsController(self)
        self._task_owners: dict[str, Callable[[TaskDone], None]] = {}
        self._unasked: dict[str, Request] = {}
        self._untold = False
        self._since_move, self._since_told, self._since_intent = (QElapsedTimer() for _ in range(3))
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.drain)
        self._timer.start(DRAIN_MILLISECONDS)
        self._garbage = GarbageCollector(self)
        self._garbage.start()

    @property
    def state(self) -> StudioState:
        """What is shown now."""
        return self._state

    def update(self, **parts: Any) -> None:
        """Replace parts of the state and tell the views."""
        self.put(replace(self._state, **parts))

    def put(self, state: StudioState) -> None:
        """Replace the state and tell the views."""
        if state is not self._state:
            self._become(state)
            if not self.signalsBlocked():  # they are while the mailbox is emptied
                self._since_intent.start()
            self._tell()

    def move(self, exploration: Exploration) -> None:
        """Another point of the latent space; what follows the hand hears of it before everything else."""
        self.update_quietly(exploration=exploration)
        self._since_move.start()
        self.moved.emit()

    def update_quietly(self, **parts: Any) -> None:
        """Replace parts of the state; the views are told when the mailbox is emptied next."""
        self._become(replace(self._state, **parts))
        self._untold = True

    def _become(self, state: StudioState) -> None:
        """Take a state over; what belongs to a run or to digits that it does not show is gone in it."""
        self._state = settled(self._state, state)
        if self._state is not state:  # another run or other digits are shown
            self._withdraw()

    def _withdraw(self) -> None:
        """Forget the questions about what is not shown any more."""
        shows = self._state.shows
        self._unasked = {
            channel: question for channel, question in self._unasked.items() if shows(question.subject)
        }
        if self.inference_worker is not None:
            self.inference_worker.keep(shows)
        self._state = replace(self._state, asked=self._state.asked & frozenset(self._unasked))

    def _tell(self) -> None:
        self._untold = False
        self._since_told.start()
        self.changed.emit()

    def say(self, text: str, tone: Tone = "plain") -> None:
        """One line at the foot of the window."""
        self.put(reducers.with_message(self._state, Message(text, tone)))

    def run_task(
        self, name: str, doing: str, work: Callable[..., Any], done: Callable[[TaskDone], None],
        *, hurry: bool = False,
    ) -> None:  # fmt: skip
        """Do slow work on a thread; `done` gets its letter on the window's, `state.tasks` its progress."""
        self._task_owners[name] = done
        self.tasks.start(name, doing, work, hurry=hurry)
        self._set_progress(name, (0.0, None, ""))

    def _set_progress(self, task: str, progress: TaskProgressed | None) -> None:
        tasks = {name: value for name, value in self._state.tasks.items() if name != task}
        if progress is not None:
            tasks[task] = progress
        self.update(tasks=MappingProxyType(tasks))

    def ask(self, questions: Iterable[Request]) -> None:
        """Make sure that these questions are answered: those whose answer is not there or on its way."""
        wanted = {question.channel: question for question in questions}
        new = {
            channel: question
            for channel, question in wanted.items()
            if self._unasked.get(channel) != question and not self._has_answer(channel, question)
        }
        if not new:
            return
        self._unasked |= new
        if self.inference_worker is not None:
            for question in new.values():
                self.inference_worker.ask(question)
        # Asked while a state is being shown: it need not be shown a second time for that.
        self.update_quietly(asked=self._state.asked | set(new))

    def _has_answer(self, channel: str, question: Request) -> bool:
        answer = self._state.answers.get(channel)
        return answer is not None and question in (answer.question, answer.failed)

    def engine_ready(self) -> None:
        """Torch is there: questions can be answered from now on."""
        if self.inference_worker is None:
            # Torch brings half a million objects that stay: a full collection through them would hold the
            # window for 0.3 s, at a moment that nobody chooses.
            gc.freeze()
            self.inference_worker = InferenceWorker(self.mailbox)
            for question in self._unasked.values():
                self.inference_worker.ask(question)

    @Slot()
    def drain(self) -> None:
        """Empty the mailbox: events of the training together, everything else in order."""
        if self._can_wait():
            return
        letters = self.mailbox.take()
        if not letters:
            if self._untold:
                self._tell()
            return
        self.blockSignals(True)
        before = self._state
        try:
            events = [
                letter.event
                for letter in letters
                if isinstance(letter, Trained) and letter.token == self.training.token
            ]
            if events:
                self._become(reducers.with_training_events(self._state, events))
                self.training.after_events(events)
                self.timeline.after_events(events)
            self.twins.take(letters)
            for letter in letters:
                self._deliver(letter)
        finally:
            self.blockSignals(False)
        if self._state is not before or self._untold:
            self._tell()

    def _can_wait(self) -> bool:
        """Whether another full refresh would take from a hand, or from a training, what nobody asked for."""
        if self._state.timeline.playing:
            return False  # each of its frames moves the picture as a hand does, and the next waits for it
        moving = _within(self._since_move, HAND_MILLISECONDS)
        touched = moving or _within(self._since_intent, CALM_MILLISECONDS)
        running = "running" in (self._state.training.phase, self._state.twins.phase)
        calm = running and not touched
        return (moving or calm) and _within(self._since_told, HAND_MILLISECONDS)

    def _deliver(self, letter: Any) -> None:
        match letter:
            case RequestAnswered(channel, answer):
                if not answer.more and self._unasked.get(channel) == answer.question:
                    del self._unasked[channel]
                waits = channel in self._unasked  # for a newer question of this channel
                self._state = reducers.with_answer(self._state, channel, answer, waits)
                if self._state.shows(answer.question.subject):
                    self.explore.after_answer(channel, answer)
            case TrainingBroke(token, problem) if token == self.training.token:
                self.training.broke(problem)
                self.timeline.broke()
            case SaveFailed(token, problem) if token == self.training.token:
                self.training.not_kept(problem)
            case TaskProgress(task, token, done, total, what) if self.tasks.is_current(task, token):
                self._set_progress(task, (done, total, what))
                self.data.progressed(task, (done, total, what))
            case TaskDone(task, token) if self.tasks.is_current(task, token):
                self._set_progress(task, None)
                self._task_owners[task](letter)

    def close(self) -> bool:
        """Ask every thread to end; True once all have. The window calls it again until then."""
        self._timer.stop()
        self.tasks.cancel_all()
        self.layouts.close()
        self.timeline.close()
        self.latent.close()
        self.training.close()
        self.twins.close()
        if self.inference_worker is not None:
            self.inference_worker.close()
        analyst_alive = self.inference_worker is not None and self.inference_worker.alive()
        if self.writing or analyst_alive or self.tasks.alive() or self.layouts.alive():
            return False
        self._garbage.stop()
        gc.unfreeze()  # what the window leaves behind can be collected, should the process live on
        return True

    @property
    def writing(self) -> bool:
        """Whether a run is being trained, or written because it has just ended."""
        return self.training.alive() or self.twins.alive()


def _within(clock: QElapsedTimer, milliseconds: int) -> bool:
    return clock.isValid() and clock.elapsed() < milliseconds
