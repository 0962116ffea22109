"""The application's state, a frozen value, and the only way to replace it.

Controllers know the store. They change the state by reducers, start tasks, request inference, and send
intents that another controller carries out. What follows from a change is decided by effects, pure functions
in one ordered list (`state/effects`), and carried out before the views are notified: nothing changes the
state while it is being shown. Views read `state` and follow `changed`.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from aestudio.gui.controllers.intents import Intents
from aestudio.gui.controllers.refresh_pace import RefreshPace
from aestudio.gui.state import reducers
from aestudio.gui.state.effects.ordered import EFFECTS
from aestudio.gui.state.effects.reactions import Reaction, ShareCore
from aestudio.gui.state.shown_step import with_step_times
from aestudio.gui.state.studio_state import Message, StudioState, Tone
from aestudio.gui.state.subject_change import settled
from aestudio.gui.workers.mailbox import Mailbox
from aestudio.gui.workers.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.worker import InferenceWorker
    from aestudio.gui.state.studio_state import Exploration, TaskProgressed
    from aestudio.gui.workers.messages import TaskDone


log = logging.getLogger(__name__)
AnyReaction = TypeVar("AnyReaction", bound=Reaction)

# Rounds of effects that change the state again: a few follow each other, more would be a circle.
MOST_ROUNDS = 20


class Store(QObject):
    """Holds the state, and what changes it from outside: the mailbox, the tasks, the inference worker.

    changed:  the state has changed (at most once per emptied mailbox, and once per intent)
    expected: the state is newer, and will be shown with `changed`: what follows from it can be asked for now
    moved:    the point in the latent space has changed, and its image must follow the pointer at once;
              `changed` follows when the mailbox is emptied next
    starting: a training is about to start: fields that are being edited take what was typed, at once
    """

    changed = Signal()
    expected = Signal()
    moved = Signal()
    starting = Signal()

    def __init__(self, state: StudioState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.intents = Intents()
        self.mailbox = Mailbox()
        self.tasks = Tasks(self.mailbox)
        self.inference_worker: InferenceWorker | None = None
        self._task_owners: dict[str, tuple[Callable[[TaskDone], None], Callable[[Any], None] | None]] = {}
        self._handlers: dict[type[Reaction], Callable[[Any], None]] = {}
        self._reacted = state  # the state that the effects have seen, and the views
        self._seen = [state] * len(EFFECTS)  # by each of them; while they react, these differ
        self._reacting = self._showing = False
        self._after_showing: list[Callable[[], None]] = []
        self._since_move, self._since_changed, self._since_intent = (QElapsedTimer() for _ in range(3))
        self._pace = RefreshPace()
        self.react_with(ShareCore, self._share_core)

    @property
    def state(self) -> StudioState:
        """What is shown now."""
        return self._state

    def update(self, **parts: Any) -> None:
        """Replace parts of the state and notify the views; while they show a state, right after that.

        A widget that moves while it shows a state may tell that the mouse is over something else now.
        """
        self.after_showing(lambda: self.set_state(replace(self._state, **parts)))

    def set_state(self, state: StudioState) -> None:
        """Replace the state and notify the views; raises RuntimeError while they show a state."""
        if state is not self._state:
            self._become(state)
            if self._by_user:
                self._since_intent.start()
                if self.inference_worker is not None:
                    self.inference_worker.in_use()
            self._emit_changed()

    def move(self, exploration: Exploration, **parts: Any) -> None:
        """Show another point of the latent space; views that follow the pointer are notified first."""
        self.update_quietly(exploration=exploration, **parts)
        if self._by_user:
            self._since_move.start()
        self.moved.emit()

    @property
    def _by_user(self) -> bool:
        """Whether a change comes from the user, and not from a message or from another change."""
        return not self.signalsBlocked() and not self._reacting

    def update_quietly(self, **parts: Any) -> None:
        """Replace parts of the state; `changed` follows when the mailbox is emptied next."""
        self.after_showing(lambda: self._become(replace(self._state, **parts)))

    def _become(self, state: StudioState) -> None:
        """Take over a state, without results of a run or of images that it no longer shows.

        Raises RuntimeError while the views show a state: they would show parts of two.
        """
        if self._showing:
            raise RuntimeError("the state cannot change while it is being shown")
        state = with_step_times(self._state, state, time.monotonic())
        self._state = settled(self._state, state)
        if self._state is not state:  # the run or the images changed
            self._withdraw()
        self.set_inference_pace()

    def _withdraw(self) -> None:
        """Forget the requests about what is no longer shown."""
        shows = self._state.shows
        kept = {channel: one for channel, one in self._state.pending.items() if shows(one.subject)}
        if self.inference_worker is not None:
            self.inference_worker.keep(shows)
        self._state = replace(self._state, pending=MappingProxyType(kept))

    def _emit_changed(self) -> None:
        """Carry out what follows from the change, then let the views show the result."""
        if self._reacting or self.signalsBlocked():
            return  # who reacts, or empties the mailbox, emits afterwards
        self._react()
        self._since_changed.start()
        self._pace.begin()
        self._showing = True
        try:
            self.changed.emit()
        finally:
            self._showing = False
        waiting, self._after_showing = self._after_showing, []
        for call in waiting:
            call()

    def react_with(self, kind: type[AnyReaction], carry_out: Callable[[AnyReaction], None]) -> None:
        """Set the function that carries out a kind of reaction."""
        self._handlers[kind] = carry_out

    def _react(self) -> None:
        """Ask the effects, in their order, until nothing changes the state any more.

        Each sees every change once: what an effect changes is new to those behind it in this round, and to
        those before it in the next one.
        """
        self._reacting = True
        try:
            for _ in range(MOST_ROUNDS):
                if all(seen is self._state for seen in self._seen):
                    break
                for number, effect in enumerate(EFFECTS):
                    before, self._seen[number] = self._seen[number], self._state
                    if before is not self._state:
                        self._carry_out(effect(before, self._state))
            else:
                log.error("the effects of a change did not come to an end")
                self._seen = [self._state] * len(EFFECTS)
            self._reacted = self._state
        finally:
            self._reacting = False

    def _carry_out(self, reactions: Iterable[Reaction]) -> None:
        for reaction in reactions:
            handler = self._handlers.get(type(reaction))
            if handler is not None:
                handler(reaction)

    def after_showing(self, call: Callable[[], None]) -> None:
        """Call this once the views have shown the state: now, if they do not show one."""
        if self._showing:
            self._after_showing.append(call)
        else:
            call()

    def show_message(self, text: str, tone: Tone = "plain") -> None:
        """One line at the foot of the window."""
        self.after_showing(lambda: self.set_state(reducers.with_message(self._state, Message(text, tone))))

    def run_task(
        self,
        name: str,
        doing: str,
        work: Callable[..., Any],
        done: Callable[[TaskDone], None],
        *,
        urgent: bool = False,
        part: Callable[[Any], None] | None = None,
    ) -> None:
        """Do slow work on a thread; `done` gets its message on the window's, `state.tasks` its progress.

        part: gets what the work shows meanwhile, by `TaskReport.show`
        """
        self._task_owners[name] = (done, part)
        self.tasks.start(name, doing, work, urgent=urgent)
        self._set_progress(name, (0.0, None, ""))

    def _set_progress(self, task: str, progress: TaskProgressed | None) -> None:
        tasks = {name: value for name, value in self._state.tasks.items() if name != task}
        if progress is not None:
            tasks[task] = progress
        self.update(tasks=MappingProxyType(tasks))

    def request(self, requests: Iterable[Request]) -> None:
        """Send these requests to the inference worker, except those whose result is known or pending."""
        listed = tuple(requests)
        self.after_showing(lambda: self._request(listed))

    def _request(self, requests: Iterable[Request]) -> None:
        requested = {request.channel: request for request in requests}
        new = {
            channel: request
            for channel, request in requested.items()
            if self._state.pending.get(channel) != request and not self._has_result(channel, request)
        }
        # What is known already, and no longer that which is being computed: its answer would replace it.
        outdated = {
            channel
            for channel, request in requested.items()
            if channel not in new and self._state.pending.get(channel, request) != request
        }
        if not new and not outdated:
            return
        if self.inference_worker is not None:
            for channel in outdated:
                self.inference_worker.withdraw(channel)
            for request in new.values():
                self.inference_worker.request(request)
        kept = {channel: one for channel, one in self._state.pending.items() if channel not in outdated}
        # The views have shown this state; that something is pending they show with the next one.
        self.update_quietly(pending=MappingProxyType({**kept, **new}))

    def _has_result(self, channel: str, request: Request) -> bool:
        """Whether the final result of this request is known, or that there is none."""
        result = self._state.results.get(channel)
        if result is None:
            return False
        return request == result.failed or (request == result.request and not result.more)

    def refuses_to_start(self, *, comparison: bool = False) -> bool:
        """Apply what is being typed; if a field is invalid, show why nothing can be trained."""
        self.starting.emit()
        obstacles = self._state.obstacles(comparison=comparison)
        if obstacles:
            self.show_message(obstacles[0], "warn")
        return bool(obstacles)

    def _share_core(self, reaction: ShareCore) -> None:
        if self.inference_worker is not None:
            self.inference_worker.share = reaction.share

    def set_inference_pace(self) -> None:
        """Let the inference worker pause between results while a training needs the processor."""
        worker, training = self.inference_worker, self._state.inference_can_wait
        if worker is not None and worker.training != training:
            worker.training = training
