"""`python -m benchmarks.window.ages --data FOLDER [--only RECIPE ...] [--views VIEW ...] [--busy]`

How old what a view shows is while a recipe trains at full speed and the user does nothing: for each visible
part the time since the training had the weights that it shows, and the steps since then. One JSON line for
each recipe and view.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from aestudio.gui.inference.requests.axis_names_request import NameAxes
from aestudio.gui.inference.requests.compression_request import CompressImage, RateOfSet
from aestudio.gui.inference.requests.data_support_request import SupportOfCode
from aestudio.gui.inference.requests.exploration_request import Inspect
from aestudio.gui.inference.requests.grid_request import PlaneGrid
from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
from aestudio.gui.inference.requests.reconstruction_row_request import ReconstructionRow
from aestudio.gui.inference.requests.reconstructions_request import Enlarged, Triples
from aestudio.gui.inference.requests.sliders_request import SlidersRequest
from aestudio.gui.workers.messages import Trained
from aestudio.training.events import SnapshotTaken, TrainingProgress
from benchmarks.window.driver import open_window, run_for, wait_until
from benchmarks.window.latent import busy_program
from benchmarks.window.scenarios import training

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.window.main_window import MainWindow

    StepOf = Callable[[StudioState], "int | None"]

RECIPES = ("deep-ae", "vae", "conv-vae")
SAMPLE_MILLISECONDS = 50
SECONDS = 20.0
# The training's steps are known a few times a second: after the last sample another report is awaited.
AFTER_SECONDS = 1.0
FIRST_RESULTS_SECONDS = 120.0


def _result(kind: type[Request]) -> StepOf:
    return lambda state: state.step_of(kind.channel)


def _last_point(state: StudioState) -> int | None:
    steps = state.training.training.step
    return int(steps[-1]) if len(steps) else None


def _large_image(state: StudioState) -> int | None:
    return None if state.exploration.image is None else state.exploration.step


def _progress(state: StudioState) -> int | None:
    return None if state.training.progress is None else state.training.progress.step


PARTS: Mapping[str, Mapping[str, StepOf]] = {
    "train": {
        "curves": _last_point,
        "reconstructions": _result(ReconstructionRow),
        "inspector": _result(Inspect),
        "progress": _progress,
    },
    "reconstruct": {
        "triples": _result(Triples),
        "enlarged": _result(Enlarged),
        "inspector": _result(Inspect),
        "progress": _progress,
    },
    "compress": {
        "digit": _result(CompressImage),
        "curve": _result(RateOfSet),
        "inspector": _result(Inspect),
        "progress": _progress,
    },
    "latent": {
        "large image": _large_image,
        "data support": _result(SupportOfCode),
        "sliders' densities": _result(SlidersRequest),
        "sliders' names": _result(NameAxes),
        "map": _result(LatentMapRequest),
        "grid": _result(PlaneGrid),
        "inspector": _result(Inspect),
        "progress": _progress,
    },
}
"""The visible parts of each view, and the step of what each shows."""


class StepTimes:
    """When the training reached which step, as its thread reports it."""

    def __init__(self, session: Session) -> None:
        self.times: list[float] = []
        self.steps: list[int] = []
        put = session.mailbox.put

        def put_and_note(message: Any, replaces: str = "", **how: bool) -> None:
            if isinstance(message, Trained):
                self._note(message.event)
            put(message, replaces, **how)

        session.mailbox.put = put_and_note

    def _note(self, event: object) -> None:
        if isinstance(event, SnapshotTaken):
            step = event.snapshot.step
        elif isinstance(event, TrainingProgress):
            step = event.step
        else:
            return
        if not self.steps or step > self.steps[-1]:
            self.times.append(time.perf_counter())
            self.steps.append(step)


class Sampler(QObject):
    """Notes the step of every part from time to time, as the views show it. samples: (time, step by part)"""

    def __init__(self, session: Session, parts: Mapping[str, StepOf]) -> None:
        super().__init__()
        self._session, self._parts = session, parts
        self.samples: list[tuple[float, dict[str, int]]] = []
        self._shown = session.state
        session.changed.connect(self._note_shown)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._sample)

    def sample_for(self, seconds: float) -> None:
        """Run the event loop for `seconds`."""
        self._timer.start(SAMPLE_MILLISECONDS)
        run_for(seconds)
        self._timer.stop()

    @Slot()
    def _note_shown(self) -> None:
        self._shown = self._session.state  # a newer state may wait for the next refresh

    @Slot()
    def _sample(self) -> None:
        state = self._shown
        steps = {part: step_of(state) for part, step_of in self._parts.items()}
        shown = {part: step for part, step in steps.items() if step is not None}
        self.samples.append((time.perf_counter(), shown))


def ages(
    samples: Sequence[tuple[float, Mapping[str, int]]], times: Sequence[float], steps: Sequence[int]
) -> dict[str, dict[str, list[float]]]:
    """Ages of each part in "seconds" and in "steps", one for each sample in which it was shown.

    times, steps: when the training reached which step, both ascending; between them it is interpolated
    """
    found: dict[str, dict[str, list[float]]] = {}
    for now, shown in samples:
        newest = float(np.interp(now, times, steps))
        for part, step in shown.items():
            of_part = found.setdefault(part, {"seconds": [], "steps": []})
            of_part["seconds"].append(max(0.0, now - float(np.interp(step, steps, times))))
            of_part["steps"].append(max(0.0, newest - step))
    return found


def measure(window: MainWindow, recipe: str, view: str, seconds: float) -> dict[str, Any]:
    """The ages of every part of a view during a training of the recipe; of Latent with the grid open."""
    session, parts = window.session, PARTS[view]
    if view == "latent":
        # The map would have the plane of a code of two numbers, instead of the panel.
        session.explore.choose_map(replace(session.state.map_choice, decoded=False))
        window.show_panel("grid")
    window.show_view(view)
    step_times = StepTimes(session)
    try:
        with training(window, recipe):
            wait_until(
                lambda: all(step_of(session.state) is not None for step_of in parts.values()),
                "the first result of every part",
                FIRST_RESULTS_SECONDS,
            )
            sampler = Sampler(session, parts)
            sampler.sample_for(seconds)
            run_for(AFTER_SECONDS)
    finally:
        del session.mailbox.put  # the class's own again
    found = ages(sampler.samples, step_times.times, step_times.steps)
    return {"recipe": recipe, "view": view, "ages": found}


def main() -> None:
    """Print one JSON line for each recipe and view."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST in torchvision's layout")
    parser.add_argument("--only", nargs="*", default=RECIPES, help="names of recipes")
    parser.add_argument("--views", nargs="*", default=["latent"], choices=tuple(PARTS), help="views")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    parser.add_argument("--busy", action="store_true", help="beside a program that keeps a core busy")
    given = parser.parse_args()
    os.environ["AESTUDIO_DATA"] = str(given.data)
    with ExitStack() as stack:
        window = stack.enter_context(open_window())
        if given.busy:
            stack.enter_context(busy_program())
        for recipe in given.only:
            for view in given.views:
                result = measure(window, recipe, view, given.seconds)
                print(json.dumps({**result, "busy": given.busy}), flush=True)


if __name__ == "__main__":
    main()
