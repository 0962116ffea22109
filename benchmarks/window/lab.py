"""`python -m benchmarks.window.lab --data FOLDER [--only RECIPE ...] [--training]`

Opens the window, shows the Latent view of each recipe whose decoder is small, and prints how long a grid
and a dragged slider take: one JSON line for each recipe. Weights are the initial ones: the arithmetic is
the same. Axes are not named and runs are not measured meanwhile: that is over after a minute, and this is
about the window after it.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.gui.controllers.latent_metrics_controller import LatentMetricsController
from aestudio.gui.inference.axis_names_planner import AxisNamesPlanner
from aestudio.gui.inference.requests.grid_request import PlaneGrid
from benchmarks.window.decoders import quick_recipes
from benchmarks.window.hand import Hand, hands_told_of_paints
from benchmarks.window.scenes import settle, training
from benchmarks.window.stage import open_presentation, turn, turn_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.gui.window.main_window import MainWindow
    from aestudio.recipes.recipe import Recipe

ROUNDS = 11
MOVES = 150
SIDE = 20
PATIENCE = 600.0
_CALM_SECONDS = 0.5


def show_model(window: MainWindow, recipe: Recipe) -> None:
    """The recipe with its initial weights as the model at hand, everything asked about it answered."""
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    snapshot = Snapshot(f"lab {recipe.name}", recipe, 0, 0.0, weights_of(build_model(recipe)))
    window.session.update(model=ExploredModel(snapshot, recipe.title, "kept"))
    size = recipe.network.latent_size
    turn_until(lambda: _code_length(window) == size and _grid_length(window) == size, "the model")
    turn(2 * _CALM_SECONDS)
    session = window.session
    turn_until(
        lambda: not session.state.pending and not session.state.tasks, "everything to settle", PATIENCE
    )


def _code_length(window: MainWindow) -> int:
    code = window.session.state.exploration.code
    return 0 if code is None else len(code)


def _grid_length(window: MainWindow) -> int:
    grid = window.session.state.value(PlaneGrid.channel)
    return 0 if grid is None else len(grid.base)


def grids(window: MainWindow, side: int = SIDE) -> tuple[list[float], list[float]]:
    """Seconds from asking for a grid, none of whose digits is decoded yet, to its paint; round by round.

    The first picture of it, be it coarse, and the whole one.
    """
    latent: Any = window.views["latent"]
    panel = latent.panels.panel("grid")
    panel.controls.side.setCurrentIndex(panel.controls.side.findText(str(side), _starts_with()))
    panel.controls.side.activated.emit(panel.controls.side.currentIndex())
    settle(window)
    history_checkpoints: list[tuple[float, Any]] = []
    panel.view.painted.connect(lambda: history_checkpoints.append((time.perf_counter(), _answer(window))))
    first, whole = [], []
    for number in range(ROUNDS):
        turn(_CALM_SECONDS)
        history_checkpoints.clear()
        began = time.perf_counter()
        panel.view.panned.emit(1.0 if number % 2 else 0.0, 1.0)  # a whole window: no digit stays
        wanted = panel.requests(window.session.state)[0].cell_grid
        turn_until(lambda wanted=wanted: _painted(history_checkpoints, wanted, whole=True), "the grid")
        first.append(_painted(history_checkpoints, wanted, whole=False) - began)
        whole.append(_painted(history_checkpoints, wanted, whole=True) - began)
    panel.view.reset_requested.emit()
    settle(window)
    return first, whole


def _starts_with() -> Any:
    from PySide6.QtCore import Qt

    return Qt.MatchFlag.MatchStartsWith


def _answer(window: MainWindow) -> Any:
    return window.session.state.results.get(PlaneGrid.channel)


def _painted(history_checkpoints: list[tuple[float, Any]], wanted: Any, *, whole: bool) -> float:
    """When the first paint ended that showed this grid; 0 where none has."""
    return next(
        (
            history_checkpoint
            for history_checkpoint, result in history_checkpoints
            if result.value.cell_grid == wanted and not (whole and result.more)
        ),
        0.0,
    )


def decoding(window: MainWindow, count: int) -> float:
    """Milliseconds of decoding so many codes on this thread, median."""
    from aestudio.inference.frozen_model import FrozenModel

    snapshot = window.session.state.snapshot
    assert snapshot is not None
    frozen_model = FrozenModel(snapshot)
    codes = np.random.default_rng(0).standard_normal(
        (count, snapshot.recipe.network.latent_size), dtype=np.float32
    )
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        frozen_model.decode(codes)
        taken.append(time.perf_counter() - began)
    return 1000 * float(np.median(taken))


def sliding(window: MainWindow, moves: int = MOVES) -> list[float]:
    """Seconds from each movement of the first slider to its digit on the screen."""
    latent: Any = window.views["latent"]
    size = _code_length(window)
    turn_until(lambda: _code_length(window) == size and latent.explorer.slider_column.sliders, "the sliders")
    turn(_CALM_SECONDS)
    return Hand(latent.explorer.slider_column.sliders[0].slider, latent.explorer.image, moves).drag()


def at_rest(window: MainWindow, recipe: Recipe) -> dict[str, Any]:
    """Grid and slider with nothing else at work."""
    show_model(window, recipe)
    first, whole = grids(window)
    _, forty = grids(window, 40)
    return {
        "first": _milliseconds(first),
        "grid": _milliseconds(whole),
        "decode": decoding(window, SIDE * SIDE),
        "forty": _milliseconds(forty),
        "slider": _milliseconds(sliding(window)),
    }


def beside_training(window: MainWindow, recipe: Recipe) -> dict[str, Any]:
    """The slider while the recipe trains at full speed."""
    with training(window, recipe.name):
        size = recipe.network.latent_size
        turn_until(lambda: _code_length(window) == size, "a code")
        return {"slider": _milliseconds(sliding(window))}


def _milliseconds(seconds: list[float]) -> list[float]:
    return [round(1000 * one, 2) for one in seconds]


@contextmanager
def nothing_in_the_background() -> Iterator[None]:
    """Within it no model's axes are named, and no run's figures are taken."""
    request, start = AxisNamesPlanner.request, LatentMetricsController._start
    AxisNamesPlanner.request, LatentMetricsController._start = (lambda *_: None), (lambda *_: None)  # type: ignore[method-assign]
    try:
        yield
    finally:
        AxisNamesPlanner.request, LatentMetricsController._start = request, start


def main() -> None:
    """One JSON line for each recipe."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--training", action="store_true")
    given = parser.parse_args()
    os.environ["AESTUDIO_DATA"] = str(given.data)
    with nothing_in_the_background(), hands_told_of_paints(), open_presentation() as window:
        window.show_view("latent")
        for name, (recipe, products) in quick_recipes().items():
            if given.only and name not in given.only:
                continue
            found = beside_training(window, recipe) if given.training else at_rest(window, recipe)
            print(json.dumps({"recipe": name, "products": products, **found}), flush=True)


if __name__ == "__main__":
    main()
