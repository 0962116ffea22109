"""Which sliders are shown, in which order: sorted by number or information, and filtered by text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.latent.sliders.slider_content import name_text, symbol_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aestudio.gui.views.latent.sliders.slider_content import SliderContent
    from aestudio.gui.widgets.slider_row import SliderKey

translate = QCoreApplication.translate


def ordered_keys(content: SliderContent, by_information: bool, text: str) -> tuple[SliderKey, ...]:
    """Keys of the sliders that match the filter, from the top: own directions, then axes.

    by_information: the most informative axis first, otherwise by number
    text: of the filter; each word must be part of a symbol or name, or be a slider's condition
    """
    words = text.lower().split()
    numbers: Iterable[int] = range(len(content))
    if by_information and content.statistics is not None:
        numbers = np.argsort(-content.statistics.information, kind="stable").tolist()
    silent = content.sliders.silent(len(content))
    directions: list[SliderKey] = [
        ("direction", index)
        for index, direction in enumerate(content.directions)
        if _matches(words, direction.name.lower(), set())
    ]
    return (
        *directions,
        *(
            ("axis", index)
            for index in numbers
            if not words or _matches(words, _text_of(content, index), _conditions(content, index, silent))
        ),
    )


def _text_of(content: SliderContent, index: int) -> str:
    return f"{symbol_of(content.basis, index)} {name_text(content.names, index)}".lower()


def _matches(words: Sequence[str], text: str, conditions: set[str]) -> bool:
    known = _condition_words()
    return all(known[word] in conditions if word in known else word in text for word in words)


def _condition_words() -> dict[str, str]:
    """Words of the filter for a slider's condition, in English and translated: {word: condition}."""
    conditions = {
        "active": translate("latent sliders", "active"),
        "collapsed": translate("latent sliders", "collapsed"),
        "muted": translate("latent sliders", "muted"),
        "soloed": translate("latent sliders", "soloed"),
        "locked": translate("latent sliders", "locked"),
        "silent": translate("latent sliders", "silent"),
    }
    english = {condition: condition for condition in conditions}
    return english | {word.lower(): condition for condition, word in conditions.items()}


def _conditions(content: SliderContent, index: int, silent: frozenset[int]) -> set[str]:
    sliders, statistics = content.sliders, content.statistics
    active = statistics is not None and bool(statistics.active[index])
    return {
        condition
        for condition, holds in (
            ("active", active),
            ("collapsed", statistics is not None and not active),
            ("muted", index in sliders.muted),
            ("soloed", index in sliders.soloed),
            ("locked", index in sliders.locked),
            ("silent", index in silent),
        )
        if holds
    }
