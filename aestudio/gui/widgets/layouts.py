"""Rows and columns of widgets as one expression: what the code shows is what the window shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Fill:
    """A part that takes what room is left over, in proportion to its factor; without an item, empty room."""

    item: QWidget | QLayout | None = None
    factor: int = 1


Item = QWidget | QLayout | Fill | int


def fill(item: QWidget | QLayout | None = None, factor: int = 1) -> Fill:
    """Let this part of a row or column grow; `fill()` pushes the others together."""
    return Fill(item, factor)


def row(
    *items: Item, gap: int | None = 8, margins: int | Sequence[int] = 0, on: QWidget | None = None
) -> QHBoxLayout:
    """Lay parts out from left to right.

    items:   widgets, layouts, `fill(...)`, or the length of an empty gap
    gap:     room between two parts; None: the style's
    margins: room around all, one number or left, top, right, bottom
    on:      the widget that gets this layout; without one, the layout is a part of another one

    All lengths are in pixels at 100 %, and grow with the theme's scale as it is now.
    """
    made = QHBoxLayout() if on is None else QHBoxLayout(on)
    _add(made, items, gap, margins)
    return made


def column(
    *items: Item, gap: int | None = 8, margins: int | Sequence[int] = 0, on: QWidget | None = None
) -> QVBoxLayout:
    """Lay parts out from top to bottom; the arguments are those of `row`."""
    made = QVBoxLayout() if on is None else QVBoxLayout(on)
    _add(made, items, gap, margins)
    return made


def boxed(layout: QLayout, role: str = "") -> QWidget:
    """Put a layout into a widget of its own, which can be hidden, dressed by its role, or be a page."""
    box = QWidget()
    box.setLayout(layout)
    if role:
        set_role(box, role)
    return box


def label(text: str, role: str = "muted") -> PlainLabel:
    """A line of text in one of the theme's roles, see `set_role`."""
    made = PlainLabel(text)
    set_role(made, role)
    return made


def labelled(text: str, widget: QWidget, *, role: str = "muted", gap: int = 8) -> QHBoxLayout:
    """A widget with its name to the left of it; a screen reader reads the name."""
    name = label(text, role)
    name.setBuddy(widget)
    return row(name, widget, gap=gap)


def _add(layout: QBoxLayout, items: Sequence[Item], gap: int | None, margins: int | Sequence[int]) -> None:
    px = current_theme().px
    around = [margins] * 4 if isinstance(margins, int) else margins
    left, top, right, bottom = (px(length) for length in around)
    layout.setContentsMargins(left, top, right, bottom)
    if gap is not None:
        layout.setSpacing(px(gap))
    for item in items:
        match item:
            case int():
                layout.addSpacing(px(item))
            case Fill(QLayout() as part, factor):
                layout.addLayout(part, factor)
            case Fill(QWidget() as part, factor):
                layout.addWidget(part, factor)
            case Fill(_, factor):
                layout.addStretch(factor)
            case QLayout():
                layout.addLayout(item)
            case QWidget():
                layout.addWidget(item)
