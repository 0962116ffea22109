"""Parts that are hidden most of the time, which a new theme leaves out until they are shown again.

To dress a widget costs Qt 0.1 to 0.2 ms, and nine of ten widgets of the window are hidden at any time: views
that are not in front, sidebars, lists of choices, popups. What shows such a part dresses it first, by
`style.take_theme`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QStyle

_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
_OWN_STYLE = Qt.WidgetAttribute.WA_SetStyle  # Qt tells such a widget nothing of the application's new style

_parts: WeakKeyDictionary[QWidget, Callable[[Any], QWidget]] = WeakKeyDictionary()
_waiting: WeakSet[QWidget] = WeakSet()


def leave_until_shown(owner: QWidget, part: Callable[[Any], QWidget] = lambda owner: owner) -> None:
    """Leave a part out of new themes while it is hidden itself, not only something around it.

    part: the part of this owner, if it is not the owner; must not hold a reference to the owner
    """
    _parts[owner] = part


@contextmanager
def hidden_parts_left_out(style: QStyle) -> Iterator[set[int]]:
    """Keep the application's style from what waits until it is shown; yields the ids of its widgets.

    style: the present one, which they are taken off
    """
    left_out = list(_widgets_to_leave())
    for widget in left_out:
        if widget.testAttribute(_POLISHED):
            style.unpolish(widget)
            widget.setAttribute(_POLISHED, False)
        widget.setAttribute(_OWN_STYLE, True)
    try:
        yield {id(widget) for widget in left_out}
    finally:
        for widget in left_out:
            widget.setAttribute(_OWN_STYLE, False)


def _widgets_to_leave() -> Iterator[QWidget]:
    """All that is in hidden parts of visible windows, each widget once."""
    found: dict[int, QWidget] = {}
    for owner, part_of in list(_parts.items()):
        if not shiboken6.isValid(owner) or not owner.window().isVisible():
            continue  # who asks for sizes in a window before it is shown gets those of the present theme
        part = part_of(owner)
        if part.isHidden():
            _waiting.add(owner)
            found.update((id(widget), widget) for widget in (part, *part.findChildren(QWidget)))
    yield from (widget for widget in found.values() if not widget.testAttribute(_OWN_STYLE))


def polished(owner: QWidget) -> list[QWidget]:
    """Polish the part of this owner, if it waits for that; returns its widgets, the outer ones first."""
    if owner not in _waiting:
        return []
    part = _parts[owner](owner)
    widgets = [part, *part.findChildren(QWidget)]
    inside = {id(widget) for widget in widgets}
    for other in list(_waiting):
        if not shiboken6.isValid(other) or id(_parts[other](other)) in inside:
            _waiting.discard(other)
    waited = [widget for widget in widgets if not widget.testAttribute(_POLISHED)]
    for widget in waited:
        widget.ensurePolished()  # one that was made meanwhile
        if not widget.testAttribute(_POLISHED):
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
    return waited
