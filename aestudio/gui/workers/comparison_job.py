"""The compared runs on one thread: takes their events in turn and puts them into the mailbox."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aestudio.gui.workers.error_report import as_problem
from aestudio.gui.workers.messages import ComparedTrained, ComparisonEnded
from aestudio.gui.workers.thread_priority import lower_thread_priority
from aestudio.training.events import (
    CheckpointTaken,
    HistoryCheckpointTaken,
    SnapshotTaken,
    TrainingProgress,
    Yielded,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aestudio.gui.workers.mailbox import Mailbox
    from aestudio.training.events import Event
    from aestudio.training.lockstep import LockstepCommands

_NEWEST_ONLY = (TrainingProgress, SnapshotTaken)
# Written to the runs' folders; the window does not need them.
_NOT_SENT = (CheckpointTaken, HistoryCheckpointTaken, Yielded)


class ComparisonJob:
    """Drives `events(commands)`, a generator of (number of the run, its event), until it ends."""

    def __init__(
        self,
        token: int,
        mailbox: Mailbox,
        events: Callable[[LockstepCommands], Iterator[tuple[int, Event]]],
        commands: LockstepCommands,
    ) -> None:
        """commands: obeyed from the first step on"""
        self.token = token
        self.commands = commands
        self._mailbox = mailbox
        self._events = events
        self._thread = threading.Thread(target=self._run, name="comparison", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def _run(self) -> None:
        lower_thread_priority()
        problem = None
        try:
            for number, event in self._events(self.commands):
                if isinstance(event, _NOT_SENT):
                    continue
                newest_only = isinstance(event, _NEWEST_ONLY)
                kind = type(event).__name__
                key = f"comparison {self.token} {number} {kind}" if newest_only else ""
                self._mailbox.put(ComparedTrained(self.token, number, event), replaces=key)
        except Exception as error:
            problem = as_problem(error, "training the compared runs")
        self._mailbox.put(ComparisonEnded(self.token, problem))
