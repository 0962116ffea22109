"""What a user does with the window while the lateness of its event loop is recorded.

Each scenario gets the open window with MNIST loaded and nothing running, adds what it records to the log,
and leaves the window as it was. `dataset_scenarios` has those that load data sets.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer

from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.recipes.library import find_recipe
from benchmarks.window.driver import run_for, start_training, wait_until
from benchmarks.window.lateness import Lateness, record_lateness
from benchmarks.window.slider_drag import send_mouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.main_window import MainWindow
    from aestudio.recipes.recipe import Recipe
    from benchmarks.window.thread_sampler import ThreadSampler

ENDLESS_EPOCHS = 10_000
THEME, PRESENTATION = "dark to light and back", "presentation and back"
VIEWS = ("train", "reconstruct", "latent", "features", "compress")


class LatenessLog:
    """The recorded lateness by a description of what was done. make_sampler: samples the threads meanwhile"""

    def __init__(self, make_sampler: Callable[[], ThreadSampler] | None = None) -> None:
        self._make_sampler = make_sampler
        self.entries: dict[str, Lateness] = {}

    @contextmanager
    def record(self, doing: str) -> Iterator[None]:
        """Record the event loop while the block runs it."""
        with record_lateness(None if self._make_sampler is None else self._make_sampler()) as result:
            yield
        self.entries[doing] = result[0]


def endless(name: str) -> Recipe:
    """A shipped recipe with more epochs than a measurement lasts."""
    return find_recipe(name).with_settings({"epochs": ENDLESS_EPOCHS})


@contextmanager
def training(window: MainWindow, recipe: str) -> Iterator[None]:
    """Train at full speed within the block, which begins after the first steps (they choose kernels)."""
    window.session.recipe.choose_device("cpu")
    start_training(window, endless(recipe))
    wait_until(
        lambda: (progress := state_of(window).training.progress) and progress.step > 20, "the first steps"
    )
    try:
        yield
    finally:
        stop(window)


def stop(window: MainWindow) -> None:
    """Stop the training, and wait until all its requests have results."""
    window.session.training.stop()
    wait_until(lambda: not state_of(window).training.active, "the training to stop")
    settle(window)


def settle(window: MainWindow) -> None:
    """Wait until no request is pending and no task is running."""
    wait_until(lambda: not state_of(window).pending and not state_of(window).tasks, "everything to settle")


def settle_except_axis_names(window: MainWindow) -> None:
    """Wait for everything but the names of the axes, which are computed at low priority."""
    wait_until(
        lambda: not set(state_of(window).pending) - {"axis names"} and not state_of(window).tasks,
        "the results",
    )


# ---- views, sliders, looks --------------------------------------------------------------------------


def show_views_while_training(window: MainWindow, log: LatenessLog, recipe: str, seconds: float) -> None:
    """Train at full speed, and show each view for `seconds`; the change of view is recorded too."""
    with training(window, recipe):
        for view in VIEWS:
            with log.record(f"{recipe} trains, view {view}"):
                window.show_view(view)
                run_for(seconds)


def drag_slider_while_training(window: MainWindow, log: LatenessLog, recipe: str, seconds: float) -> None:
    """Drag a slider to and fro, 60 movements a second, during a training."""
    window.show_view("latent")
    view: Any = window.views["latent"]
    with training(window, recipe):
        size = state_of(window).recipe.network.latent_size
        wait_until(lambda: view.explorer.sliders.count == size, "the sliders")
        slider = view.explorer.slider_column.sliders[0].findChild(FineSlider)
        with log.record(f"{recipe} trains, a slider is dragged"):
            drag(slider, seconds)


def drag(slider: FineSlider, seconds: float) -> None:
    """Hold the handle and move it to and fro for `seconds`."""
    start = slider.handle_centre().toPoint()
    send_mouse(slider, QEvent.Type.MouseButtonPress, start.x(), start.y())
    began, span = time.monotonic(), slider.width() - 40

    def move() -> None:
        offset = int((time.monotonic() - began) * 200) % (2 * span)
        send_mouse(slider, QEvent.Type.MouseMove, 20 + abs(offset - span), start.y())

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(move)
    timer.start(16)
    run_for(seconds)
    timer.stop()
    send_mouse(slider, QEvent.Type.MouseButtonRelease, start.x(), start.y())


def change_looks(window: MainWindow, log: LatenessLog) -> None:
    """Change the theme and presentation mode to and fro, after every view was made and shown."""
    show_every_view(window)
    with log.record(THEME):
        change_theme(window)
    with log.record(PRESENTATION):
        toggle_presentation(window)


def show_every_view(window: MainWindow) -> None:
    """Make and show each view once, the latent view last, and wait for its results."""
    window.views.make_rest()
    for name in window.views:
        window.show_view(name)
        run_for(0.5)
    window.show_view("latent")
    settle_except_axis_names(window)


def change_theme(window: MainWindow) -> None:
    """Dark to light and back, twice."""
    assert window.theme_holder is not None
    for scheme in ("light", "dark", "light", "dark"):
        window.theme_holder.set_scheme(scheme)
        run_for(0.5)


def toggle_presentation(window: MainWindow) -> None:
    """Into presentation mode and back, twice."""
    for _ in range(4):
        window.toggle_presentation()
        run_for(0.5)


# ---- runs, exports, requests ------------------------------------------------------------------------


def save_and_open_run(window: MainWindow, log: LatenessLog, recipe: str, seconds: float) -> None:
    """Pause, stop and open a run: each of them writes or reads the whole run."""
    session = window.session
    with training(window, recipe):
        run_for(seconds)
        with log.record("a run is paused and saved"):
            session.training.pause()
            wait_until(lambda: state_of(window).training.phase == "paused", "the pause")
            run_for(seconds)
        session.training.resume()
        run_for(seconds)
        with log.record("a run is stopped and saved"):
            session.training.stop()
            wait_until(lambda: not state_of(window).training.active, "the stop")
            run_for(seconds)
    settle(window)
    run = state_of(window).training.run
    with log.record("a run is opened"):
        session.runs.open(run)
        run_for(0.05)
        wait_until(lambda: "open" not in state_of(window).tasks, "the run")
        run_for(seconds)
    settle(window)


def export_codes(window: MainWindow, log: LatenessLog, scratch: Path) -> None:
    """Write the codes of all training images to a file."""
    session, target = window.session, scratch / "features.npz"
    window.show_view("features")
    with log.record("60,000 codes are exported"):
        session.runs.export_features(target, "train")
        wait_until(lambda: "export" not in state_of(window).tasks, "the export")
        run_for(0.2)
    if not target.exists():
        raise FileNotFoundError(target)


def project_codes(window: MainWindow, log: LatenessLog, seconds: float) -> None:
    """Project 10,000 codes on two principal components, and show the map."""
    session = window.session
    window.show_view("compress")
    settle(window)
    session.explore.choose_plane(state_of(window).plane.__class__("components", 0, 1))
    with log.record("10,000 codes are projected"):
        window.show_view("latent")
        session.explore.choose_plane(state_of(window).plane.__class__("components", 1, 2))
        wait_until(lambda: LatentMapRequest.channel not in state_of(window).pending, "the map")
        run_for(seconds)
    settle(window)


def train_probe(window: MainWindow, log: LatenessLog, seconds: float) -> None:
    """Train a probe on all images, and cancel it after `seconds`."""
    session = window.session
    window.show_view("features")
    with log.record("a probe is trained"):
        session.probe.start()
        run_for(seconds)
        session.probe.cancel()
        wait_until(lambda: "probe" not in state_of(window).tasks, "the probe")


def state_of(window: MainWindow) -> StudioState:
    """The session's current state."""
    return window.session.state
