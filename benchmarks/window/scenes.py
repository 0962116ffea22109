"""What a person does with the window while the lateness of its event loop is recorded.

Each scene gets the open window with MNIST loaded and nothing at work, writes what it records into the
diary, and leaves the window as it found it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from aestudio.datasets.download import download
from aestudio.datasets.download.servers import RemoteFile
from aestudio.datasets.published_set import raw_folder
from aestudio.datasets.sources.mnist import MNIST
from aestudio.gui.inference.requests.latent_map_request import MapOfCodes
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.recipes.library import find_recipe
from benchmarks.window.lateness import Lateness, recorded
from benchmarks.window.stage import start_training, turn, turn_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.main_window import MainWindow
    from aestudio.recipes.recipe import Recipe
    from benchmarks.window.culprits import Sampler

LONG = 10_000  # epochs that nobody waits for
THEME, STAGE = "dark to light and back", "the stage and back"
VIEWS = ("train", "reconstruct", "latent", "features", "compress")


class Diary:
    """What was recorded, by what was being done."""

    def __init__(self, make_sampler: Callable[[], Sampler] | None = None) -> None:
        self._make_sampler = make_sampler
        self.entries: dict[str, Lateness] = {}

    @contextmanager
    def record(self, doing: str) -> Iterator[None]:
        """Record the event loop while the block turns it."""
        with recorded(None if self._make_sampler is None else self._make_sampler()) as result:
            yield
        self.entries[doing] = result[0]


def endless(name: str) -> Recipe:
    """A shipped recipe that trains for longer than anybody looks."""
    return find_recipe(name).with_settings({"epochs": LONG})


@contextmanager
def training(window: MainWindow, recipe: str) -> Iterator[None]:
    """A training at full speed meanwhile; its first steps, which choose kernels, are over."""
    window.session.training.choose_device("cpu")
    start_training(window, endless(recipe))
    turn_until(
        lambda: (progress := _state(window).training.progress) and progress.step > 20, "the first steps"
    )
    try:
        yield
    finally:
        stop(window)


def stop(window: MainWindow) -> None:
    """Stop the training, and wait until everything that it asked for is answered."""
    window.session.training.stop()
    turn_until(lambda: not _state(window).training.active, "the training to stop")
    settle(window)


def settle(window: MainWindow) -> None:
    """Wait until nothing is asked, loading or at work."""
    turn_until(lambda: not _state(window).pending and not _state(window).tasks, "everything to settle")


def views_while_training(window: MainWindow, diary: Diary, recipe: str, seconds: float) -> None:
    """A training at full speed, with each view in front in turn, and the change from one to the next."""
    with training(window, recipe):
        for view in VIEWS:
            with diary.record(f"{recipe} trains, view {view}"):
                window.show_view(view)
                turn(seconds)


def dragging(window: MainWindow, diary: Diary, recipe: str, seconds: float) -> None:
    """A slider dragged to and fro, 60 moves a second, while a training runs."""
    window.show_view("latent")
    view: Any = window.views["latent"]
    with training(window, recipe):
        size = _state(window).recipe.network.latent_size
        turn_until(lambda: view.explorer.sliders.count == size, "the sliders")
        slider = view.explorer.slider_column.sliders[0].findChild(FineSlider)
        with diary.record(f"{recipe} trains, a slider is dragged"):
            drag(slider, seconds)


def drag(slider: FineSlider, seconds: float) -> None:
    """Hold the handle and move it to and fro for so long."""
    place = slider.handle_centre().toPoint()
    _mouse(slider, QEvent.Type.MouseButtonPress, place.x(), place.y())
    began, room = time.monotonic(), slider.width() - 40

    def move() -> None:
        way = int((time.monotonic() - began) * 200) % (2 * room)
        _mouse(slider, QEvent.Type.MouseMove, 20 + abs(way - room), place.y())

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(move)
    timer.start(16)
    turn(seconds)
    timer.stop()
    _mouse(slider, QEvent.Type.MouseButtonRelease, place.x(), place.y())


def _mouse(widget: Any, kind: QEvent.Type, x: float, y: float) -> None:
    moves = kind == QEvent.Type.MouseMove
    button = Qt.MouseButton.NoButton if moves else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    place = QPointF(x, y)
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def changing_looks(window: MainWindow, diary: Diary) -> None:
    """Dark, light and dark again, the stage and back, with every view made and shown before."""
    show_every_view(window)
    with diary.record(THEME):
        change_theme(window)
    with diary.record(STAGE):
        change_stage(window)


def show_every_view(window: MainWindow) -> None:
    """Make and show each once, the latent view last, and wait for its answers."""
    window.views.make_rest()
    for name in window.views:
        window.show_view(name)
        turn(0.5)
    window.show_view("latent")
    settle_hand_waits(window)


def change_theme(window: MainWindow) -> None:
    """Dark to light and back, twice."""
    assert window.theme_holder is not None
    for scheme in ("light", "dark", "light", "dark"):
        window.theme_holder.set_scheme(scheme)
        turn(0.5)


def change_stage(window: MainWindow) -> None:
    """Into the presentation and back, twice."""
    for _ in range(4):
        window.toggle_presentation()
        turn(0.5)


def settle_hand_waits(window: MainWindow) -> None:
    """Wait for everything but the names of the axes, which come when there is time for them."""
    turn_until(
        lambda: not _state(window).pending - {"axis names"} and not _state(window).tasks, "the answers"
    )


# ---- datasets ---------------------------------------------------------------------------------------


def load(window: MainWindow, diary: Diary, doing: str, choose: Callable[[], None]) -> None:
    """Record the loading of whatever is chosen."""
    with diary.record(doing):
        choose()
        turn_until(lambda: _state(window).data.phase != "loading", doing)
        turn(0.3)  # the digits come into view
    problem = _state(window).data.problem
    if problem is not None:
        raise problem
    settle(window)


def decoding(window: MainWindow, diary: Diary, data: Path) -> None:
    """MNIST read from the disk."""
    load(window, diary, "MNIST is read from the disk", lambda: window.session.data.choose_folder(data))


def downloading(window: MainWindow, diary: Diary, data: Path, scratch: Path) -> None:
    """MNIST downloaded from this machine, by a server that is a process of its own, and unpacked."""
    offered, empty = scratch / "offered", scratch / "empty"
    (empty / "MNIST").mkdir(parents=True)
    remote_files_of = download.remote_files_of
    with served(offered) as address:
        remote_files = _packed(data, offered, address)
        download.remote_files_of = lambda *_: remote_files
        try:
            choose = window.session.data.choose_folder
            load(window, diary, "MNIST is downloaded and unpacked", lambda: choose(empty))
        finally:
            download.remote_files_of = remote_files_of
            window.session.data.choose_folder(data)
            turn_until(lambda: _state(window).data.usable, "MNIST from the disk")
            settle(window)


def _packed(data: Path, folder: Path, address: str) -> tuple[RemoteFile, ...]:
    """MNIST's files as the servers offer them."""
    remote_files = []
    for name in MNIST.files:
        plain = raw_folder(MNIST, data) / name
        packed = plain.with_name(f"{name}.gz")
        body = packed.read_bytes() if packed.exists() else gzip.compress(plain.read_bytes(), 1)
        (folder / f"{name}.gz").write_bytes(body)
        digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
        remote_files.append(RemoteFile((f"{address}/{name}.gz",), digest, (name,)))
    return tuple(remote_files)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder behind an address of this machine, from another process."""
    folder.mkdir(parents=True)
    command = [
        sys.executable,
        "-u",
        "-m",
        "http.server",
        "0",
        "--bind",
        "127.0.0.1",
        "--directory",
        str(folder),
    ]
    proxies = os.environ.get("no_proxy")
    os.environ["no_proxy"] = "*"
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        port = server.stdout.readline().partition(" port ")[2].split()[0]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
        os.environ.pop("no_proxy")
        if proxies is not None:
            os.environ["no_proxy"] = proxies
        server.stdout.close()


def generating(window: MainWindow, diary: Diary, seconds: float) -> None:
    """The built-in digits drawn for the first time; given up after so many seconds."""
    session = window.session
    with diary.record("built-in digits are generated"):
        session.data.choose("builtin")
        began = time.monotonic()
        turn_until(
            lambda: _state(window).data.phase != "loading" or time.monotonic() - began > seconds, "digits"
        )
        session.data.cancel()
        turn_until(lambda: _state(window).data.phase != "loading", "the digits or their end")
    settle(window)


def pictures(window: MainWindow, diary: Diary, scratch: Path, count: int) -> None:
    """A folder of PNG files, some of them larger than digits are."""
    from PIL import Image

    images = _state(window).data.dataset.train.images  # type: ignore[union-attr]
    folder = scratch / "pictures"
    for number in range(count):
        side = 28 if number % 2 else 280
        place = folder / str(number % 10)
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(images[number, 0]).resize((side, side)).save(place / f"{number}.png")
    choose = window.session.data.choose
    load(window, diary, f"{count:,} pictures are read", lambda: choose(str(folder)))


# ---- runs, exports, questions -----------------------------------------------------------------------


def keeping(window: MainWindow, diary: Diary, recipe: str, seconds: float) -> None:
    """A run paused, stopped and opened again: at each of them it is written, or read, whole."""
    session = window.session
    with training(window, recipe):
        turn(seconds)
        with diary.record("a run is paused and saved"):
            session.training.pause()
            turn_until(lambda: _state(window).training.phase == "paused", "the pause")
            turn(seconds)
        session.training.resume()
        turn(seconds)
        with diary.record("a run is stopped and saved"):
            session.training.stop()
            turn_until(lambda: not _state(window).training.active, "the stop")
            turn(seconds)
    settle(window)
    run = _state(window).training.run
    with diary.record("a run is opened"):
        session.runs.open(run)
        turn(0.05)
        turn_until(lambda: "open" not in _state(window).tasks, "the run")
        turn(seconds)
    settle(window)


def exporting(window: MainWindow, diary: Diary, scratch: Path) -> None:
    """The codes of all training images, written to a file."""
    session, target = window.session, scratch / "features.npz"
    window.show_view("features")
    with diary.record("60,000 codes are exported"):
        session.runs.export_features(target, "train")
        turn_until(lambda: "export" not in _state(window).tasks, "the export")
        turn(0.2)
    if not target.exists():
        raise FileNotFoundError(target)


def projecting(window: MainWindow, diary: Diary, seconds: float) -> None:
    """The map of 10,000 codes on two components, and shown."""
    session = window.session
    window.show_view("compress")
    settle(window)
    session.explore.choose_plane(_state(window).plane.__class__("components", 0, 1))
    with diary.record("10,000 codes are projected"):
        window.show_view("latent")
        session.explore.choose_plane(_state(window).plane.__class__("components", 1, 2))
        turn_until(lambda: MapOfCodes.channel not in _state(window).pending, "the map")
        turn(seconds)
    settle(window)


def probing(window: MainWindow, diary: Diary, seconds: float) -> None:
    """A probe trained on everything, given up after so many seconds."""
    session = window.session
    window.show_view("features")
    with diary.record("a probe is trained"):
        session.probe.start()
        turn(seconds)
        session.probe.cancel()
        turn_until(lambda: "probe" not in _state(window).tasks, "the probe")


def _state(window: MainWindow) -> StudioState:
    return window.session.state
