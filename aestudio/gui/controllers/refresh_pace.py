"""How often the views are refreshed while a training runs and the user does nothing.

Each refresh takes its time from the training's steps, because both need the interpreter. So the window's
thread has a share of a core: a cheap view is refreshed ten times a second, an expensive one less often.
"""

from __future__ import annotations

import time

# Of a core, for everything that the window's thread does.
SHARE = 0.03
# Between two refreshes: more often nobody sees a difference, less often curves would not look alive.
SHORTEST_MILLISECONDS, LONGEST_MILLISECONDS = 100, 500


class RefreshPace:
    """Measures what a refresh costs the window's thread, painting included. Belongs to that thread."""

    def __init__(self) -> None:
        self._began = time.thread_time()

    def begin(self) -> None:
        """A refresh begins: what the thread works from now on is its cost."""
        self._began = time.thread_time()

    def due(self, elapsed: int) -> bool:
        """Whether the next refresh may begin. elapsed: milliseconds since the last one began"""
        worked = 1000 * (time.thread_time() - self._began)
        return elapsed >= max(SHORTEST_MILLISECONDS, min(LONGEST_MILLISECONDS, worked / SHARE))
