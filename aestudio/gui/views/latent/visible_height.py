"""The visible height of a panel, as opposed to its size hint."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget


def room_height(widget: QWidget) -> int:
    """The height that can be seen of a widget: its own, or that of the scroll area it lies in."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            return min(widget.height(), above.viewport().height())
        above = above.parentWidget()
    return widget.height()
