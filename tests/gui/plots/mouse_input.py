"""Simulated mouse and wheel input for plots, and a check of the limits of the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from aestudio.gui.plots.plot_box import LEAST, MOST

if TYPE_CHECKING:
    from aestudio.gui.plots.themed_plot import ThemedPlot

NOTCHES = 400
MOST_TICKS = 60  # of an axis as long as a large screen


def wheel(plot: ThemedPlot, notches: int, at: QPointF | None = None) -> None:
    """Turn the wheel by `notches`, one at a time; negative ones zoom out."""
    port = plot.viewport()
    place = at or QPointF(port.width() / 2, port.height() / 2)
    step = QPoint(0, 120 if notches > 0 else -120)
    for _ in range(abs(notches)):
        event = QWheelEvent(
            place,
            port.mapToGlobal(place),
            QPoint(),
            step,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(port, event)


def drag(plot: ThemedPlot, button: Qt.MouseButton, by: QPointF) -> None:
    """From the middle of the plot, in three moves."""
    port = plot.viewport()
    start = QPointF(port.width() / 2, port.height() / 2)
    none = Qt.MouseButton.NoButton
    _mouse(plot, QEvent.Type.MouseButtonPress, start, button, button)
    for part in (0.3, 0.6, 1.0):
        _mouse(plot, QEvent.Type.MouseMove, start + by * part, none, button)
    _mouse(plot, QEvent.Type.MouseButtonRelease, start + by, button, none)


def click(plot: ThemedPlot, button: Qt.MouseButton, at: QPointF) -> None:
    """Press and release the button."""
    _mouse(plot, QEvent.Type.MouseButtonPress, at, button, button)
    _mouse(plot, QEvent.Type.MouseButtonRelease, at, button, Qt.MouseButton.NoButton)


def double_click(plot: ThemedPlot, at: QPointF) -> None:
    """With the left button, with the events that the platform sends."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for press in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        _mouse(plot, press, at, left, left)
        _mouse(plot, QEvent.Type.MouseButtonRelease, at, left, none)


def _mouse(
    plot: ThemedPlot, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton
) -> None:
    port = plot.viewport()
    event = QMouseEvent(kind, at, port.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(port, event)


def check(plot: ThemedPlot) -> None:
    """The view is within its limits, and its axes have few numbers, all different."""
    shown = plot.view_box.viewRange()
    shares, away = [], []
    for (low, high), (first, last) in zip(shown, plot.view_box.home, strict=True):
        assert np.isfinite([low, high]).all()
        shares.append((high - low) / (last - first))
        away.append(abs((low + high - first - last) / 2) / (last - first))
    if plot.view_box.state["aspectLocked"] is False:
        assert max(shares) <= MOST * 1.001
        assert max(away) <= 1.501
    assert min(shares) <= MOST * 1.001
    assert min(shares) >= LEAST * 0.999
    for axis, (low, high) in zip((plot.bottom_axis, plot.left_axis), shown, strict=True):
        length = max(plot.width(), plot.height())
        numbers = [value for _, level in axis.tickValues(low, high, length) for value in level]
        texts = axis.tickStrings(numbers, 1.0, 1.0)
        assert len(texts) <= MOST_TICKS
        assert len(set(texts)) == len(texts)


def go_far(plot: ThemedPlot, notches: int = NOTCHES) -> None:
    """Zoom and pan far away in every way, and check each; in the end the view is changed."""
    left, right, middle = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
    below = QPointF(plot.viewport().width() / 2, plot.viewport().height() - 4)
    beside = QPointF(4, plot.viewport().height() / 2)
    for turned in (-notches, notches, -notches):
        wheel(plot, turned)
        check(plot)
    for at in (below, beside):
        for turned in (-notches // 4, notches // 4):
            wheel(plot, turned, at)
            check(plot)
    for step in (QPointF(4000, 2500), QPointF(-9000, -9000), QPointF(9000, 0), QPointF(0, 9000)):
        for button in (middle, right, left):
            drag(plot, button, step)
            check(plot)
    drag(plot, middle, QPointF(30, 20))
    wheel(plot, 3)
    check(plot)
