"""A small data set in a file, so that the processes of a sweep can load it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.recipes.library import find_recipe
from aestudio.sweeps.sweep_folder import keep_plan
from tests.sweeps.test_plan import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.sweeps.plan import SweepPlan


@pytest.fixture
def digits_file(few_digits: Dataset, tmp_path: Path) -> Path:
    path = tmp_path / "digits.npz"
    train, test = few_digits.train, few_digits.test
    assert train.labels is not None
    assert test.labels is not None
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)
    return path


@pytest.fixture
def kept(digits_file: Path) -> Callable[..., tuple[SweepPlan, Path]]:
    """A sweep over two sizes of a small autoencoder, kept and not begun."""

    def keep(epochs: int = 2, **changes: Any) -> tuple[SweepPlan, Path]:
        recipe = find_recipe("compress-ae").with_settings(
            {"epochs": epochs, "batch_size": 32, "hidden": (16,)}
        )
        sizes = ({"latent_size": 2}, {"latent_size": 4})
        changes = {"settings": sizes, **changes}
        plan = plan_of(recipe=recipe, origin=str(digits_file), device="cpu", **changes)
        return plan, keep_plan(plan)

    return keep
