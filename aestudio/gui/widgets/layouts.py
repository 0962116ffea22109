"""Rows and columns of widgets as nested expressions: the code has the structure of the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from aestudio.gui.theme.style import current_theme, keep_spaces, set_role
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import Qt

    from aestudio.gui.theme.tokens import Theme


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

    All lengths are in pixels at 100 % and are multiplied by the scale of the theme, now and when it changes.
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
    _add_items(layout, items)
    sides = (margins, margins, margins, margins) if isinstance(margins, int) else margins
    gaps = tuple(item for item in items if isinstance(item, int))
    keep_spaces(layout, _Spaces(gap, sides, gaps))


class _Spaces:
    """The spaces of a row or column, in every size of type; what others have set since stays as it is."""

    def __init__(
        self, gap: int | None, sides: tuple[int, int, int, int] | None, gaps: tuple[int, ...]
    ) -> None:
        self._gap, self._sides, self._gaps = gap, sides, gaps
        self._theme: Theme | None = None

    def __call__(self, layout: QBoxLayout, theme: Theme) -> None:
        before, self._theme = self._theme, theme
        if before is not None and before.scale == theme.scale:
            return
        if self._sides is not None:
            margins = QMargins(*map(theme.px, self._sides))
            if before is None or layout.contentsMargins() == QMargins(*map(before.px, self._sides)):
                layout.setContentsMargins(margins)
        if self._gap is not None and (before is None or layout.spacing() == before.px(self._gap)):
            layout.setSpacing(theme.px(self._gap))
        if before is not None and self._gaps:
            self._set_gaps(layout, theme)

    def _set_gaps(self, layout: QBoxLayout, theme: Theme) -> None:
        across = layout.direction() in (
            QBoxLayout.Direction.LeftToRight,
            QBoxLayout.Direction.RightToLeft,
        )
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum
        spacers = [
            item.spacerItem() for item in map(layout.itemAt, range(layout.count())) if item is not None
        ]
        lengths = [spacer for spacer in spacers if spacer is not None and not spacer.sizeHint().isNull()]
        if len(lengths) != len(self._gaps):
            return  # somebody has taken or added one
        for spacer, gap in zip(lengths, self._gaps, strict=True):
            length = theme.px(gap)
            if across:
                spacer.changeSize(length, 0, fixed, free)
            else:
                spacer.changeSize(0, length, free, fixed)
        layout.invalidate()


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
