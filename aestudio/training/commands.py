"""Commands to a running trainer: small messages, carried out between two steps."""

from __future__ import annotations

import threading
from collections import deque


class Commands:
    """Written by any thread, read by the trainer's thread.

    The trainer reads one plain attribute per step (`waiting`); everything else happens only if there is a
    command. While paused, the trainer yields `Paused`, and waits in `wait_while_paused` when the next event
    is pulled.
    """

    def __init__(self) -> None:
        self.waiting = False
        self._condition = threading.Condition()
        self._changes: deque[tuple[str, float]] = deque()
        self._sabotage = ""
        self._paused = False
        self._resumed = False  # since the trainer waited last
        # Each single step that is allowed, with the only phase to execute in it, "" for all that are due.
        self._steps: deque[str] = deque()
        self.phase = ""
        self._stopped = False
        self._snapshot_requested = False

    def pause(self) -> None:
        """Pause after the current step."""
        with self._condition:
            self._paused = True
            self._steps.clear()
            self.waiting = True
            self._condition.notify_all()

    def resume(self) -> None:
        """Continue until the next command."""
        with self._condition:
            self._resumed = self._paused
            self._paused = False
            self._steps.clear()
            self.phase = ""
            self.waiting = self._stopped or self._snapshot_requested or bool(self._changes or self._sabotage)
            self._condition.notify_all()

    def advance(self, steps: int = 1, phase: str = "") -> None:
        """Do this many steps, then pause again.

        phase: the only one to execute in them, "" for all that are due
        """
        with self._condition:
            self._paused = True
            self._steps.extend([phase] * steps)
            self.waiting = True
            self._condition.notify_all()

    def stop(self) -> None:
        """End the run after the current step; its state is kept."""
        with self._condition:
            self._stopped = True
            self.waiting = True
            self._condition.notify_all()

    def change(self, name: str, value: float) -> None:
        """Change a live setting, from the next step on."""
        with self._condition:
            self._changes.append((name, value))
            self.waiting = True
            self._condition.notify_all()

    def sabotage(self, name: str) -> None:
        """Put a sabotage over the run from the next step on; a checkpoint of the state before it is kept.

        The trainer passes over what does not fit its model (`sabotage_list.check_sabotage`), and over a
        second one.
        """
        with self._condition:
            self._sabotage = name
            self.waiting = True
            self._condition.notify_all()

    def request_snapshot(self) -> None:
        """Request a snapshot before the next step."""
        with self._condition:
            self._snapshot_requested = True
            self.waiting = True
            self._condition.notify_all()

    @property
    def paused(self) -> bool:
        """Whether the trainer is paused, apart from single steps, until `resume`."""
        return self._paused

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped

    def take_changes(self) -> list[tuple[str, float]]:
        """The newest value of each setting changed since the last call, in order of the first change."""
        with self._condition:
            newest = dict(self._changes)
            self._changes.clear()
            self.waiting = self._stopped or self._paused or self._snapshot_requested or bool(self._sabotage)
            return list(newest.items())

    def take_sabotage(self) -> str:
        """The name of the sabotage that was asked for since the last call, "" for none."""
        with self._condition:
            name, self._sabotage = self._sabotage, ""
            self.waiting = self._stopped or self._paused or self._snapshot_requested or bool(self._changes)
            return name

    def take_snapshot_request(self) -> bool:
        """Whether a snapshot was requested since the last call."""
        with self._condition:
            requested, self._snapshot_requested = self._snapshot_requested, False
            return requested

    def may_step(self) -> bool:
        """Whether the trainer may do the next step; each call uses up one of the steps of `advance`.

        `phase` is then the only one to execute in it.
        """
        with self._condition:
            if self._stopped or not self._paused:
                return not self._stopped
            if self._steps:
                self.phase = self._steps.popleft()
                return True
            return False

    def wait_while_paused(self) -> None:
        """Block until a step is allowed, a setting changes, a snapshot is requested, or the run ends.

        Also if it was resumed and paused again since: the second command is to be answered, too.
        """
        with self._condition:
            self._condition.wait_for(
                lambda: (
                    self._stopped
                    or self._resumed
                    or not self._paused
                    or bool(self._steps)
                    or bool(self._changes)
                    or bool(self._sabotage)
                    or self._snapshot_requested
                )
            )
            self._resumed = False
