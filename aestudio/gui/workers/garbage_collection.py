"""Collects cyclic garbage on the window's thread only.

Python collects on whatever thread makes the next object, and destroys there what it finds. Qt does not allow
a widget to be destroyed on another thread: if the window's thread walks over all widgets at that time, as a
change of the theme does, the process crashes. Imports on a thread are the likeliest cause (torch makes
300,000 objects); UMAP and t-SNE are imported in another process (analysis/embedding_process.py).

So Python's own collector is off while a window is open. A timer of the window collects the young objects
often, which takes under a millisecond, and all objects twice a minute; then free memory returns to the
system, too.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aestudio.gui.workers.collector_switch import switch_back, switch_off

if TYPE_CHECKING:
    from collections.abc import Iterator

YOUNG_MILLISECONDS = 100
OLD_EVERY = 300
"""Collections of young objects per collection of all."""
MOST_OLD = 25_000
"""Collecting this many objects takes 10 ms; a window with every view has 22,000. If more survive a
collection, for example after an import, they are frozen: later collections skip them, as they skip torch."""

_collect = gc.collect
_lock = threading.Lock()
_pauses = [0]
_active: list[GarbageCollector] = []
_requested = threading.Event()


class GarbageCollector(QObject):
    """Active from `start` to `stop`, both called on the window's thread; there may be several windows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(YOUNG_MILLISECONDS)
        self._timer.timeout.connect(self.collect_due)

    def start(self) -> None:
        """Replace Python's own collector."""
        if self in _active:
            return
        if not _active:
            gc.collect = _collect_on_this_thread
        _active.append(self)
        switch_off()
        self._timer.start()

    def stop(self) -> None:
        """Restore Python's own collector, when no other thread runs any more."""
        if self not in _active:
            return
        self._timer.stop()
        _active.remove(self)
        if not _active:
            gc.collect = _collect
        switch_back()

    @Slot()
    def collect_due(self) -> None:
        """Collect what is due."""
        if _pauses[0]:
            return
        gc.disable()  # should a library have switched it on
        self._ticks += 1
        if _requested.is_set() or self._ticks % OLD_EVERY == 0:
            _requested.clear()
            self._collect_all()
            return
        counts, due = gc.get_count(), gc.get_threshold()
        if counts[0] > due[0]:
            _collect(1 if counts[1] > due[1] else 0)

    def _collect_all(self) -> None:
        threading.Thread(target=_return_memory, name="return memory", daemon=True).start()
        _collect()
        if len(gc.get_objects(generation=2)) > MOST_OLD:
            gc.freeze()


@contextlib.contextmanager
def collection_paused() -> Iterator[None]:
    """No collection inside this block, from any thread: many objects are made, and all of them stay."""
    with _lock:
        _pauses[0] += 1
    try:
        yield
    finally:
        with _lock:
            _pauses[0] -= 1


def _return_memory() -> None:
    """Return free heap memory to the system; on a thread, because it takes some ms.

    Each thread allocates from its own arena, and free memory there stays with the process: 280 MB after
    2,500 random user events that start and stop trainings (measured; only glibc works so).
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def _collect_on_this_thread(generation: int = 2) -> int:
    """Replaces `gc.collect` for libraries: on another thread it only requests a collection."""
    if threading.current_thread() is threading.main_thread():
        return _collect(generation)
    _requested.set()
    return 0
