"""Sentences about compared runs: what is the same, what differs, and what links the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.recipes.differences import OBJECTIVE, same_initial_weights, value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.gui.state.comparison_state import ComparedRun
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo
    from aestudio.training.events import Ended

translate = QCoreApplication.translate


def comparison_sentence(info: SettingInfo, recipes: Sequence[Recipe]) -> str:
    """What the compared runs have in common, and what not."""
    values = [
        value_text(info, recipe.objective.kind() if info.name == OBJECTIVE else recipe.value(info.name))
        for recipe in recipes
    ]
    weights = (
        translate("CompareView", "Same initial weights.")
        if same_initial_weights(recipes)
        else translate("CompareView", "Initial weights differ.")
    )
    text = translate("CompareView", "Same data, seed and batches; only {} differs: {}. {}")
    return text.format(_lower(info), _listed(values), weights)


def _lower(info: SettingInfo) -> str:
    title = info.title
    return title if len(title) < 2 or title[1].isupper() else title[0].lower() + title[1:]


def _listed(values: Sequence[str]) -> str:
    separator = "; " if any("," in value for value in values) else ", "
    return separator.join(values)


def link(comparison: Sequence[ComparedRun], pointed: bool) -> str:
    """What links the columns: the same digit, or the same code where the codes are equally long."""
    codes = [
        compared_run.recipe for compared_run in comparison if compared_run.recipe.objective.code != "none"
    ]
    sizes = {recipe.network.latent_size for recipe in codes}
    if len(sizes) > 1:
        if len(sizes) < len(codes):
            return translate("CompareView", "Same digit in all; same code where codes are equally long.")
        return translate("CompareView", "Codes of different length: the same digit links them, no code does.")
    if pointed:
        return translate("CompareView", "Same code in all. Choose a digit to go back to its own codes.")
    return translate("CompareView", "Same digit in all. Drag in a map to point at the same code.")


def progress(compared_run: ComparedRun, step: int) -> str:
    """How far one run is; step: the current step of all runs that still train."""
    training = compared_run.training
    if training.ended is not None:
        return _ended(training.ended)
    if training.started is None:
        return translate("CompareView", "getting ready ...")
    total = training.started.epochs * training.started.steps_per_epoch
    return translate("CompareView", "step {} of {}").format(f"{step:,}", f"{total:,}")


def _ended(ended: Ended) -> str:
    words = {
        "finished": translate("CompareView", "finished at step {}"),
        "stopped": translate("CompareView", "stopped at step {}"),
        "early_stopping": translate("CompareView", "stopped early; step {} is kept"),
        "diverged": translate("CompareView", "diverged; step {} is kept"),
    }
    return words[ended.reason].format(f"{ended.step:,}")
