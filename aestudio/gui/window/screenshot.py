"""Renders the real window to a PNG file; the figures of the README are made by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.gui.controllers import own_models_controller as own_models
from aestudio.gui.inference.requests.axis_names_request import CHANNEL as NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.window.main_window import MainWindow
    from aestudio.runs.index import KeptRun

QUIET_MILLISECONDS = 700  # without a pending request, after which the window counts as complete
TIMEOUT_MINUTES = 5  # the map of a model of ten numbers took more than two beside nine busy programs
POLL_MILLISECONDS = 50


def take_shot(
    window: MainWindow,
    run: KeptRun,
    view: str,
    width: int,
    height: int,
    out: Path,
    *,
    digit: int | None = None,
    data_dir: Path | None = None,
    dataset: str | None = None,
) -> None:
    """Open the run in the window, bring the view to the front, and write a PNG of width x height.

    window:  from `app.make_hidden_window`; it is closed afterwards
    digit:   index of the test image that the views show; None: the one that the window begins with
    dataset: the data set to show; None: that of the run, if it is on this machine; nothing is downloaded

    Raises StudioError if the file cannot be written, or the view stays incomplete.
    """
    session = window.session
    window.resize(width, height)
    session.runs.open(str(run.folder))
    session.runs.refresh()
    session.own_models.refresh()  # the choosers of network and objective show those of the run
    dataset = dataset or _own_dataset(run, data_dir)
    if dataset is not None:
        session.data.choose(dataset)
    window.show()
    window.show_view(view)
    window.resize(width, height)
    settled = _wait_until_settled(window)
    if settled and digit is not None:
        session.explore.select(digit)
        settled = _wait_until_settled(window)
    session.show_message("")  # messages contain folder names of this machine
    try:
        if not settled:
            raise StudioError(f"The view {view!r} was not complete after {TIMEOUT_MINUTES} minutes")
        _write(window, out)
    finally:
        _close(window)


def _write(window: MainWindow, out: Path) -> None:
    """Write the window as a PNG, by Python: Qt cannot write to file names that are not UTF-8."""
    from PySide6.QtCore import QBuffer, QIODevice

    from aestudio.storage.atomic_file import new_file

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not window.grab().save(buffer, "PNG"):
        raise StudioError("The image could not be encoded", where=str(out))
    with new_file(out) as file:
        file.write(buffer.data().data())


def _own_dataset(run: KeptRun, data_dir: Path | None) -> str | None:
    """Return the data set of the run if it is on this machine, else None."""
    from pathlib import Path

    from aestudio.datasets.catalogue import list_datasets

    origin = run.origin
    local = {info.name for info in list_datasets(data_dir) if info.available}
    return origin if origin in local or Path(origin).expanduser().exists() else None


def _wait_until_settled(window: MainWindow) -> bool:
    """Run the event loop until no request is pending and nothing is loading; False after the timeout."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    loop, quiet, total = QEventLoop(), QElapsedTimer(), QElapsedTimer()
    quiet.start()
    total.start()
    settled = False

    def check() -> None:
        nonlocal settled
        state = window.session.state
        names = state.value(NAMES)
        busy = (
            state.pending
            or (names is not None and not names.finished)  # rough ones differ from run to run
            or state.data.phase == "loading"
            or state.torch_phase == "loading"
            or state.model is None
            or own_models.TASK in state.tasks
        )
        if busy:
            quiet.restart()
        settled = quiet.elapsed() > QUIET_MILLISECONDS
        if settled or total.elapsed() > 60_000 * TIMEOUT_MINUTES:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(check)
    timer.start(POLL_MILLISECONDS)
    loop.exec()
    timer.stop()
    return settled


def _close(window: MainWindow) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    window.hide()
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if window.session.close() else None)
    timer.start(POLL_MILLISECONDS)
    loop.exec()
    timer.stop()
    window.deleteLater()
