"""The settings of a sweep as axes: their values in order, and where each lies. No torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aestudio.recipes.setting import SettingInfo
    from aestudio.sweeps.plan import SweepPlan

_LOG_RATIO = 10.0  # of the largest value to the smallest, from which on an axis is logarithmic


@dataclass(frozen=True)
class SettingAxis:
    """One setting that varies.

    values: in order, hashable; texts: of each; places: of each, 0 to 1 (0.5 for a single one)
    title:  of the setting, with its unit; numeric: whether distances between values have a meaning
    """

    name: str
    title: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    places: tuple[float, ...]
    numeric: bool = True
    logarithmic: bool = False

    def number_of(self, settings: Mapping[str, Any]) -> int:
        """Which of the values these settings have."""
        return self.values.index(hashable(settings[self.name]))


def setting_axes(plan: SweepPlan) -> tuple[SettingAxis, ...]:
    """An axis for each setting that varies, in the order of the plan."""
    return tuple(_axis(plan.recipe.info(name), plan.settings) for name in plan.settings[0])


def hashable(value: Any) -> Any:
    """A value as it can be looked up: a kept plan has lists where the recipe has tuples."""
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _axis(info: SettingInfo, settings: Sequence[Mapping[str, Any]]) -> SettingAxis:
    values: list[Any] = list(dict.fromkeys(hashable(own[info.name]) for own in settings))
    numeric = info.kind in ("integer", "number")
    if numeric:
        values.sort()
    logarithmic = numeric and values[0] > 0 and values[-1] / values[0] >= _LOG_RATIO
    title = f"{info.title} ({info.unit})" if info.unit else info.title
    texts = tuple(map(value_text, values))
    places = _places(values, numeric, logarithmic)
    return SettingAxis(info.name, title, tuple(values), texts, places, numeric, logarithmic)


def _places(values: Sequence[Any], numeric: bool, logarithmic: bool) -> tuple[float, ...]:
    if len(values) == 1:
        return (0.5,)
    if not numeric:
        return tuple(number / (len(values) - 1) for number in range(len(values)))
    at = [math.log(value) if logarithmic else float(value) for value in values]
    return tuple((one - at[0]) / (at[-1] - at[0]) for one in at)


def value_text(value: Any) -> str:
    """A value in a few letters."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
