"""The visible part of a panel, as opposed to its size hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QSize


def scroll_area_around(widget: QWidget) -> QScrollArea | None:
    """The innermost scroll area that a widget is in."""
    ancestor = widget.parentWidget()
    while ancestor is not None and not isinstance(ancestor, QScrollArea):
        ancestor = ancestor.parentWidget()
    return ancestor


def visible_height(widget: QWidget) -> int:
    """Height of the visible part of a widget in pixels: its own, or that of the scroll area around it."""
    area = scroll_area_around(widget)
    return widget.height() if area is None else min(widget.height(), area.viewport().height())


def given_size(widget: QWidget) -> QSize:
    """The size in pixels that a widget is given: that of the scroll area around it, without scroll bars.

    It does not depend on how the widget is laid out, as its own size does if that is larger.
    """
    area = scroll_area_around(widget)
    return widget.size() if area is None else area.maximumViewportSize()
