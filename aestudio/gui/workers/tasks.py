"""Slow tasks, each on its own thread: load a data set, open a run, write an export."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from aestudio.errors import Cancelled
from aestudio.gui.workers.error_report import as_problem
from aestudio.gui.workers.messages import TaskDone, TaskPart, TaskProgress
from aestudio.gui.workers.thread_priority import lower_thread_priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.workers.mailbox import Mailbox

_PROGRESS_SECONDS = 0.05


class TaskReport:
    """A `Progress` that tells the window; what the task has so far can be shown as well."""

    def __init__(self, mailbox: Mailbox, task: str, token: int, cancelled: threading.Event) -> None:
        self._mailbox, self._task, self._token, self._cancelled = mailbox, task, token, cancelled
        self._last = 0.0

    def __call__(self, done: float, total: float | None, what: str) -> None:
        self.check()
        now = time.monotonic()
        if now - self._last >= _PROGRESS_SECONDS:
            self._last = now
            message = TaskProgress(self._task, self._token, done, total, what)
            self._mailbox.put(message, replaces=f"progress {self._task}")

    def show(self, value: Any) -> None:
        """Show what there is of the result; of values that follow each other quickly only the newest."""
        self.check()
        self._mailbox.put(TaskPart(self._task, self._token, value), replaces=f"part {self._task}")

    def check(self) -> None:
        """Raise Cancelled if the task is to end."""
        if self._cancelled.is_set():
            raise Cancelled


class Tasks:
    """Starts tasks by name; starting one again cancels the one before it."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._running: dict[str, tuple[int, threading.Event]] = {}
        self._threads: list[threading.Thread] = []
        self._last_token = 0

    def start(self, name: str, doing: str, work: Callable[[TaskReport], Any], *, urgent: bool = False) -> int:
        """Run `work(progress)`; returns the token of its messages.

        doing: text for an unexpected problem: "the data set was being loaded"
        urgent: the user waits for it, so the thread keeps its priority
        """
        self.cancel(name)
        self._last_token += 1
        token, cancelled = self._last_token, threading.Event()
        thread = threading.Thread(
            target=self._run,
            args=(name, token, doing, work, cancelled, urgent),
            name=f"task {name}",
            daemon=True,
        )
        self._running[name] = (token, cancelled)
        self._threads = [*(old for old in self._threads if old.is_alive()), thread]
        thread.start()
        return token

    def cancel(self, name: str) -> None:
        """Ask the task to end; its messages are marked as cancelled."""
        if name in self._running:
            self._running[name][1].set()

    def is_current(self, name: str, token: int) -> bool:
        """Whether a message with this token comes from the newest task of that name."""
        return name in self._running and self._running[name][0] == token

    def cancel_all(self) -> None:
        """Ask every task to end."""
        for name in self._running:
            self.cancel(name)

    def alive(self) -> bool:
        """Whether any task has not ended yet, including cancelled and replaced ones."""
        return any(thread.is_alive() for thread in self._threads)

    def _run(
        self,
        name: str,
        token: int,
        doing: str,
        work: Callable[[TaskReport], Any],
        cancelled: threading.Event,
        urgent: bool,
    ) -> None:
        if not urgent:
            lower_thread_priority()
        report = TaskReport(self._mailbox, name, token, cancelled)
        try:
            message = TaskDone(name, token, value=work(report))
        except Cancelled:
            message = TaskDone(name, token, cancelled=True)
        except (Exception, SystemExit) as error:  # sys.exit() in a user's file must not end the thread
            message = TaskDone(name, token, problem=as_problem(error, doing))
        self._mailbox.put(message)
