"""Texts about compared runs: what they share, what differs, what links the columns, their progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.recipes.differences import OBJECTIVE, same_initial_weights, value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.datasets.image_shape import DataShape
    from aestudio.gui.state.comparison_state import ComparedRun
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo
    from aestudio.training.events import Ended

translate = QCoreApplication.translate


def comparison_sentence(info: SettingInfo, recipes: Sequence[Recipe], data: DataShape) -> str:
    """What the compared runs have in common, and in which setting they differ."""
    weights = (
        translate("CompareView", "; the initial weights are the same")
        if same_initial_weights(recipes, data)
        else translate("CompareView", ", and with it the initial weights")
    )
    if info.name == OBJECTIVE:  # the titles are long; the editors and columns show them
        text = translate("CompareView", "Same data, seed and batches; only the objective differs{}.")
        return text.format(weights)
    text = translate("CompareView", "Same data, seed and batches; only {} differs: {}{}.")
    values = [value_text(info, recipe.value(info.name)) for recipe in recipes]
    return text.format(_lower(info), _listed(values), weights)


def _lower(info: SettingInfo) -> str:
    title = info.title
    return title if len(title) < 2 or title[1].isupper() else title[0].lower() + title[1:]


def _listed(values: Sequence[str]) -> str:
    separator = "; " if any("," in value for value in values) else ", "
    return separator.join(values)


def link_sentence(comparison: Sequence[ComparedRun], has_cursor: bool, decoded: str = "") -> str:
    """What links the columns: the same image, or the same code for codes of equal length.

    decoded: what the user chose that conditional runs are told, "as 4"; "" for nothing
    """
    with_codes = [compared_run for compared_run in comparison if compared_run.recipe.objective.decodes]
    if only_generators(comparison):
        return _generator_sentence(with_codes, has_cursor)
    if decoded and not has_cursor:
        return _style_sentence(comparison, decoded)
    sizes = {compared_run.code_length for compared_run in with_codes}
    if len(sizes) > 1:
        if len(sizes) < len(with_codes):
            return translate("CompareView", "Same image in all; same code in those of equal code length.")
        return translate("CompareView", "Codes of different length: only the same image links them.")
    if has_cursor:
        return translate("CompareView", "Same code in all. Choose an image to return to its codes.")
    if with_codes and not any(map(_can_drag, with_codes)):
        return translate("CompareView", "Same image in all; between two entries of a code there is nothing.")
    return translate("CompareView", "Same image in all. Drag in a map to decode the same code.")


def only_generators(comparison: Sequence[ComparedRun]) -> bool:
    """Whether runs decode codes and none of them encodes images: then a random code links them."""
    decoding = [one.architecture for one in comparison if one.architecture.decodes]
    return bool(decoding) and not any(architecture.encodes for architecture in decoding)


def _can_drag(compared_run: ComparedRun) -> bool:
    """Whether a position of its map is a code."""
    return compared_run.architecture.encodes and not compared_run.architecture.latent.choices


def _generator_sentence(comparison: Sequence[ComparedRun], has_cursor: bool) -> str:
    """What links runs that do not encode images: a random code."""
    if len({compared_run.code_length for compared_run in comparison}) > 1:
        return translate("CompareView", "These models encode no images, and their codes differ in length.")
    if has_cursor:
        return translate("CompareView", "Same random code in all.")
    return translate("CompareView", "These models encode no images. The dice draws a random code for all.")


def _style_sentence(comparison: Sequence[ComparedRun], decoded: str) -> str:
    if all(one.architecture.condition_size for one in comparison if one.recipe.objective.decodes):
        text = translate("CompareView", "Same image in all, its style decoded {}.")
    else:
        text = translate("CompareView", "Same image in all, its style decoded {} by conditional runs.")
    return text.format(decoded)


def progress_text(compared_run: ComparedRun, step: int) -> str:
    """The progress of one run; step: the current step of all runs that are still training."""
    if compared_run.ended is not None:
        return _end_text(compared_run.ended)
    if compared_run.started is None:
        return translate("CompareView", "getting ready ...")
    total = compared_run.started.epochs * compared_run.started.steps_per_epoch
    return translate("CompareView", "step {} of {}").format(f"{step:,}", f"{total:,}")


def _end_text(ended: Ended) -> str:
    texts = {
        "finished": translate("CompareView", "finished at step {}"),
        "stopped": translate("CompareView", "stopped at step {}"),
        "early_stopping": translate("CompareView", "stopped early; step {} is kept"),
        "diverged": translate("CompareView", "diverged; step {} is kept"),
    }
    return texts[ended.reason].format(f"{ended.step:,}")
