"""The comparison as frozen values: the plan, and the state of each compared run.

Without Qt and torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.gui.state.run_state import RunState, phase_of
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.differences import (
    OBJECTIVE,
    compared_recipes,
    comparison_title,
    difference,
    differences,
    presets,
    suggested_values,
)
from aestudio.recipes.other_objectives import DEFAULT_CONTEXT, ComparisonContext
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import DataShape
    from aestudio.gui.state.run_state import TrainingPhase
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.differences import Preset
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class ComparisonPlan:
    """The name of the setting that differs, and its value in each run."""

    difference: str
    values: tuple[Any, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class ComparedRun(RunState):
    """One of the runs.

    title:    its value, "β 4"
    data:     the shape of the images that it is planned for
    """

    title: str
    recipe: Recipe
    data: DataShape = MNIST

    @cached_property
    def architecture(self) -> Architecture:
        """The model; until the training has begun, by its plan."""
        return Architecture(self.recipe, self.data) if self.snapshot is None else self.snapshot.architecture

    @property
    def code_length(self) -> int:
        """Numbers of a code."""
        return self.architecture.latent.size


@dataclass(frozen=True, eq=False)
class ComparisonState:
    """The plan and the compared runs.

    plan:       what Start would train; None: a plan that suits the recipe
    base:       the recipe that the compared runs come from; difference: the setting that differs
    code:       the code that the user points at, float32 (L,); None: each run's code of the image
    condition:  what the user chose that conditional runs are told of a code; None: that of the image
    same_axes:  whether maps of equally long codes show the same part of the same plane
    """

    plan: ComparisonPlan | None = None
    base: Recipe | None = None
    difference: SettingInfo | None = None
    runs: tuple[ComparedRun, ...] = ()
    code: NDArray[np.float32] | None = None
    condition: ConditionRow | None = None
    same_axes: bool = True

    @property
    def phase(self) -> TrainingPhase:
        """Of all runs."""
        return phase_of(self.runs)

    @property
    def active(self) -> bool:
        """Whether the runs are being trained, or about to be."""
        return self.phase not in ("idle", "ended")

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """One of each run; () until all have one."""
        snapshots = tuple(run.snapshot for run in self.runs if run.snapshot is not None)
        return snapshots if len(snapshots) == len(self.runs) else ()

    def prepared(self, recipe: Recipe, context: ComparisonContext) -> ComparisonState:
        """With the runs that are to be trained, as planned; raises StudioError if that is not possible."""
        plan = plan_for(recipe, self.plan, context)
        info = difference(recipe, plan.difference, context)
        recipes = compared_recipes(recipe, info.name, plan.values, context)
        titles = [comparison_title(info, value, context) for value in plan.values]
        runs = tuple(
            ComparedRun(
                phase="preparing",
                kept_title=f"{recipe.title}: {title}",
                live=MappingProxyType(live_values(one)),
                title=title,
                recipe=one,
                data=context.data,
            )
            for title, one in zip(titles, recipes, strict=True)
        )
        return replace(self, plan=plan, runs=runs, base=recipe, difference=info, code=None, condition=None)


def plan_for(
    recipe: Recipe, plan: ComparisonPlan | None, context: ComparisonContext = DEFAULT_CONTEXT
) -> ComparisonPlan:
    """The plan, if the recipe allows it; otherwise a suitable preset, or the first difference."""
    possible = {info.name: info for info in differences(recipe, context)}
    if plan is not None and plan.difference in possible:
        choices = possible[plan.difference].choices
        if not choices or set(plan.values) <= set(choices):
            return plan
    preset = presets(recipe, context)[0]
    if recipe.objective.decodes and preset.difference:
        return plan_of(preset)
    name = OBJECTIVE if recipe.objective.decodes and OBJECTIVE in possible else "learning_rate"
    return ComparisonPlan(name, suggested_values(recipe, possible[name]))


def problem_of(recipe: Recipe, plan: ComparisonPlan, context: ComparisonContext) -> StudioError | None:
    """Why the plan cannot be trained on images of this shape, or None."""
    try:
        for compared in compared_recipes(recipe, plan.difference, plan.values, context):
            Architecture(compared, context.data)
    except StudioError as problem:
        return problem
    return None


def plan_of(preset: Preset) -> ComparisonPlan:
    """The plan of a preset."""
    return ComparisonPlan(preset.difference or OBJECTIVE, preset.values)
