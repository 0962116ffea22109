"""Which sabotage can be put over the training, and how the shown run is repaired. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.sabotage.sabotage_list import sabotages

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.architecture import Architecture
    from aestudio.sabotage.sabotage import Sabotage

translate = QCoreApplication.translate


def no_sabotage(state: StudioState, name: str = "") -> str:
    """Why nothing, or not this kind, can be sabotaged now, a sentence; "" if it can."""
    if state.comparison.active:
        return translate("sabotage", "Compared runs differ in one thing already: sabotage a single training.")
    architecture = _trained(state)
    if architecture is None:
        return translate("sabotage", "Nothing is trained now: start a training, then sabotage it.")
    if state.training.sabotage is not None:
        return translate("sabotage", "This training is sabotaged already: repair it first.")
    if not name:
        return ""
    reason = sabotages()[name].applies_to(architecture) if name in sabotages() else name
    return f"{reason}." if reason else ""


def possible_sabotages(state: StudioState) -> tuple[Sabotage, ...]:
    """The kinds that can be put over the training now, in the order of their titles."""
    kinds = (kind for name, kind in sabotages().items() if not no_sabotage(state, name))
    return tuple(sorted(kinds, key=lambda kind: kind.title.lower()))


def _trained(state: StudioState) -> Architecture | None:
    """What is trained now, between its first step and its end."""
    model, training = state.training_model, state.training
    if training.phase not in ("running", "paused") or model is None or model.snapshot.run != training.run:
        return None
    return model.snapshot.architecture


def no_guess(state: StudioState) -> str:
    """Why there is nothing to guess about the shown run; "" if there is."""
    if state.shown_run.sabotage is not None:
        return ""
    return translate("sabotage", "The shown run is not sabotaged.")


def no_repair(state: StudioState) -> str:
    """Why the shown run cannot be repaired; "" if it can."""
    if no_guess(state):
        return no_guess(state)
    if state.hidden_training is not None and state.training.active:
        return translate("sabotage", "Another training goes on: show it and stop it first.")
    if checkpoint_before(state) is None:
        return translate("sabotage", "The checkpoint before the sabotage is gone: start a new training.")
    return ""


def checkpoint_before(state: StudioState) -> int | None:
    """The index of the newest checkpoint of the shown run that the sabotage has not touched."""
    applied = state.shown_run.sabotage
    if applied is None:
        return None
    checkpoints = state.history.history_checkpoints
    return max((index for index, one in enumerate(checkpoints) if one.step <= applied.step), default=None)


def with_guess(state: StudioState, diagnostic: str) -> StudioState:
    """The state with a guess about the shown run; the first one counts."""
    run, hidden = state.shown_run, state.hidden_training
    if run.sabotage is None or run.guess:
        return state
    guessed = replace(run, guess=diagnostic)
    if hidden is None:
        return replace(state, training=guessed)
    return replace(state, hidden_training=replace(hidden, shown=guessed))
