"""Which trainings of the queue this process is about to begin, so that no other window begins the same.

A claim is a lock that the operating system gives back when the process ends, however it ends. It is held
from before the training begins until the queue's file has lost it, because its run is there then.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.queue_file import read_queue
from aestudio.runs.shared_list import LOCK
from aestudio.storage.digest import digest_of_texts
from aestudio.storage.lock import close_lock, locked, open_lock
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


class QueueClaims:
    """Its methods wait for a disk, so they are called on a thread of their own."""

    def __init__(self, path: Path) -> None:
        """path: of the queue's file"""
        self._path = path
        self._held: dict[str, int] = {}
        self._guard = threading.Lock()

    def claim(self, key: str, known: Collection[str]) -> bool:
        """Whether this process may begin the training of this key: nobody else does or did.

        known: keys that the file had when it was read last; one that it has lost since was begun or removed
        Raises StudioError if the folder cannot be written.
        """
        with self._guard:
            if key in self._held:
                return True
            with writing(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self._path.with_name(LOCK)):
                lock = open_lock(self._lock_of(key))
                if lock is None:
                    return False
                if key in known and self._lost(key):
                    self._give_back(key, lock)
                    return False
                self._held[key] = lock
                return True

    def release(self, but: Collection[str] = ()) -> None:
        """Give every claim back. but: the keys of those that are still needed"""
        with self._guard:
            gone = [key for key in self._held if key not in but]
            if gone:
                with locked(self._path.with_name(LOCK)):
                    for key in gone:
                        self._give_back(key, self._held.pop(key))

    def _lost(self, key: str) -> bool:
        try:
            return key not in {entry.key for entry in read_queue(self._path)}
        except StudioError:  # a damaged file says nothing
            return False

    def _give_back(self, key: str, lock: int) -> None:
        """The file goes while the queue's lock is held, so that nobody locks one that is just removed."""
        close_lock(lock)
        with suppress(OSError):
            self._lock_of(key).unlink()

    def _lock_of(self, key: str) -> Path:
        return self._path.with_name(f".queue-{digest_of_texts([key])}.lock")
