"""Words for what a conditional model was told of an image or a code, beside whatever it decoded.

The row is always that of the result that is shown: another one may be chosen already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.condition_state import model_condition, shown_kind
from aestudio.gui.widgets.plain_text import one_line
from aestudio.inference.conditions import class_of

if TYPE_CHECKING:
    from aestudio.gui.state.model_condition import ModelCondition
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.inference.conditions import ConditionRow

translate = QCoreApplication.translate

_MOST_FACTORS = 4
_LONGEST = 24  # characters of a name


def told_text(told: ModelCondition, row: ConditionRow | None) -> str:
    """What a model was told: "as 4", or "with slant 0.50, width 12.00"; "" for nothing."""
    if row is None or told.kind == "none":
        return ""
    if told.kind == "labels":
        titles, label = told.titles, class_of(row)
        title = titles[label] if label < len(titles) else str(label)
        return translate("ConditionText", "as {}").format(one_line(title, _LONGEST))
    named = zip(told.factor_names, row, strict=False)
    texts = [f"{one_line(name, _LONGEST)} {_number(value)}" for name, value in named]
    more = ", …" if len(texts) > _MOST_FACTORS else ""
    return translate("ConditionText", "with {}").format(", ".join(texts[:_MOST_FACTORS]) + more)


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def shown_text(state: StudioState, row: ConditionRow | None) -> str:
    """The same of the shown model."""
    return "" if row is None else told_text(model_condition(state), row)


def decoded_text(state: StudioState, row: ConditionRow | None) -> str:
    """A sentence on what a code was decoded as: "Decoded as 4."; "" for a model that is told nothing."""
    text = shown_text(state, row)
    return translate("ConditionText", "Decoded {}.").format(text) if text else ""


def own_text(state: StudioState) -> str:
    """What a model is told of an image of the data set, a few words; "" for nothing."""
    return {
        "none": "",
        "labels": translate("ConditionText", "told its class"),
        "factors": translate("ConditionText", "told its factors"),
    }[shown_kind(state)]


def own_sentence(state: StudioState) -> str:
    """The same as a sentence about all images."""
    return {
        "none": "",
        "labels": translate("ConditionText", "This model is told the class of each image."),
        "factors": translate("ConditionText", "This model is told the factors of each image."),
    }[shown_kind(state)]


def joined(*sentences: str) -> str:
    """Sentences one after the other, without the empty ones."""
    return " ".join(sentence for sentence in sentences if sentence)
