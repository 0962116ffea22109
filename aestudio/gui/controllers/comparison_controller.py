"""Intents about the comparison: what is compared, and the image and the code that are shown in all runs.

The compared runs are trained as every other one is (`training_controller`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.comparison_state import ComparisonPlan, plan_for, plan_of
from aestudio.gui.state.condition_state import with_compared_condition
from aestudio.recipes.differences import FEWEST, MOST, another_value, difference, suggested_values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.controllers.store import Store
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.differences import Preset

translate = QCoreApplication.translate


class ComparisonController:
    """Plans the compared runs, and shows the same image and the same code in all of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ---- the plan ---------------------------------------------------------------------------------

    @property
    def plan(self) -> ComparisonPlan:
        """What Start would train now."""
        state = self._store.state
        return plan_for(state.recipe, state.comparison.plan, state.comparison_context)

    def choose_difference(self, name: str) -> None:
        """Compare another setting, with values that are worth comparing; raises BadChoice."""
        recipe, context = self._store.state.recipe, self._store.state.comparison_context
        info = difference(recipe, name, context)
        self._plan(ComparisonPlan(name, suggested_values(recipe, info)))

    def choose_preset(self, preset: Preset) -> None:
        """Take a preset."""
        if preset.difference:
            self._plan(plan_of(preset))

    def set_value(self, number: int, value: Any) -> None:
        """Give one run another value."""
        values = list(self.plan.values)
        values[number] = value
        self._plan(replace(self.plan, values=tuple(values)))

    def add(self) -> None:
        """Add a run, if there is a value that no run has yet."""
        state, plan = self._store.state, self.plan
        if len(plan.values) >= MOST:
            return
        new = another_value(state.recipe, plan.difference, plan.values, state.comparison_context)
        if new is not None:
            self._plan(replace(plan, values=(*plan.values, new)))

    def remove(self) -> None:
        """Remove the last run."""
        plan = self.plan
        if len(plan.values) > FEWEST:
            self._plan(replace(plan, values=plan.values[:-1]))

    def _plan(self, plan: ComparisonPlan) -> None:
        if not self._store.state.comparison.active:
            self._update(plan=plan)

    # ---- selection --------------------------------------------------------------------------------

    def move_to(self, code: NDArray[np.float32]) -> None:
        """Show the same code, float32 (L,), in all runs with codes of that length."""
        self._update(code=code)

    def choose_condition(self, condition: ConditionRow | None) -> None:
        """Let all conditional runs decode with this class or these factors; None: those of the image."""
        self._store.set_state(with_compared_condition(self._store.state, condition))

    def follow_image(self) -> None:
        """Show the code of the selected image again, as its own class: each run its own."""
        comparison = self._store.state.comparison
        if comparison.code is not None or comparison.condition is not None:
            self._update(code=None, condition=None)

    def select(self, index: int) -> None:
        """Select an image of the test set, here and in every other view whose model takes it."""
        self.follow_image()
        if self._only_compared(index):
            self._store.update(selected=index)
        else:
            self._store.intents.select_image(index)

    def hover(self, index: int) -> None:
        """Set the image under the pointer, in every view; -1 for none."""
        state = self._store.state
        known = state.image_at(index) is not None or self._only_compared(index)
        if index != state.hovered:
            self._store.update(hovered=index if known else -1)

    def _only_compared(self, index: int) -> bool:
        """Whether the compared runs take this image, and the shown model does not."""
        state = self._store.state
        count = sum(map(len, state.compared_image_sets))
        return not state.image_sets and 0 <= index < count

    def use_same_axes(self, same: bool) -> None:
        """Show the same part of the same plane in all maps, or each map its own."""
        self._update(same_axes=same)

    def open(self, number: int) -> None:
        """Open one of the compared runs in the window, as any other run."""
        comparison = self._store.state.comparison
        if comparison.active:
            self._store.show_message(
                translate("session", "The compared runs are being trained: stop them before opening one."),
                "warn",
            )
        elif number < len(comparison.runs) and comparison.runs[number].run:
            run = comparison.runs[number]
            self._store.intents.open_run(str(run.folder or run.run))

    def _update(self, **parts: Any) -> None:
        self._store.update(comparison=replace(self._store.state.comparison, **parts))
