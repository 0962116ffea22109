"""Which results of the compared runs are current, and what is shown of each run at the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.inference.requests.comparison_request import (
    ComparedAtCode,
    ComparedImage,
    ComparedMaps,
    ComparedStyles,
)
from aestudio.gui.state.model_condition import ModelCondition
from aestudio.gui.state.trained_images import are_foreign_to
from aestudio.gui.views.shared.condition_text import told_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.state.studio_state import Result, StudioState
    from aestudio.inference.conditions import ConditionRow

translate = QCoreApplication.translate


@dataclass(frozen=True, eq=False)
class AtCursor:
    """A decoded image, uint8 (C, H, W) or None, whose code it is, and what the run was told of it."""

    image: NDArray[np.uint8] | None
    whose: str
    told: str = ""


def current_result(state: StudioState, channel: str) -> Result | None:
    """The result of a channel if it is about the current runs, not about those compared before."""
    result = state.results.get(channel)
    return result if result is not None and state.shows(result.request.subject) else None


def problem_of(state: StudioState) -> str:
    """Why runs show nothing, as when they are told the class and the images have none; "" if none does."""
    for request in (ComparedImage, ComparedMaps, ComparedAtCode, ComparedStyles):
        result = current_result(state, request.channel)
        if result is not None and result.problem is not None:
            return str(result.problem)
    return ""


def at_cursor(state: StudioState, number: int) -> AtCursor:
    """What one run decodes: the code at the cursor if its length fits, else its own code of the image."""
    cursor = state.comparison.code
    if cursor is not None and len(cursor) == state.comparison.runs[number].code_length:
        return _of_cursor(state, number)
    return _of_image(state, number)


def _of_cursor(state: StudioState, number: int) -> AtCursor:
    whose = translate("ComparisonBoard", "From same code")
    decoded = current_result(state, ComparedAtCode.channel)
    if decoded is None or decoded.value is None:
        return AtCursor(None, whose)
    conditions = decoded.request.conditions
    row = conditions[number] if conditions else None
    return AtCursor(decoded.value[number], whose, _told_text(state, number, row))


def _of_image(state: StudioState, number: int) -> AtCursor:
    whose, image = translate("ComparisonBoard", "From its code"), current_result(state, ComparedImage.channel)
    if image is None or image.value is None:
        return AtCursor(None, whose)
    styles = current_result(state, ComparedStyles.channel)
    if state.comparison.condition is not None and styles is not None and styles.value is not None:
        styled, row = styles.value[number], styles.request.conditions[number]
        if styled is not None and styles.request.index == image.request.index:
            return AtCursor(styled, whose, _told_text(state, number, row))
    own = image.value[number]
    return AtCursor(own.reconstruction, whose, _told_text(state, number, own.condition))


def _told_text(state: StudioState, number: int, row: ConditionRow | None) -> str:
    run, sets = state.comparison.runs[number], state.compared_image_sets
    return told_text(ModelCondition(run.architecture, sets, foreign=are_foreign_to(run, state)), row)
