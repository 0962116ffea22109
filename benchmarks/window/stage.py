"""A window to measure: opened as the program opens it, its event loop turned until something is so."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer

from aestudio.gui.app import make_application, make_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aestudio.gui.window.main_window import MainWindow
    from aestudio.recipes.recipe import Recipe

POLL_MILLISECONDS = 20
PATIENCE_SECONDS = 120.0


def turn(seconds: float) -> None:
    """Let the event loop turn for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def turn_until(so: Callable[[], object], what: str, patience: float = PATIENCE_SECONDS) -> None:
    """Let the event loop turn until something is so; raises TimeoutError."""
    loop, began = QEventLoop(), time.monotonic()

    def look() -> None:
        if so() or time.monotonic() - began > patience:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(POLL_MILLISECONDS)
    loop.exec()
    timer.stop()
    if not so():
        raise TimeoutError(f"waited {patience:.0f} s for {what}")


@contextmanager
def open_presentation(size: tuple[int, int] = (1280, 800), dataset: str = "mnist") -> Iterator[MainWindow]:
    """The window with torch and the dataset loaded; its files go to a folder that is removed."""
    from aestudio.gui.theme.holder import ThemeHolder

    with tempfile.TemporaryDirectory() as home:
        os.environ["AESTUDIO_HOME"] = home
        app = make_application()
        holder = ThemeHolder(app, "dark")
        window = make_window(
            Path(os.environ["AESTUDIO_DATA"]) if "AESTUDIO_DATA" in os.environ else None, dataset
        )
        window.use_theme_holder(holder)
        window.resize(*size)
        window.show()
        session = window.session
        turn_until(
            lambda: session.state.torch_phase == "ready" and session.state.data.usable, "torch and the data"
        )
        try:
            yield window
        finally:
            window.close()
            turn_until(lambda: not session.training.alive() and session.close(), "the threads to end")


def start_training(window: MainWindow, recipe: Recipe) -> None:
    """Choose the recipe and press Start; returns when steps are being done, raises what prevents it."""
    session = window.session
    session.training.choose_recipe(recipe)
    session.training.start()
    turn_until(
        lambda: session.state.training.phase == "running" or session.state.training.problem is not None,
        "the training to begin",
    )
    if session.state.training.problem is not None:
        raise session.state.training.problem
