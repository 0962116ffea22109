"""Opens the window: the state and the first paint before torch, everything slow behind it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

# The first thing to do is to drag a slider of the shipped model.
FIRST_VIEW = "latent"

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from aestudio.gui.window.main_window import MainWindow


def make_application() -> QApplication:
    """The one QApplication of the process; raises StudioError where no window can be opened."""
    from aestudio.gui.startup.platform_check import check_platform

    check_platform()
    # Torch and numpy share the cores with the window: one thread each is the right number here.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from PySide6.QtWidgets import QApplication

    from aestudio.gui.startup.quick_imports import tell_pyside_who_uses_it

    tell_pyside_who_uses_it()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("aestudio")
    app.setApplicationDisplayName("AE Studio")
    return app


def make_window(data_dir: Path | None = None, dataset: str = "auto", run: str | None = None) -> MainWindow:
    """The window with its session; slow things begin on their threads once it is painted."""
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.startup.first_paint import FirstPaint
    from aestudio.gui.window.main_window import MainWindow

    session = Session(data_dir)
    window = MainWindow(session, FIRST_VIEW)

    # The window is painted before a thread takes the interpreter's lock away from it.
    FirstPaint(window, lambda: begin(window, dataset, run))
    return window


def make_hidden_window(data_dir: Path | None = None, theme: str = "system") -> MainWindow:
    """The window for a screenshot: on the offscreen platform if there is no display, torch on its way."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.startup.warmup import warm_up
    from aestudio.gui.theme.holder import ThemeHolder
    from aestudio.gui.window.main_window import MainWindow

    holder = ThemeHolder(app, theme)  # type: ignore[arg-type]
    window = MainWindow(Session(data_dir))
    window.use_theme_holder(holder)
    warm_up(window.session)
    return window


def begin(window: MainWindow, dataset: str, run: str | None) -> None:
    """Start everything slow: the first model, the kept runs, torch and the dataset, on their threads."""
    from aestudio.gui.controllers.session import FIRST_RECIPE
    from aestudio.gui.startup.warmup import warm_up

    if window.closing:  # within its first moments
        return
    session = window.session
    session.runs.open(run or FIRST_RECIPE)
    session.runs.refresh()
    warm_up(session, window.views.make_rest)
    session.data.choose(dataset)


def open_window(
    data_dir: Path | None = None, theme: str = "system", dataset: str = "auto", run: str | None = None
) -> int:
    """Open the window and stay until it is closed; returns the exit code.

    A signal that asks the process to end closes it; the exit code is then 128 and the signal's number.
    """
    app = make_application()
    from aestudio.gui.startup.process_signals import SignalWatcher
    from aestudio.gui.theme.holder import ThemeHolder, theme_for
    from aestudio.gui.window.window_geometry import fit_to_screen

    theme_for(theme)  # refuses an unknown word before anything is shown
    watcher = SignalWatcher(app)
    holder = ThemeHolder(app, theme)  # type: ignore[arg-type]
    window = make_window(data_dir, dataset, run)
    window.use_theme_holder(holder)
    fit_to_screen(window)
    window.show()
    watcher.watch(window)
    code = app.exec()
    if watcher.hurried:
        os._exit(watcher.code)  # threads that nobody waits for may be anywhere
    watcher.stop()
    return watcher.code or code
