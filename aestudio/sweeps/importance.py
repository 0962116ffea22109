"""How much each setting of a sweep matters. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.sweeps.setting_axes import setting_axes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.setting_axes import SettingAxis
    from aestudio.sweeps.sweep_results import SweepResults

_TREES = 200


@dataclass(frozen=True)
class Importance:
    """share: of the metric's variance over the candidates that the setting alone explains, 0 to 1"""

    name: str
    title: str
    share: float


def importances(plan: SweepPlan, results: SweepResults) -> tuple[Importance, ...]:
    """The importance of each setting, in the order of the plan; () for fewer than two complete candidates.

    By functional analysis of variance (Hutter, Hoos & Leyton-Brown 2014, section 2): the variance of the
    setting's marginal mean as a share of the whole. Where every combination was tried the means are those of
    the candidates, so that the shares are exact; what is missing to 1 is the interplay of settings. Where
    only some were drawn, the mean is that of a random forest over the candidates' other settings, and the
    whole is the forest's. The folds' chance is part of the candidates' means, and so of the shares.
    """
    axes = setting_axes(plan)
    complete = [one for one in results.candidates if one.complete and one.mean is not None]
    if len(complete) < 2:
        return ()
    numbers = np.array([[axis.number_of(one.settings) for axis in axes] for one in complete])
    means = np.array([one.mean for one in complete], dtype=np.float64)
    whole = len(complete) == int(np.prod([len(axis.values) for axis in axes]))
    shares = _shares_of_all(numbers, means) if whole else _shares_of_forest(numbers, means, axes)
    pairs = zip(axes, shares, strict=True)
    return tuple(
        Importance(axis.name, plan.recipe.info(axis.name).title, float(share)) for axis, share in pairs
    )


def _shares_of_all(numbers: NDArray[np.int64], means: NDArray[np.float64]) -> list[float]:
    return [
        _share([float(means[column == value].mean()) for value in np.unique(column)], means)
        for column in numbers.T
    ]


def _share(marginal: list[float], values: NDArray[np.float64], weights: list[float] | None = None) -> float:
    whole = float(values.var())
    if whole <= 0.0:
        return 0.0
    around = float(np.average(marginal, weights=weights))
    variance = float(np.average((np.array(marginal) - around) ** 2, weights=weights))
    return min(1.0, variance / whole)


def _shares_of_forest(
    numbers: NDArray[np.int64], means: NDArray[np.float64], axes: tuple[SettingAxis, ...]
) -> list[float]:
    from sklearn.ensemble import RandomForestRegressor

    places = [np.array(axis.places) for axis in axes]
    inputs = np.stack([place[column] for place, column in zip(places, numbers.T, strict=True)], axis=1)
    forest = RandomForestRegressor(_TREES, random_state=0, n_jobs=1).fit(inputs, means)
    predicted = forest.predict(inputs)
    shares: list[float] = []
    for column, place in enumerate(places):
        values, counts = np.unique(numbers[:, column], return_counts=True)
        marginal: list[float] = []
        for value in values:
            changed = inputs.copy()
            changed[:, column] = place[value]
            marginal.append(float(forest.predict(changed).mean()))
        shares.append(_share(marginal, predicted, [float(count) for count in counts]))
    return shares
