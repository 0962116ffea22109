"""Small recorded trainings for the tests of runs."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.recipes.library import find_recipe
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.training.commands import Commands
from aestudio.training.events import MetricPoint
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

QUICK: dict[str, Any] = {"epochs": 2, "batch_size": 32}


def quick_recipe(name: str = "vae", **settings: Any) -> Recipe:
    """A recipe small enough for a test: 9 steps an epoch on 270 digits."""
    recipe = find_recipe(name)
    small = {"hidden": (24,), "latent_size": 3} if recipe.network.kind() == "fully_connected" else {}
    return recipe.with_settings({**QUICK, **small, **settings})


def same_weights(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots agree bit for bit, names and order included."""
    return list(one.weights) == list(other.weights) and all(
        np.array_equal(one.weights[name].view(np.uint32), other.weights[name].view(np.uint32))
        for name in one.weights
    )


def train_and_keep(digits: Dataset, folder: Path, recipe: Recipe, stop_at: int | None = None) -> KeptRun:
    """Train and record, stopping before that step."""
    commands = Commands()
    spec = RunSpec(folder.name, recipe, digits.origin, "cpu")
    if stop_at is not None:
        commands.advance(stop_at)
    for event in record(train(spec, digits, commands), spec, folder):
        if type(event).__name__ == "Paused":
            commands.stop()
    return KeptRun.at(folder)


@pytest.fixture
def keep(few_digits: Dataset) -> Callable[..., KeptRun]:
    """`keep(folder, recipe, stop_at=step)`: train and record, stopping before that step."""
    return partial(train_and_keep, few_digits)


@pytest.fixture(scope="session")
def kept_once(few_digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of a small VAE, which no test may change."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(folder / "home"))
        return train_and_keep(few_digits, folder / "kept", quick_recipe()).folder


@pytest.fixture
def kept(kept_once: Path, tmp_path: Path) -> KeptRun:
    """A finished run of a small VAE: a copy for each test, which takes a tenth of training it."""
    return KeptRun.at(Path(shutil.copytree(kept_once, tmp_path / "kept")))


def metric_points(run: KeptRun) -> list[MetricPoint]:
    """The run's metric points, in order."""
    return [point for point in run.points() if isinstance(point, MetricPoint)]
