"""The visible part of a panel, as opposed to its size hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
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


class GivenSizeWatch(QObject):
    """Tells when what `given_size` returns changes: a view that scrolls keeps its own size in a lower window.

    changed(): after the widget was shown, and whenever the scroll area around it was resized
    Keep a reference to it: without one, PySide forgets its attributes.
    """

    changed = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the scroll area when the widget is shown; let all events pass.

        The viewport is not kept: PySide may forget the object of a widget that only Qt made, and an error
        in an event filter ends the process.
        """
        is_widget = watched is self.parent()
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and is_widget:
            area = scroll_area_around(watched)
            if area is not None:
                area.viewport().installEventFilter(self)  # again it changes nothing
            self.changed.emit()
        elif event.type() == QEvent.Type.Resize and not is_widget:
            self.changed.emit()
        return super().eventFilter(watched, event)
