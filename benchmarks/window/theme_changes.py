"""Changes of the theme and of presentation mode while UMAP runs, and the garbage collection meanwhile."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.workers import garbage_collection as garbage
from benchmarks.window.driver import run_for, wait_until
from benchmarks.window.lateness import Lateness
from benchmarks.window.scenarios import (
    PRESENTATION,
    THEME,
    change_theme,
    settle_except_axis_names,
    show_every_view,
    toggle_presentation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.gui.window.main_window import MainWindow
    from benchmarks.window.scenarios import LatenessLog

OLD_GENERATION_SECONDS = 35.0
"""Within this time the oldest generation is collected at least once."""


def change_theme_beside_umap(window: MainWindow, log: LatenessLog) -> None:
    """Change theme and presentation while UMAP is imported for the first time and embeds 10,000 codes.

    The log also gets the time that each garbage collection took on the window's thread, until the oldest
    generation was collected.
    """
    show_every_view(window)
    session = window.session
    choice = session.state.plane
    with garbage_collections_timed(log, "garbage collections, UMAP is loaded and runs"):
        session.explore.choose_plane(type(choice)("umap"))
        wait_until(lambda: "embedding" in session.state.tasks, "the embedding to begin")
        with log.record(f"{THEME}, UMAP is loaded"):
            change_theme(window)
        with log.record(f"{PRESENTATION}, UMAP is loaded or runs"):
            toggle_presentation(window)
        wait_until(lambda: session.state.tasks["embedding"][2] == "UMAP", "UMAP to be loaded")
        with log.record(f"{THEME}, UMAP runs"):
            change_theme(window)
        wait_until(lambda: session.state.embedding.result is not None, "the embedding")
        run_for(OLD_GENERATION_SECONDS)
    session.explore.choose_plane(choice)
    settle_except_axis_names(window)


@contextmanager
def garbage_collections_timed(log: LatenessLog, doing: str) -> Iterator[None]:
    """Log the milliseconds of CPU time that each garbage collection takes on the window's thread."""
    milliseconds, collect = [], garbage._collect

    def timed(generation: int = 2) -> int:
        began = time.thread_time()
        count = collect(generation)
        milliseconds.append(1000 * (time.thread_time() - began))
        return count

    garbage._collect = timed
    try:
        yield
    finally:
        garbage._collect = collect
    log.entries[doing] = Lateness(np.array(milliseconds), ())
