"""The window's event loop is never blocked, whatever else runs.

The targets on two idle cores are 33 ms at the 99th percentile of a 60 Hz tick's lateness and 100 ms at most:
`python -m benchmarks lateness` measures them. Here three times as much fails if it happens twice in a row,
because other programs may keep this machine busy. If the window's own thread computed for so long, the test
fails at once: no other program explains that, and a second attempt might find the result cached.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.measures.lateness import LONGEST, LOOK_LONGEST, P99
from benchmarks.window import dataset_scenarios, scenarios
from benchmarks.window.lateness import Lateness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.window.main_window import MainWindow
    from tests.end_to_end.conftest import Person

SLACK, ATTEMPTS = 3, 2
pytestmark = [pytest.mark.mnist, pytest.mark.alone, pytest.mark.slow]


@pytest.fixture
def window(
    mnist_folder: Path, open_window: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """With the real MNIST loaded, and the results of all requests."""
    monkeypatch.setenv("AESTUDIO_DATA", str(mnist_folder))
    person = open_window("mnist")
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.usable)
    person.wait_computed()
    return person.window


def never_late(
    play: Callable[[scenarios.LatenessLog], None], record_property: Callable[[str, object], None]
) -> None:
    """Few of the recorded ticks are late and none is very late; one failure is repeated."""
    report: list[str] = []
    for attempt in range(ATTEMPTS):
        log = scenarios.LatenessLog()
        play(log)
        entries = log.entries
        together = Lateness(np.concatenate([late.milliseconds for late in entries.values()]), ())
        statistics = {"p99": float(together.p99), "most": float(together.longest)}
        record_property(f"lateness_ms_{attempt}", statistics)
        report += [f"together: {together}", *(f"{doing}: {late}" for doing, late in entries.items())]
        report += [f"  {stall}" for late in entries.values() for stall in late.stalls if stall.late > 100]
        assert len(together.milliseconds) > 60
        # In a short scenario a single tick is the 99th percentile, so those count only together.
        long = [late.p99 for late in entries.values() if len(late.milliseconds) > 100]
        if max([together.p99, *long]) <= SLACK * P99 and together.longest <= SLACK * LONGEST:
            return
        if any(stall.window > SLACK * LONGEST for late in entries.values() for stall in late.stalls):
            break
    pytest.fail("\n".join(report), pytrace=False)


@pytest.mark.parametrize("recipe", ["deep-ae", "conv-vae"])
def test_during_training_slider_drags_and_saving(
    recipe: str, window: MainWindow, record_property: Callable[[str, object], None]
) -> None:
    def play(log: scenarios.LatenessLog) -> None:
        scenarios.show_views_while_training(window, log, recipe, 0.8)
        scenarios.drag_slider_while_training(window, log, recipe, 0.8)
        scenarios.save_and_open_run(window, log, recipe, 0.2)

    never_late(play, record_property)


def test_while_data_sets_are_loaded_and_results_computed(
    window: MainWindow, mnist_folder: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    attempts = iter(range(ATTEMPTS))

    def play(log: scenarios.LatenessLog) -> None:
        scratch = tmp_path / str(next(attempts))
        scratch.mkdir()
        scenarios.project_codes(window, log, 0.3)
        scenarios.export_codes(window, log, scratch)
        scenarios.train_probe(window, log, 0.8)
        window.show_view("train")
        dataset_scenarios.generate_digits(window, log, 1.0)
        dataset_scenarios.read_image_files(window, log, scratch, 200)
        dataset_scenarios.read_mnist(window, log, mnist_folder)
        dataset_scenarios.download_mnist(window, log, mnist_folder, scratch)  # MNIST is loaded again after it

    never_late(play, record_property)


def test_a_change_of_theme_takes_less_than_a_fifth_of_a_second(
    window: MainWindow, record_property: Callable[[str, object], None]
) -> None:
    """CPU seconds from the action to the end of the paint, after every view was made."""
    from PySide6.QtWidgets import QApplication

    holder = window.theme_holder
    assert holder is not None
    scenarios.change_looks(window, scenarios.LatenessLog())
    taken: dict[str, list[float]] = {"theme": [], "presentation": []}
    for number in range(4):
        for what, change in (
            ("theme", lambda number=number: holder.set_scheme("dark" if number % 2 else "light")),
            ("presentation", window.toggle_presentation),
        ):
            began = time.thread_time()
            change()
            QApplication.processEvents()
            taken[what].append(time.thread_time() - began)
    record_property("seconds", taken)
    assert max(min(seconds) for seconds in taken.values()) < LOOK_LONGEST / 1000, taken
