"""Rows and columns of widgets as nested expressions: the code has the structure of the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import Qt


@dataclass(frozen=True)
class Fill:
    """An item that takes the remaining space, in proportion to its factor; without an item, a stretch."""

    item: QWidget | QLayout | None = None
    factor: int = 1


@dataclass(frozen=True)
class Aligned:
    """A widget of its preferred size, aligned within its cell instead of filling it."""

    widget: QWidget
    alignment: Qt.AlignmentFlag


Item = QWidget | QLayout | Fill | Aligned | int
Margins = int | tuple[int, int, int, int]


def fill(item: QWidget | QLayout | None = None, factor: int = 1) -> Fill:
    """Let an item of a row or column take the remaining space; `fill()` is a stretch."""
    return Fill(item, factor)


def aligned(widget: QWidget, alignment: Qt.AlignmentFlag) -> Aligned:
    """Align a widget in its cell of a row or column."""
    return Aligned(widget, alignment)


def row(
    *items: Item, gap: int | None = 8, margins: Margins | None = 0, on: QWidget | None = None
) -> QHBoxLayout:
    """Lay items out from left to right.

    items:   widgets, layouts, `fill(...)`, `aligned(...)`, or the length of an empty gap
    gap:     space between two items; None: the style's, or in a nested layout that of the outer one
    margins: space around all items, one number or (left, top, right, bottom); None: the style's
    on:      the widget that gets this layout; without one, the layout is an item of another layout

    All lengths are in pixels at 100 % and are multiplied by the current scale of the theme.
    """
    layout = QHBoxLayout() if on is None else QHBoxLayout(on)
    _add(layout, items, gap, margins)
    return layout


def column(
    *items: Item, gap: int | None = 8, margins: Margins | None = 0, on: QWidget | None = None
) -> QVBoxLayout:
    """Lay items out from top to bottom; the arguments are those of `row`."""
    layout = QVBoxLayout() if on is None else QVBoxLayout(on)
    _add(layout, items, gap, margins)
    return layout


def boxed(layout: QLayout, role: str = "") -> QWidget:
    """Wrap a layout in a new widget, which can be hidden, have a role, or be a page."""
    box = QWidget()
    box.setLayout(layout)
    if role:
        set_role(box, role)
    return box


def label(text: str, role: str = "muted") -> PlainLabel:
    """A label in one of the roles of the theme, see `set_role`."""
    widget = PlainLabel(text)
    set_role(widget, role)
    return widget


def labelled(text: str, widget: QWidget, *, role: str = "muted", gap: int = 8) -> QHBoxLayout:
    """A widget with its label on the left; screen readers read the label."""
    name = label(text, role)
    name.setBuddy(widget)
    return row(name, widget, gap=gap)


def _add(layout: QBoxLayout, items: Sequence[Item], gap: int | None, margins: Margins | None) -> None:
    px = current_theme().px
    if margins is not None:
        sides = (margins,) * 4 if isinstance(margins, int) else margins
        layout.setContentsMargins(*map(px, sides))
    if gap is not None:
        layout.setSpacing(px(gap))
    _add_items(layout, items)


def _add_items(layout: QBoxLayout, items: Sequence[Item]) -> None:
    px = current_theme().px
    for item in items:
        match item:
            case int():
                layout.addSpacing(px(item))
            case Fill(QLayout() as filling, factor):
                layout.addLayout(filling, factor)
            case Fill(QWidget() as filling, factor):
                layout.addWidget(filling, factor)
            case Fill(_, factor):
                layout.addStretch(factor)
            case Aligned(widget, alignment):
                layout.addWidget(widget, 0, alignment)
            case QLayout():
                layout.addLayout(item)
            case QWidget():
                layout.addWidget(item)
