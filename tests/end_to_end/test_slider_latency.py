"""The latency of a dragged slider during a training at full speed.

The goal: run `pytest tests/end_to_end/test_slider_latency.py -m "slow or not slow" -s` on an
idle machine, 95th percentile at most 50 ms. Here three times as much fails, three times in a row, because
other programs may keep this machine busy.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot

from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.image_view import ImageView
from tests.end_to_end.conftest import LONG, send_move

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person

MOVES = 150
SECONDS_BETWEEN = 1 / 60  # as a mouse reports
GOAL, SLACK, ATTEMPTS = 0.050, 3, 3
pytestmark = [pytest.mark.alone, pytest.mark.slow]


class SimulatedPointer(QObject):
    """Moves a slider from its own thread, so that a blocked window does not delay the pointer."""

    moved = Signal(int, float)

    def __init__(self, slider: FineSlider, view: ImageView) -> None:
        super().__init__()
        self.slider, self._image = slider, view
        self._waiting: list[float] = []
        self.latencies: list[float] = []
        self.images: set[bytes] = set()
        self.moved.connect(self._move, Qt.ConnectionType.QueuedConnection)

    def work(self) -> None:
        """The thread: moves to and fro at the pace of a mouse."""
        for number in range(MOVES):
            self.moved.emit(number, time.perf_counter())
            time.sleep(SECONDS_BETWEEN)

    @Slot(int, float)
    def _move(self, number: int, began: float) -> None:
        track = self.slider.width() - 40
        x = abs((number * 3) % (2 * track) - track)
        self._waiting.append(began)
        send_move(self.slider, QPoint(20 + x, self.slider.height() // 2))

    def painted(self, view: ImageView) -> None:
        """The digit was painted: it shows all movements so far."""
        if view is self._image and self._waiting:
            now = time.perf_counter()
            self.latencies += [now - began for began in self._waiting]
            self.images.add(view._canvas.pixels.tobytes())
            self._waiting.clear()


def drag(person: Person, pointer: SimulatedPointer) -> None:
    """Press on the slider, let the pointer move it, release."""
    handle = pointer.slider.handle_centre().toPoint()
    person.qtbot.mousePress(pointer.slider, Qt.MouseButton.LeftButton, pos=handle)
    thread = threading.Thread(target=pointer.work, name="pointer")
    thread.start()
    person.wait(lambda: len(pointer.latencies) == MOVES)
    thread.join()
    person.qtbot.mouseRelease(pointer.slider, Qt.MouseButton.LeftButton, pos=handle)


@pytest.fixture
def pointers(monkeypatch: pytest.MonkeyPatch) -> list[SimulatedPointer]:
    """Pointers in this list are notified of every painted digit."""
    registered: list[SimulatedPointer] = []
    paint = ImageView.paintEvent

    def paint_and_report(view: ImageView, event: QPaintEvent) -> None:
        paint(view, event)
        for pointer in registered:
            pointer.painted(view)

    monkeypatch.setattr(ImageView, "paintEvent", paint_and_report)
    return registered


@pytest.fixture
def full_data(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The title of the data set: the real MNIST if available, otherwise 7,000 built-in digits."""
    try:
        dataset: Dataset = request.getfixturevalue("mnist")
    except pytest.skip.Exception:
        from aestudio.datasets.synthetic import generate

        dataset = generate(train=6000, test=1000, seed=3)
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", lambda *_, **__: dataset)
    return dataset.title


@pytest.mark.parametrize("recipe", ["deep-ae", "conv-vae"])
def test_latency_of_a_dragged_slider_during_a_training(
    recipe: str,
    pointers: list[SimulatedPointer],
    full_data: str,
    open_window: Callable[..., Person],
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    from aestudio.recipes.library import find_recipe

    person = open_window()
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    person.window.session.recipe.choose_device("cpu")
    person.window.session.recipe.choose_recipe(find_recipe(recipe).with_settings({"epochs": LONG}))
    person.show("latent")
    person.click(person.window.left.training.start)
    view: Any = person.window.views["latent"]
    size = person.state.recipe.network.latent_size
    person.wait(lambda: view.explorer.sliders.count == size and person.step > 100)
    person.wait(lambda: person.state.value("map") is not None and person.state.training.phase == "running")

    first_step, percentiles = person.step, []
    while len(percentiles) < ATTEMPTS and min(percentiles, default=1.0) >= SLACK * GOAL:
        pointer = SimulatedPointer(
            view.explorer.slider_column.sliders[0].findChild(FineSlider), view.explorer.image
        )
        pointers[:] = [pointer]
        drag(person, pointer)
        median, high = np.percentile(pointer.latencies, [50, 95])
        percentiles.append(high)
        speed = person.training.progress.images_per_second  # type: ignore[union-attr]
        summary = (
            f"{recipe} on {full_data}: from the mouse's move to the painted digit, {MOVES} moves while "
            f"training {speed:,.0f} images/s: median {1000 * median:.1f} ms, 95th percentile "
            f"{1000 * high:.1f} ms, longest {1000 * max(pointer.latencies):.1f} ms "
            f"(goal {1000 * GOAL:.0f} ms)"
        )
        record_property("slider_latency_ms", {"median": 1000 * float(median), "p95": 1000 * float(high)})
        with capsys.disabled():
            print(f"\n{summary}")
        assert len(pointer.images) > 10, "the digit changed during the drag"
    assert person.step > first_step, "training continued during the drag"
    assert person.training.phase == "running"
    assert min(percentiles) < SLACK * GOAL, percentiles
