"""Changes of the theme and of presentation beside a layout, and looks for garbage meanwhile."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.workers import garbage_collection as garbage
from benchmarks.window.lateness import Lateness
from benchmarks.window.scenes import (
    STAGE,
    THEME,
    change_stage,
    change_theme,
    settle_hand_waits,
    show_every_view,
)
from benchmarks.window.stage import turn, turn_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.gui.window.main_window import MainWindow
    from benchmarks.window.scenes import Diary

OLD_LOOKED_AT = 35.0
"""Seconds in which the old objects are looked through at least once."""


def changing_looks_beside_umap(window: MainWindow, diary: Diary) -> None:
    """Theme and presentation while UMAP is loaded for the first time and lays 10,000 digits out.

    Also what each look for garbage took of the window's thread, until the old objects were looked through.
    """
    show_every_view(window)
    session = window.session
    choice = session.state.plane
    with garbage_looks(diary, "looks for garbage, UMAP is loaded and runs"):
        session.explore.choose_plane(type(choice)("umap"))
        turn_until(lambda: "embedding" in session.state.tasks, "the layout to begin")
        with diary.record(f"{THEME}, UMAP is loaded"):
            change_theme(window)
        with diary.record(f"{STAGE}, UMAP is loaded or runs"):
            change_stage(window)
        turn_until(lambda: session.state.tasks["embedding"][2] == "UMAP", "UMAP to be loaded")
        with diary.record(f"{THEME}, UMAP runs"):
            change_theme(window)
        turn_until(lambda: session.state.embedding.plane is not None, "the layout")
        turn(OLD_LOOKED_AT)
    session.explore.choose_plane(choice)
    settle_hand_waits(window)


@contextmanager
def garbage_looks(diary: Diary, doing: str) -> Iterator[None]:
    """Write into the diary the milliseconds that the window's thread computed for each look for garbage."""
    taken, collect = [], garbage._collect

    def timed(generation: int = 2) -> int:
        began = time.thread_time()
        found = collect(generation)
        taken.append(1000 * (time.thread_time() - began))
        return found

    garbage._collect = timed
    try:
        yield
    finally:
        garbage._collect = collect
    diary.entries[doing] = Lateness(np.array(taken), ())
