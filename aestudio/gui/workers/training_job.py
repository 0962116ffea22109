"""One training on its own thread: takes the events of its runs and puts them into the mailbox.

A training has one run, or several that are compared.
"""

from __future__ import annotations

import itertools
import threading
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from aestudio.gui.workers.error_report import as_problem
from aestudio.gui.workers.messages import SaveFailed, Trained, TrainingEnded
from aestudio.gui.workers.thread_priority import lower_thread_priority
from aestudio.training.events import (
    CheckpointTaken,
    HistoryCheckpointTaken,
    MetricPoint,
    SnapshotTaken,
    TrainingProgress,
    Yielded,
)
from aestudio.training.lockstep import LockstepCommands, in_lockstep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aestudio.errors import StudioError
    from aestudio.gui.workers.mailbox import Mailbox
    from aestudio.gui.workers.recorded_runs import StartRun
    from aestudio.runs.start import RunEvents
    from aestudio.training.events import Event

_NEWEST_ONLY = (TrainingProgress, SnapshotTaken, CheckpointTaken)
# Written to the runs' folders; the window does not need them.
_NOT_SENT = (HistoryCheckpointTaken, Yielded)
_tokens = itertools.count(1)


class TrainingJob:
    """Trains runs side by side until all have ended. token: in each of its messages, and no other job's."""

    def __init__(
        self,
        mailbox: Mailbox,
        runs: Sequence[StartRun],
        commands: LockstepCommands | None = None,
    ) -> None:
        """commands: for as many runs, obeyed from the first step on"""
        self.token = next(_tokens)
        self.commands = LockstepCommands(len(runs)) if commands is None else commands
        self._mailbox = mailbox
        self._runs = runs
        self._not_sent = _NOT_SENT
        if len(runs) > 1:
            # No compared run is resumed in the window, and their states would take much memory.
            self._not_sent += (CheckpointTaken,)
        self._thread = threading.Thread(target=self._run, name="training", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def _run(self) -> None:
        lower_thread_priority()
        problem = None
        try:
            for number, event in self._events():
                self._send(number, event)
        except (Exception, SystemExit) as error:  # sys.exit() in a user's file must not end the thread
            doing = "training" if len(self._runs) == 1 else "training the compared runs"
            problem = as_problem(error, doing)
        self._mailbox.put(TrainingEnded(self.token, problem))

    def _events(self) -> Iterator[tuple[int, Event]]:
        """(number of the run, its event) until all have ended."""
        with ExitStack() as started:
            events: list[RunEvents] = []
            for number, (start, commands) in enumerate(zip(self._runs, self.commands.each, strict=True)):
                on_problem = partial(self._save_failed, number)
                one = start(commands=commands, in_turns=len(self._runs) > 1, on_problem=on_problem)
                started.callback(one.close)
                events.append(one)
            yield from in_lockstep(events, self.commands)

    def _send(self, number: int, event: Event) -> None:
        if not isinstance(event, self._not_sent):
            newest_only = isinstance(event, _NEWEST_ONLY)
            key = f"training {self.token} {number} {type(event).__name__}" if newest_only else ""
            can_wait = newest_only or isinstance(event, MetricPoint)
            leads_on = isinstance(event, SnapshotTaken)
            self._mailbox.put(Trained(self.token, number, event), key, can_wait=can_wait, leads_on=leads_on)

    def _save_failed(self, number: int, problem: StudioError) -> None:
        self._mailbox.put(SaveFailed(self.token, number, problem))
