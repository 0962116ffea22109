"""A recipe whose model learns a prior of its codes, of the example in tests/data; the mixture in numpy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import norm

from aestudio.recipes.library import find_recipe
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts.available import find_part
from tests.recipes.own_parts.conftest import allow, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot


EXAMPLES = Path(__file__).parent / "data" / "learned_prior"


def mixture_prior(change: str = "", by: str = "", **settings: Any) -> Recipe:
    """The recipe with these settings; puts the objective into the user's folder.

    change, by: a text of its module that is replaced, to make a mistake
    """
    from aestudio.paths import user_parts_folder

    if not (user_parts_folder("objectives") / "mixture_prior").exists():
        module = put("objectives", "mixture_prior", examples=EXAMPLES) / "module.py"
        text = module.read_text(encoding="utf-8")
        assert change in text
        module.write_text(text.replace(change, by, 1), encoding="utf-8")
        allow("objectives", "mixture_prior")
    declared = find_part("objectives", "mixture_prior", Objective)
    assert declared is not None
    recipe = find_recipe("deep-ae").combined(objective=declared())
    small = {"epochs": 6, "batch_size": 16, "hidden": (24,), "latent_size": 2}
    return recipe.with_settings(small | settings)


class NumpyMixture:
    """The mixture with the weights of a snapshot, computed without torch."""

    def __init__(self, snapshot: Snapshot) -> None:
        named = {
            name: snapshot.weights[f"objective.mixture.{name}"].astype(np.float64)
            for name in ("logits", "means", "log_deviations")
        }
        raised = np.exp(named["logits"] - named["logits"].max())
        self.shares = raised / raised.sum()
        self.means, self.deviations = named["means"], np.exp(named["log_deviations"])

    def density(self, codes: NDArray[np.float32]) -> NDArray[np.float64]:
        """Codes (N, L) -> the density (N,)."""
        each = norm.pdf(codes[:, None], self.means, self.deviations).prod(axis=2)
        return each @ self.shares

    def distribution(self, dimension: int, temperature: float = 1.0) -> Callable[[Any], Any]:
        """The distribution function of one number of the code."""
        means, deviations = self.means[:, dimension], temperature * self.deviations[:, dimension]
        return lambda values: norm.cdf(np.asarray(values)[:, None], means, deviations) @ self.shares
