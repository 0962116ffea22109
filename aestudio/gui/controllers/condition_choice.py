"""What a conditional model is told of the code: chosen by the user, or brought by a code or an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.condition_state import shown_kind, with_condition

if TYPE_CHECKING:
    from aestudio.gui.controllers.store import Store
    from aestudio.inference.conditions import ConditionRow

translate = QCoreApplication.translate


def choose(store: Store, condition: ConditionRow | None) -> None:
    """Decode with this condition from now on, which can be undone; None: with that of the selected image."""
    if with_condition(store.state, condition) is store.state:
        return
    if shown_kind(store.state) == "factors":
        store.intents.remember(translate("workspace", "other factors"), "factors")
    else:
        store.intents.remember(translate("workspace", "another class"), "class")
    store.set_state(with_condition(store.state, condition))


def take(store: Store, condition: ConditionRow | None) -> None:
    """The same as a part of another change, which is about to show the code."""
    chosen = with_condition(store.state, condition).chosen_conditions
    if chosen is not store.state.chosen_conditions:
        store.update_quietly(chosen_conditions=chosen)
