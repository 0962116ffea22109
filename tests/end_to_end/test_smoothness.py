"""The window's event loop is never blocked, whatever is going on beside it.

What the issue asks for, 33 ms at the 99th percentile of a 60 Hz tick's lateness and 100 ms at most on two
idle cores, is measured by `python -m benchmarks lateness`. Here three times as much fails, twice in a row,
because other programs may keep this machine busy; what the window's own thread computed for so long fails
at once, because nobody else's work explains it, and the second time it might be done already.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.measures.lateness import LONGEST, LOOK_LONGEST, P99
from benchmarks.window import scenes
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
    """With the real MNIST loaded, and everything answered."""
    monkeypatch.setenv("AESTUDIO_DATA", str(mnist_folder))
    person = open_window("mnist")
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.usable)
    person.wait_computed()
    return person.window


def never_late(play: Callable[[scenes.Diary], None], record_property: Callable[[str, object], None]) -> None:
    """Of all ticks of all that is recorded, few are late and none is very late; or it plays once more."""
    told: list[str] = []
    for attempt in range(ATTEMPTS):
        diary = scenes.Diary()
        play(diary)
        entries = diary.entries
        together = Lateness(np.concatenate([late.milliseconds for late in entries.values()]), ())
        figures = {"p99": float(together.p99), "most": float(together.longest)}
        record_property(f"lateness_ms_{attempt}", figures)
        told += [f"together: {together}", *(f"{doing}: {late}" for doing, late in entries.items())]
        told += [f"  {hold}" for late in entries.values() for hold in late.holds if hold.late > 100]
        assert len(together.milliseconds) > 60
        # Of a short scene a single tick is the 99th percentile: those count together only.
        long = [late.p99 for late in entries.values() if len(late.milliseconds) > 100]
        if max([together.p99, *long]) <= SLACK * P99 and together.longest <= SLACK * LONGEST:
            return
        if any(hold.window > SLACK * LONGEST for late in entries.values() for hold in late.holds):
            break
    pytest.fail("\n".join(told), pytrace=False)


@pytest.mark.parametrize("recipe", ["deep-ae", "conv-vae"])
def test_while_it_trains_in_every_view_under_a_hand_and_when_it_is_kept(
    recipe: str, window: MainWindow, record_property: Callable[[str, object], None]
) -> None:
    def play(diary: scenes.Diary) -> None:
        scenes.views_while_training(window, diary, recipe, 0.8)
        scenes.dragging(window, diary, recipe, 0.8)
        scenes.keeping(window, diary, recipe, 0.2)

    never_late(play, record_property)


def test_while_datasets_come_and_answers_are_computed(
    window: MainWindow, mnist_folder: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    attempts = iter(range(ATTEMPTS))

    def play(diary: scenes.Diary) -> None:
        scratch = tmp_path / str(next(attempts))
        scratch.mkdir()
        scenes.projecting(window, diary, 0.3)
        scenes.exporting(window, diary, scratch)
        scenes.probing(window, diary, 0.8)
        window.show_view("train")
        scenes.generating(window, diary, 1.0)
        scenes.pictures(window, diary, scratch, 200)
        scenes.decoding(window, diary, mnist_folder)
        scenes.downloading(window, diary, mnist_folder, scratch)  # leaves MNIST behind, for another attempt

    never_late(play, record_property)


def test_another_look_takes_no_fifth_of_a_second(
    window: MainWindow, record_property: Callable[[str, object], None]
) -> None:
    """From the action to the end of the paint, with every view made: the seconds its thread works."""
    from PySide6.QtWidgets import QApplication

    holder = window.theme_holder
    assert holder is not None
    scenes.changing_looks(window, scenes.Diary())
    taken: dict[str, list[float]] = {"theme": [], "stage": []}
    for number in range(4):
        for what, change in (
            ("theme", lambda number=number: holder.set_scheme("dark" if number % 2 else "light")),
            ("stage", window.toggle_presentation),
        ):
            began = time.thread_time()
            change()
            QApplication.processEvents()
            taken[what].append(time.thread_time() - began)
    record_property("seconds", taken)
    assert max(min(seconds) for seconds in taken.values()) < LOOK_LONGEST / 1000, taken
