"""A kept run's room on the disk is bounded: the history's budget, one state, the weights and the curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import shipped_recipes
from aestudio.runs.run_size import size_of
from aestudio.runs.thinning import LIMIT
from aestudio.training.checkpoint_history import DEFAULT_BUDGET, MEGABYTE
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from aestudio.runs.kept_run import KeptRun

CURVES = 3 * MEGABYTE  # of a long run: 23 kB an epoch of MNIST


def test_a_run_takes_its_budget_and_one_state(
    keep: Callable[..., KeptRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", "2")
    run = keep(tmp_path / "run", quick_recipe(hidden=(48,), epochs=12))
    state = (run.folder / "checkpoint.safetensors").stat().st_size
    weights = (run.folder / "weights.safetensors").stat().st_size
    history = sum(one.size for one in run.history_checkpoints())
    assert len(run.history_checkpoints()) * state > 2 * MEGABYTE - 2 * state, "the history is full"
    assert history <= 2 * MEGABYTE
    taken = size_of(run.folder)
    assert history + state + weights < taken < 2.1 * MEGABYTE + state + weights


def test_runs_of_the_shipped_sizes_stay_below_the_limit() -> None:
    """A state is the weights and two numbers of Adam for each; with early stopping the best weights, too.

    Larger models than the first VAEs take a little more: `residual-ae` 64.4 MB, `masked-ae` 77.
    """
    small = []
    for recipe in shipped_recipes():
        weights = 4 * Architecture(recipe, MNIST).parameter_count
        if 4 * weights <= 7 * MEGABYTE:
            small.append(recipe.name)
            assert DEFAULT_BUDGET + 4 * weights + weights + CURVES <= LIMIT, recipe.name
    assert {"vae", "conv-vae", "deep-ae"} <= set(small)
