"""Opens the window: it is painted first; torch, the data and the models are loaded afterwards."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

# A new user can drag a slider of a pretrained model at once, without training anything.
FIRST_VIEW = "latent"

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from aestudio.gui.window.main_window import MainWindow


def make_application() -> QApplication:
    """Return the QApplication of the process; raises StudioError if no window can be opened."""
    from aestudio.gui.startup.platform_check import check_platform

    check_platform()
    # PyTorch and NumPy share the cores with the window, so that one thread each is the fastest.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from PySide6.QtWidgets import QApplication

    from aestudio.gui.startup.quick_imports import skip_source_scan

    skip_source_scan()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("aestudio")
    app.setDesktopFileName("aestudio")  # of the entry that `aestudio desktop` writes: its icon
    app.setApplicationDisplayName("AE Studio")
    return app


def make_window(
    data_dir: Path | None = None, dataset: str = "auto", run: str | None = None, file: Path | None = None
) -> MainWindow:
    """Return the window with its session; background loading starts after the first paint.

    file: what is opened then, as with Open in the File menu
    """
    from aestudio.gui.controllers.preferences_controller import last_view
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.startup.first_paint import FirstPaint
    from aestudio.gui.views.tab import ViewTab, discover
    from aestudio.gui.window.main_window import MainWindow

    session = Session(data_dir)
    window = MainWindow(session, last_view({view.name for view in discover(ViewTab)}, FIRST_VIEW))
    session.preferences.keep_last_shown()

    def painted() -> None:
        begin(window, dataset, run)
        if file is not None and not window.closing:
            window.opener.open_paths([file])

    # A thread that imports holds the interpreter's lock, which would delay the first paint.
    FirstPaint(window, painted)
    return window


def make_hidden_window(data_dir: Path | None = None, theme: str = "system") -> MainWindow:
    """Return the window for a screenshot, on the offscreen platform if there is no display.

    Torch is being imported in the background when it returns.
    """
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
    """Load the first model, runs, own models, torch and the data set, each in the background."""
    from aestudio.gui.controllers.preferences_controller import last_run
    from aestudio.gui.controllers.session import FIRST_RECIPE
    from aestudio.gui.startup.warmup import warm_up

    if window.closing:  # closed before the first paint
        return
    session = window.session
    # Other images are asked for: the run of the last time would bring its own.
    usual = FIRST_RECIPE if dataset != "auto" else last_run(FIRST_RECIPE)
    session.runs.open(run or usual)
    session.runs.refresh()
    session.own_models.refresh()
    warm_up(session, window.views.make_rest)
    session.data.choose(dataset)


def begin_first_tour(window: MainWindow) -> None:
    """Begin the tour, at a first start only: not in a window for a picture, a test or a benchmark."""
    if not window.closing and not window.session.state.tour_seen:
        window.commands.run("help.tour")


def open_window(
    data_dir: Path | None = None,
    theme: str | None = None,
    dataset: str = "auto",
    run: str | None = None,
    file: Path | None = None,
) -> int:
    """Open the window and return the exit code when it is closed.

    theme: None for the one that was chosen last in a window; run: None for the one that was shown last
    file: what is opened at once, as with Open in the File menu

    SIGINT, SIGTERM and SIGHUP close it, too; the exit code is then 128 plus the signal's number.
    """
    from aestudio.gui.workers.collector_switch import switched_off

    with switched_off():  # nothing made until the first frame is garbage; then the session's collects
        return _run_window(data_dir, theme, dataset, run, file)


def _run_window(
    data_dir: Path | None, theme: str | None, dataset: str, run: str | None, file: Path | None
) -> int:
    """Open the window and return the exit code when it is closed."""
    app = make_application()
    from PySide6.QtCore import QTimer

    from aestudio.gui.controllers.preferences_controller import kept_text_size, kept_theme
    from aestudio.gui.startup.first_paint import FirstPaint
    from aestudio.gui.startup.process_signals import SignalWatcher
    from aestudio.gui.theme.holder import ThemeHolder, theme_for
    from aestudio.gui.window.window_geometry import fit_to_screen, fit_with_frame

    theme = theme or kept_theme()
    theme_for(theme)  # raises BadChoice for an unknown name before anything is shown
    watcher = SignalWatcher(app)
    holder = ThemeHolder(app, theme, kept_text_size() / 100)  # type: ignore[arg-type]
    window = make_window(data_dir, dataset, run, file)
    window.use_theme_holder(holder)
    FirstPaint(window, lambda: begin_first_tour(window))
    fit_to_screen(window, window.restored)
    gc.freeze()
    window.show()
    QTimer.singleShot(0, window, lambda: fit_with_frame(window))
    watcher.watch(window)
    code = app.exec()
    if watcher.hurried:
        os._exit(watcher.code)  # threads may still be running, and are not waited for
    watcher.stop()
    return watcher.code or code
