"""Intents about the recipe: choose one, or its parts, and change its settings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError
from aestudio.gui.controllers.chosen_parts import (
    take_network,
    take_objective,
    with_loaded_recipe,
    with_recipe,
)
from aestudio.gui.state.next_training import (
    set_up_recipe,
    sets_up_next,
    with_next_shown,
    with_set_up,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe

translate = QCoreApplication.translate


class RecipeController:
    """Changes what the next training trains, and the live settings of the present one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def choose_recipe(self, recipe: Recipe) -> None:
        """Take another recipe; refused, with a message, while a training runs and its recipe is shown."""
        if not self.locked(translate("session", "The recipe")):
            self._change(lambda state: with_recipe(state, recipe))

    def set_value(self, name: str, value: Any) -> None:
        """Change a setting of the recipe.

        A live setting acts on the running training, or on the one that Resume continues.
        """
        state = self._store.state
        training, live = state.training, state.recipe.info(name).live
        recipe = state.recipe.with_settings({name: value})  # refuses what is out of bounds
        fixed = not live or state.pending_start is not None or training.phase == "stopping"
        if training.active and fixed:
            text = translate("session", "This setting is fixed while a training runs: stop it first.")
            self._store.show_message(text, "warn")
        elif live and (training.active or training.resumable):
            values = MappingProxyType({**training.live, name: float(value)})
            self._store.update(training=replace(training, live=values))
            if training.active:
                self._store.intents.live_setting_changed(name, float(value))
        elif recipe != state.recipe:
            self._change(lambda state: with_recipe(state, recipe))
            if live:
                self._store.intents.live_setting_changed(name, float(value))

    def set_values(self, values: dict[str, Any]) -> None:
        """Change several settings together of the recipe that the sidebar shows.

        Each alone may not fit the others as they are.
        """
        state = self._store.state
        recipe = set_up_recipe(state).with_settings(values)  # refuses what does not fit
        if len(values) == 1 and not sets_up_next(state):
            self.set_value(*next(iter(values.items())))
        else:
            self.choose_recipe(recipe)

    def set_invalid(self, owner: str, reasons: Mapping[str, str], *, showing: bool = False) -> None:
        """Record which fields of an owner are invalid and so prevent Start, one sentence per field.

        showing: found while a state is being shown; the views get it with the next one, at once
        """
        if showing:
            self._store.after_showing(partial(self.set_invalid, owner, reasons))
            return
        before = self._store.state.invalid
        others = {field: reason for field, reason in before.items() if not field.startswith(f"{owner}.")}
        after = others | {f"{owner}.{name}": reason for name, reason in reasons.items()}
        if after != before:
            self._store.update(invalid=MappingProxyType(after))

    def choose_network(self, kind: str) -> None:
        """Take another network, keeping the latent size if it allows it."""
        if not self.locked(translate("session", "The network")):
            self._change(lambda state: with_recipe(state, take_network(state.recipe, kind, state.own.parts)))

    def choose_objective(self, kind: str) -> None:
        """Take another objective with its default settings."""
        if not self.locked(translate("session", "The objective")):
            self._change(
                lambda state: with_recipe(state, take_objective(state.recipe, kind, state.own.parts))
            )

    def take_loaded_parts(self) -> None:
        """Take the user's own parts of the recipe as they are loaded now; a training keeps those it has.

        If they cannot be used together, a message says why, and the recipe stays.
        """
        if not self._store.state.training.active:
            self._change(with_loaded_recipe)

    def choose_device(self, name: str) -> None:
        """Train on another device; applies at the next start."""
        if not self._trained(translate("session", "The device")):
            self._store.update(device=name)

    def _change(self, changed: Callable[[StudioState], StudioState]) -> None:
        """Change the recipe; say so if its parts do not fit, or a user's own part fails."""

        def carry_out() -> None:
            try:
                self._store.set_state(with_set_up(self._store.state, changed))
            except StudioError as problem:
                self._store.show_message(str(problem), "warn")

        self._store.after_showing(carry_out)

    def show_next(self, shown: bool) -> None:
        """Show the recipe of a later training in the sidebar, or that of the present one."""
        if self._store.state.training.active:
            self._store.starting.emit()  # what is being typed belongs to the recipe that was shown
        self._store.set_state(with_next_shown(self._store.state, shown))

    def locked(self, what: str) -> bool:
        """Whether the recipe that the sidebar shows is being trained; shows a message if so."""
        return not sets_up_next(self._store.state) and self._trained(what)

    def _trained(self, what: str) -> bool:
        """Whether a training runs, during which this cannot change; shows a message if so."""
        active = self._store.state.training.active
        if active:
            text = translate("session", "{} cannot change until the training ends: stop it first.")
            self._store.show_message(text.format(what), "warn")
        return active
