"""Drives a window for a measurement: opens it as the program does, and runs its event loop."""

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
TIMEOUT_SECONDS = 120.0


def run_for(seconds: float) -> None:
    """Run the event loop for `seconds`."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], object], what: str, timeout: float = TIMEOUT_SECONDS) -> None:
    """Run the event loop until the condition holds; raises TimeoutError after `timeout` seconds."""
    loop, began = QEventLoop(), time.monotonic()

    def poll() -> None:
        if condition() or time.monotonic() - began > timeout:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(poll)
    timer.start(POLL_MILLISECONDS)
    loop.exec()
    timer.stop()
    if not condition():
        raise TimeoutError(f"waited {timeout:.0f} s for {what}")


@contextmanager
def open_window(size: tuple[int, int] = (1280, 800), dataset: str = "mnist") -> Iterator[MainWindow]:
    """Open the window with torch and the data set loaded; its files go to a temporary folder."""
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
        wait_until(
            lambda: session.state.torch_phase == "ready" and session.state.data.usable, "torch and the data"
        )
        try:
            yield window
        finally:
            window.close()
            wait_until(lambda: not session.training.alive() and session.close(), "the threads to end")


def start_training(window: MainWindow, recipe: Recipe) -> None:
    """Choose the recipe and press Start; return when it trains. Raises the error that prevents it."""
    session = window.session
    session.recipe.choose_recipe(recipe)
    session.training.start()
    wait_until(
        lambda: session.state.training.phase == "running" or session.state.training.problem is not None,
        "the training to begin",
    )
    if session.state.training.problem is not None:
        raise session.state.training.problem
