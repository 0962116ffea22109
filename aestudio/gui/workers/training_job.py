"""One training on its own thread: takes the trainer's events and puts them into the mailbox."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aestudio.gui.workers.error_report import as_problem
from aestudio.gui.workers.messages import Trained, TrainingBroke
from aestudio.gui.workers.thread_priority import lower_thread_priority
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, SnapshotTaken, TrainingProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aestudio.gui.workers.mailbox import Mailbox
    from aestudio.training.events import Event

_NEWEST_ONLY = (TrainingProgress, SnapshotTaken, CheckpointTaken)


class TrainingJob:
    """Drives `events(commands)`, a generator of training events, until it ends."""

    def __init__(
        self,
        token: int,
        mailbox: Mailbox,
        events: Callable[[Commands], Iterator[Event]],
        commands: Commands | None = None,
    ) -> None:
        """commands: obeyed from the first step on"""
        self.token = token
        self.commands = commands or Commands()
        self._mailbox = mailbox
        self._events = events
        self._thread = threading.Thread(target=self._run, name="training", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def _run(self) -> None:
        lower_thread_priority()
        try:
            for event in self._events(self.commands):
                kind = type(event).__name__
                key = f"training {self.token} {kind}" if isinstance(event, _NEWEST_ONLY) else ""
                self._mailbox.put(Trained(self.token, event), replaces=key)
        except Exception as error:
            self._mailbox.put(TrainingBroke(self.token, as_problem(error, "training")))
