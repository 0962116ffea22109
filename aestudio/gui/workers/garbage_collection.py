"""Looks for cyclic garbage on the window's thread only.

Python looks for it on whatever thread makes the next object, and destroys there what it finds. A widget that
dies on another thread while the window's thread walks over all widgets, as a change of the theme does, ends
the process: Qt allows no such thing. An import on a thread (torch's brings 300,000 objects) is the likeliest
moment; UMAP and t-SNE are imported by another process (analysis/layout_process.py).

While a window lives, Python's own collector is therefore off. A timer of the window looks through the young
objects often, which takes under a millisecond, and through the old ones twice a minute; then memory that is
free goes back to the system, too.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

YOUNG_MILLISECONDS = 100
OLD_EVERY = 300
"""So many looks at the young objects for one at the old."""
MOST_OLD = 25_000
"""To look through so many takes 10 ms; a window with every view made has 22,000. Where there are more, as
after another library was imported, those that are left after one look are left out of all later ones, as is
what torch brings."""

_collect = gc.collect
_lock = threading.Lock()
_left_alone = [0]
_on_duty: list[GarbageCollector] = []
_was_enabled = [True]
_wanted = threading.Event()


class GarbageCollector(QObject):
    """On duty from `start` to `stop`, both called on the window's thread; there may be several windows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(YOUNG_MILLISECONDS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Take over from Python."""
        if self in _on_duty:
            return
        if not _on_duty:
            _was_enabled[0] = gc.isenabled()
            gc.collect = _collect_on_this_thread
        _on_duty.append(self)
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Hand back to Python, when no other thread is at work any more."""
        if self not in _on_duty:
            return
        self._timer.stop()
        _on_duty.remove(self)
        if not _on_duty:
            gc.collect = _collect
            if _was_enabled[0]:
                gc.enable()

    @Slot()
    def look(self) -> None:
        """Collect as far as it is due."""
        if _left_alone[0]:
            return
        gc.disable()  # should a library have switched it on
        self._looks += 1
        if _wanted.is_set() or self._looks % OLD_EVERY == 0:
            _wanted.clear()
            self._look_at_all()
            return
        counts, due = gc.get_count(), gc.get_threshold()
        if counts[0] > due[0]:
            _collect(1 if counts[1] > due[1] else 0)

    def _look_at_all(self) -> None:
        threading.Thread(target=_return_memory, name="memory back", daemon=True).start()
        _collect()
        if len(gc.get_objects(generation=2)) > MOST_OLD:
            gc.freeze()


@contextlib.contextmanager
def left_alone() -> Iterator[None]:
    """Meanwhile nobody looks for garbage, whatever thread asks for it: much is made, and all of it stays."""
    with _lock:
        _left_alone[0] += 1
    try:
        yield
    finally:
        with _lock:
            _left_alone[0] -= 1


def _return_memory() -> None:
    """Give back to the system what lies free between things in use; on a thread, as it takes some ms.

    Each thread allocates in a part of its own, and what is free there stays with the process: 280 MB after
    2,500 events of a monkey that starts and stops trainings (measured; only glibc works so).
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def _collect_on_this_thread(generation: int = 2) -> int:
    """`gc.collect` for libraries that call it: on another thread it only asks for a look."""
    if threading.current_thread() is threading.main_thread():
        return _collect(generation)
    _wanted.set()
    return 0
