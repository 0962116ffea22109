"""Checks that nothing on the screen is cut: parts lie within what contains them, and cut texts say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from aestudio.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Iterator


def _visible(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.isWindow() and not widget.size().isEmpty():
            yield widget


def _name(widget: QWidget) -> str:
    return (
        f"{type(widget).__name__} {widget.accessibleName() or widget.objectName() or widget.toolTip()[:40]}"
    )


def beyond_parents(window: QWidget) -> list[str]:
    """Visible widgets that reach beyond their parent; what scrolls may reach beyond its view."""
    found = []
    for widget in _visible(window):
        above = widget.parentWidget()
        area = None if above is None else above.parentWidget()
        if above is None or (isinstance(area, QScrollArea) and area.widget() is widget):
            continue
        if not above.rect().contains(widget.geometry()):
            found.append(f"{_name(widget)}: {widget.geometry()} in {_name(above)} {above.size()}")
    return found


def texts_cut_silently(window: QWidget) -> list[str]:
    """Texts that are not completely visible, and that no tooltip shows completely."""
    found = []
    for widget in _visible(window):
        if isinstance(widget, ElidedLabel):
            text, cut = widget.text, widget.shown != widget.text
        elif isinstance(widget, QLabel) and widget.text():
            text, cut = widget.text(), _is_cut(widget)
        else:
            continue
        if cut and text not in widget.toolTip():
            found.append(f"{text!r} in {widget.size()}")
    return found


def _is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 1
    hint = label.sizeHint()
    return hint.width() > label.width() + 1 or hint.height() > label.height() + 1
