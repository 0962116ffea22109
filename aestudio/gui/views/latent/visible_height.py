"""The visible height of a panel, as opposed to its size hint."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget


def visible_height(widget: QWidget) -> int:
    """Height of the visible part of a widget in pixels: its own, or that of the scroll area around it."""
    ancestor = widget.parentWidget()
    while ancestor is not None:
        if isinstance(ancestor, QScrollArea):
            return min(widget.height(), ancestor.viewport().height())
        ancestor = ancestor.parentWidget()
    return widget.height()
