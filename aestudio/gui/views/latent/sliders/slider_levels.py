"""Sliders of a code of several levels, in groups under the names of the levels. Pure functions."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.slider_row import SliderHeading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aestudio.gui.widgets.slider_row import SliderKey
    from aestudio.recipes.latent import Level

    Item = SliderKey | SliderHeading

translate = QCoreApplication.translate


def level_of(levels: Sequence[Level], index: int) -> int:
    """The level that a number of the code belongs to, counted from 0."""
    ends = accumulate(level.size for level in levels)
    return next((number for number, end in enumerate(ends) if index < end), len(levels) - 1)


def grouped(keys: Sequence[SliderKey], levels: Sequence[Level], folded: frozenset[int]) -> tuple[Item, ...]:
    """The sliders below the headings of their levels, own directions first, in the given order within each.

    A folded level has only its heading; a level without any of these sliders has none. levels: () for no
    groups
    """
    if not levels:
        return tuple(keys)
    items: list[Item] = [key for key in keys if key[0] == "direction"]
    axes = [key for key in keys if key[0] == "axis"]
    for number, level in enumerate(levels):
        members = [key for key in axes if level_of(levels, key[1]) == number]
        if not members:
            continue
        text = translate("latent sliders", "{} · {} numbers").format(level.name, level.size)
        items.append(SliderHeading(number, text, number in folded))
        if number not in folded:
            items += members
    return tuple(items)


def page_of(items: Iterable[Item]) -> tuple[tuple[SliderKey, ...], tuple[tuple[int, SliderHeading], ...]]:
    """The sliders of a page, and its headings with the number of sliders above each."""
    keys: list[SliderKey] = []
    headings: list[tuple[int, SliderHeading]] = []
    for item in items:
        if isinstance(item, SliderHeading):
            headings.append((len(keys), item))
        else:
            keys.append(item)
    return tuple(keys), tuple(headings)
