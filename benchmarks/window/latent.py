"""`python -m benchmarks.window.latent --data FOLDER [--only RECIPE ...] [--training [--busy]]`

Opens the window, shows the Latent view for each recipe whose decoder is small, and prints the latency of a
grid and of a dragged slider: one JSON line for each recipe. The weights are the initial ones, because the
amount of computation is the same. Axis names and the metrics of runs are switched off: they are computed
once, within a minute, and this measures the window after that.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.controllers.latent_metrics_controller import LatentMetricsController
from aestudio.gui.inference.axis_names_planner import AxisNamesPlanner
from aestudio.gui.inference.requests.grid_request import PlaneGrid
from aestudio.recipes.architecture import Architecture
from benchmarks.window.decoders import quick_recipes
from benchmarks.window.driver import open_window, run_for, wait_until
from benchmarks.window.scenarios import settle, training
from benchmarks.window.slider_drag import SliderDrag, image_paints_observed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.gui.window.main_window import MainWindow
    from aestudio.recipes.recipe import Recipe

ROUNDS = 11
MOVES = 150
SIDE, LARGE_SIDE = 20, 40
TIMEOUT = 600.0
_PAUSE_SECONDS = 0.5


def show_model(window: MainWindow, recipe: Recipe) -> None:
    """Explore the recipe with its initial weights, and wait for the results of all requests."""
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    snapshot = Snapshot(
        f"benchmark {recipe.name}",
        recipe,
        0,
        0.0,
        weights_of(build_model(Architecture(recipe, MNIST))),
        data=MNIST,
    )
    session = window.session
    # The map would have the plane of a code of two numbers, instead of the panel.
    session.explore.choose_map(replace(session.state.map_choice, decoded=False))
    session.update(model=ExploredModel(snapshot, recipe.title, "kept"))
    size = recipe.network.latent_size
    wait_until(lambda: _code_length(window) == size and _grid_code_length(window) == size, "the model")
    run_for(2 * _PAUSE_SECONDS)
    wait_until(lambda: not session.state.pending and not session.state.tasks, "everything to settle", TIMEOUT)


def _code_length(window: MainWindow) -> int:
    code = window.session.state.exploration.code
    return 0 if code is None else len(code)


def _grid_code_length(window: MainWindow) -> int:
    grid = window.session.state.value(PlaneGrid.channel)
    return 0 if grid is None else len(grid.base)


def grid_latencies(window: MainWindow, side: int = SIDE) -> tuple[list[float], list[float]]:
    """Seconds from the request for a grid without cached images to its paint, for each round.

    Returns two lists: to the first paint, which may be coarse, and to the paint of the complete grid.
    """
    latent: Any = window.views["latent"]
    latent.panels.show_page("grid")
    panel = latent.panels["grid"]
    panel.controls.side.setCurrentIndex(panel.controls.side.findText(str(side), _starts_with()))
    panel.controls.side.activated.emit(panel.controls.side.currentIndex())
    settle(window)
    paints: list[tuple[float, Any]] = []
    panel.view.painted.connect(lambda: paints.append((time.perf_counter(), _grid_result(window))))
    first, complete = [], []
    for number in range(ROUNDS):
        run_for(_PAUSE_SECONDS)
        paints.clear()
        began = time.perf_counter()
        panel.view.panned.emit(1.0 if number % 2 else 0.0, 1.0)  # by a whole window, so no image stays
        requested = panel.requests(window.session.state)[0].cell_grid
        wait_until(lambda requested=requested: _painted_at(paints, requested, complete=True), "the grid")
        first.append(_painted_at(paints, requested, complete=False) - began)
        complete.append(_painted_at(paints, requested, complete=True) - began)
    panel.view.reset_requested.emit()
    settle(window)
    return first, complete


def _starts_with() -> Any:
    from PySide6.QtCore import Qt

    return Qt.MatchFlag.MatchStartsWith


def _grid_result(window: MainWindow) -> Any:
    return window.session.state.results.get(PlaneGrid.channel)


def _painted_at(paints: list[tuple[float, Any]], requested: Any, *, complete: bool) -> float:
    """When the first paint of the requested grid ended; 0 if it was not painted yet."""
    return next(
        (
            painted
            for painted, result in paints
            if result.value.cell_grid == requested and not (complete and result.more)
        ),
        0.0,
    )


def decode_milliseconds(window: MainWindow, count: int) -> float:
    """Milliseconds to decode `count` codes on this thread, median."""
    from aestudio.inference.frozen_model import FrozenModel

    snapshot = window.session.state.snapshot
    assert snapshot is not None
    frozen_model = FrozenModel(snapshot)
    codes = np.random.default_rng(0).standard_normal(
        (count, snapshot.recipe.network.latent_size), dtype=np.float32
    )
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        frozen_model.decode(codes)
        seconds.append(time.perf_counter() - began)
    return 1000 * float(np.median(seconds))


def slider_latencies(window: MainWindow, moves: int = MOVES) -> list[float]:
    """Seconds from each movement of the first slider to the paint of its image."""
    latent: Any = window.views["latent"]
    size = _code_length(window)
    wait_until(lambda: _code_length(window) == size and latent.explorer.slider_column.sliders, "the sliders")
    run_for(_PAUSE_SECONDS)
    slider = latent.explorer.slider_column.sliders[0].slider
    return SliderDrag(slider, latent.explorer.image, moves).drag()


def measure_at_rest(window: MainWindow, recipe: Recipe) -> dict[str, Any]:
    """Grid and slider while nothing else runs, in milliseconds."""
    show_model(window, recipe)
    first, complete = grid_latencies(window)
    _, large = grid_latencies(window, LARGE_SIDE)
    return {
        "first": _milliseconds(first),
        "grid": _milliseconds(complete),
        "decode": decode_milliseconds(window, SIDE * SIDE),
        "forty": _milliseconds(large),
        "slider": _milliseconds(slider_latencies(window)),
    }


def measure_while_training(window: MainWindow, recipe: Recipe) -> dict[str, Any]:
    """The slider while the recipe trains at full speed, in milliseconds."""
    with training(window, recipe.name):
        size = recipe.network.latent_size
        wait_until(lambda: _code_length(window) == size, "a code")
        return {"slider": _milliseconds(slider_latencies(window))}


def _milliseconds(seconds: list[float]) -> list[float]:
    return [round(1000 * value, 2) for value in seconds]


@contextmanager
def busy_program() -> Iterator[None]:
    """Within the block another program wants a core all the time."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def without_background_work() -> Iterator[None]:
    """Within the block no axis names and no metrics of runs are computed."""
    request, start = AxisNamesPlanner.request, LatentMetricsController._start
    AxisNamesPlanner.request, LatentMetricsController._start = (lambda *_: None), (lambda *_: None)  # type: ignore[method-assign]
    try:
        yield
    finally:
        AxisNamesPlanner.request, LatentMetricsController._start = request, start


def main() -> None:
    """Print one JSON line for each recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST in torchvision's layout")
    parser.add_argument("--only", nargs="*", default=[], help="names of recipes; all if none is given")
    parser.add_argument("--training", action="store_true", help="measure the slider during a training")
    parser.add_argument("--busy", action="store_true", help="beside a program that keeps a core busy")
    given = parser.parse_args()
    os.environ["AESTUDIO_DATA"] = str(given.data)
    with ExitStack() as stack:
        stack.enter_context(without_background_work())
        stack.enter_context(image_paints_observed())
        window = stack.enter_context(open_window())
        if given.busy:
            stack.enter_context(busy_program())
        window.show_view("latent")
        for name, (recipe, multiply_adds) in quick_recipes().items():
            if given.only and name not in given.only:
                continue
            measure = measure_while_training if given.training else measure_at_rest
            result = {"recipe": name, "multiply_adds": multiply_adds, **measure(window, recipe)}
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
