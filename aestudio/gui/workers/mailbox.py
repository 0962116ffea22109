"""Messages from the threads to the window, which takes them at its own pace.

A message without a key is always kept; of the messages with the same key, only the newest. Measured: 500
queued signals a second leave a window seconds behind; this stays under 20 ms.
"""

from __future__ import annotations

import threading
from typing import Any


class Mailbox:
    """Written by any thread, emptied by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[tuple[str, Any]] = []
        self._positions: dict[str, int] = {}
        self._awaited = self._leads_on = False

    @property
    def leads_on(self) -> bool:
        """Whether requests may follow from one of the messages."""
        return self._leads_on

    @property
    def awaited(self) -> bool:
        """Whether somebody may wait for one of the messages."""
        return self._awaited

    def put(
        self, message: Any, replaces: str = "", *, can_wait: bool = False, leads_on: bool = False
    ) -> None:
        """Add a message; with a key it replaces one of the same key that was not taken yet.

        can_wait: more of its kind follow by themselves, and nobody waits for this one
        leads_on: requests may follow from it, which are sent before it is shown
        """
        with self._lock:
            self._awaited = self._awaited or not can_wait
            self._leads_on = self._leads_on or leads_on
            if replaces and replaces in self._positions:
                # The old one goes and the new one is last, so that messages stay in order of time.
                self._messages[self._positions[replaces]] = ("", None)
            if replaces:
                self._positions[replaces] = len(self._messages)
            self._messages.append((replaces, message))

    def take(self) -> list[Any]:
        """All messages since the last call, in order."""
        with self._lock:
            messages = [message for _, message in self._messages if message is not None]
            self._messages, self._positions = [], {}
            self._awaited = self._leads_on = False
            return messages
