"""Renders the real window to a picture and goes: README's pictures are made by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.window.main_window import MainWindow
    from aestudio.runs.index import KeptRun

# Everything that is shown must have stood still for so long; the whole may take so long.
QUIET_MILLISECONDS = 700
PATIENCE_MILLISECONDS = 120_000
LOOK_MILLISECONDS = 50


def take_shot(
    window: MainWindow,
    run: KeptRun,
    view: str,
    width: int,
    height: int,
    out: Path,
    *,
    digit: int = 0,
    data_dir: Path | None = None,
    dataset: str | None = None,
) -> None:
    """Open the run in the window, bring the view to the front, and write a PNG of width x height.

    window:  as `app.make_hidden_window` makes it; it is closed afterwards
    digit:   index of the test digit that the views point at
    dataset: what to show the run with; None: its own, if that is on this machine; nothing is fetched

    Raises StudioError where the picture cannot be written, or the view does not come to rest.
    """
    session = window.session
    window.resize(width, height)
    session.runs.open(str(run.folder))
    session.runs.refresh()
    dataset = dataset or _own_dataset(run, data_dir)
    if dataset is not None:
        session.data.choose(dataset)
    window.show()
    window.show_view(view)
    window.resize(width, height)
    settled = _wait_until_settled(window)
    if settled and digit:
        session.explore.select(digit)
        settled = _wait_until_settled(window)
    session.show_message("")  # messages name folders of the machine that draws
    try:
        if not settled:
            raise StudioError(f"The view {view!r} did not come to rest within two minutes")
        _write(window, out)
    finally:
        _close(window)


def _write(window: MainWindow, out: Path) -> None:
    """The window as a PNG; written by Python, because Qt writes no file whose name is not UTF-8."""
    from PySide6.QtCore import QBuffer, QIODevice

    from aestudio.storage.atomic_file import new_file

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not window.grab().save(buffer, "PNG"):
        raise StudioError("The picture could not be made", where=str(out))
    with new_file(out) as file:
        file.write(buffer.data().data())


def _own_dataset(run: KeptRun, data_dir: Path | None) -> str | None:
    """The run's dataset where it is on this machine already, else None."""
    from pathlib import Path

    from aestudio.datasets.catalogue import list_datasets

    wanted = run.origin
    here = {info.name for info in list_datasets(data_dir) if info.available}
    return wanted if wanted in here or Path(wanted).expanduser().exists() else None


def _wait_until_settled(window: MainWindow) -> bool:
    """Let the window live until nothing is pending or loading any more; False when it takes too long."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    loop, quiet, patience = QEventLoop(), QElapsedTimer(), QElapsedTimer()
    quiet.start()
    patience.start()
    settled = False

    def look() -> None:
        nonlocal settled
        state = window.session.state
        busy = (
            state.pending
            or state.data.phase == "loading"
            or state.torch_phase == "loading"
            or state.model is None
        )
        if busy:
            quiet.restart()
        settled = quiet.elapsed() > QUIET_MILLISECONDS
        if settled or patience.elapsed() > PATIENCE_MILLISECONDS:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(LOOK_MILLISECONDS)
    loop.exec()
    timer.stop()
    return settled


def _close(window: MainWindow) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    window.hide()
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if window.session.close() else None)
    timer.start(LOOK_MILLISECONDS)
    loop.exec()
    timer.stop()
    window.deleteLater()
