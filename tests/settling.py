"""Waiting until a layout is done, however long that takes: a fixed time is too short on a busy machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QRect

ROUNDS = 3  # of the event loop: a layout posts requests for others
MOST = 200  # looks at the layout: one that still changes then never rests


def settle(window: QWidget) -> None:
    """Let the event loop run until no visible part of the window changes its place any more."""
    before: list[tuple[int, QRect]] = []
    for _ in range(MOST):
        for _ in range(ROUNDS):
            QTest.qWait(0)
        now = [(id(part), part.geometry()) for part in visible_parts(window)]
        if now == before:
            return
        before = now
    raise AssertionError("the layout does not come to rest")


def visible_parts(window: QWidget) -> Iterator[QWidget]:
    """The window, and the visible widgets within it."""
    yield window
    for part in window.findChildren(QWidget):
        if part.isVisible():
            yield part
