"""Wheel and drag keep a plot within its limits, and the view can always be reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.curves import Curve
from aestudio.gui.plots.plot_box import LEAST, MOST, PlotBox
from aestudio.gui.plots.themed_plot import ThemedPlot
from tests.gui.plots.mouse_input import check, click, double_click, drag, go_far, wheel
from tools.widget_gallery.plot_samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

KINDS = ("linear curve", "logarithmic curve", "rate curve", "map", "no data")


def _make(kind: str) -> QWidget:
    if kind == "rate curve":
        return SAMPLES["rate_curve"].make()
    if kind == "map":
        return SAMPLES["class_map"].make()
    if kind == "no data":
        return CurvePlot()
    plot = SAMPLES["curve_plot"].make()
    assert isinstance(plot, CurvePlot)
    plot.set_logarithmic(kind == "logarithmic curve")
    plot.fit()
    return plot


@pytest.fixture
def make(qtbot: QtBot) -> Callable[[str], ThemedPlot]:
    kept = []

    def made(kind: str) -> ThemedPlot:
        top = _make(kind)
        kept.append(top)
        plot = top.plot if isinstance(top, ClassMap) else top
        assert isinstance(plot, ThemedPlot)
        qtbot.addWidget(top)
        top.resize(560, 420)
        top.show()
        qtbot.waitExposed(top)
        return plot

    return made


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_mouse_and_wheel_stay_within_the_limits(kind: str, make: Callable[[str], ThemedPlot]) -> None:
    plot = make(kind)
    check(plot)
    assert not plot.moved
    go_far(plot)
    assert plot.moved


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_every_method_to_reset_the_view(kind: str, make: Callable[[str], ThemedPlot], qtbot: QtBot) -> None:
    plot = make(kind)
    plot.show_all()
    begin = np.array(plot.view_box.viewRange())
    button = plot._reset_button.button

    def by_double_click() -> None:
        double_click(plot, QPointF(200, 150))

    def by_context_menu() -> None:
        show_all = plot.offer_at(None).entries[0]
        assert not show_all.obstacle
        show_all.act()

    methods: list[Callable[[], object]] = [
        lambda: QTest.keyClick(plot, Qt.Key.Key_Home),
        lambda: QTest.mouseClick(button, Qt.MouseButton.LeftButton),
        by_double_click,
        by_context_menu,
    ]
    for reset in methods:
        wheel(plot, 5)
        drag(plot, Qt.MouseButton.MiddleButton, QPointF(40, 30))
        assert button.isVisible()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        reset()
        qtbot.waitUntil(lambda: not plot.moved, timeout=5000)
        assert not button.isVisible()
        np.testing.assert_allclose(plot.view_box.viewRange(), begin, rtol=1e-6, atol=1e-9)


def test_the_button_returns_the_focus_to_the_plot(make: Callable[[str], ThemedPlot]) -> None:
    plot = make("map")
    wheel(plot, 5)
    plot._reset_button.button.setFocus()
    QTest.keyClick(plot._reset_button.button, Qt.Key.Key_Space)
    assert not plot.moved
    assert plot.window().focusWidget() is plot


def test_the_right_button_asks_for_the_menu_when_it_is_released_where_it_was_pressed(
    make: Callable[[str], ThemedPlot],
) -> None:
    """The platform sends its own event on press or on release; the plot passes on only that of a click."""
    plot = make("map")
    asked: list[QContextMenuEvent.Reason] = []

    class Window(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QContextMenuEvent):
                asked.append(event.reason())
            return False

    above = Window(plot)
    plot.window().installEventFilter(above)
    reasons, at = QContextMenuEvent.Reason, QPoint(200, 150)
    QApplication.sendEvent(plot.viewport(), QContextMenuEvent(reasons.Mouse, at, plot.mapToGlobal(at)))
    assert asked == []
    drag(plot, Qt.MouseButton.RightButton, QPointF(40, 30))
    assert asked == []
    click(plot, Qt.MouseButton.RightButton, QPointF(200, 150))
    assert asked == [reasons.Other]
    QApplication.sendEvent(plot, QContextMenuEvent(reasons.Keyboard, at, plot.mapToGlobal(at)))
    assert asked == [reasons.Other, reasons.Keyboard]


def test_show_all_says_why_it_is_off(make: Callable[[str], ThemedPlot]) -> None:
    plot = make("rate curve")
    assert plot.offer_at(None).entries[0].obstacle == "Everything is shown."
    wheel(plot, 5)
    assert plot.offer_at(None).entries[0].obstacle == ""


def test_a_plot_has_no_hidden_menus(make: Callable[[str], ThemedPlot]) -> None:
    before = len(QApplication.allWidgets())
    plots = [make("linear curve") for _ in range(3)]
    made = len(QApplication.allWidgets()) - before
    assert made <= 3 * 16, "pyqtgraph's own item brings 60 widgets a plot"
    assert len(plots) == 3


def test_growing_curves_extend_the_limits(make: Callable[[str], ThemedPlot]) -> None:
    plot = make("no data")
    assert isinstance(plot, CurvePlot)
    x = np.arange(2000, dtype=float)
    plot.set_curves((Curve("loss", x, 1e6 * np.exp(-x / 50)),))
    plot.set_curves((Curve("loss", x * 1000, 1e-3 + 1e6 * np.exp(-x / 50)),))
    plot.show_all()
    go_far(plot, notches=60)
    plot.set_logarithmic(True)
    plot.show_all()
    go_far(plot, notches=60)
    (low, high), _ = plot.view_box.home
    assert high - low >= 1.9e6


def test_constant_and_non_finite_curves(make: Callable[[str], ThemedPlot]) -> None:
    plot = make("no data")
    assert isinstance(plot, CurvePlot)
    x = np.arange(5.0)
    for values in (
        np.full(5, 7.0),
        np.array([1.0, np.nan, np.inf, 2.0, 3.0]),
        np.full(5, 1e-300),
        np.zeros(5),
    ):
        for logarithmic in (False, True):
            plot.set_logarithmic(logarithmic)
            plot.set_curves((Curve("loss", x, values),))
            plot.show_all()
            go_far(plot, notches=60)


def test_a_locked_view_keeps_its_aspect_at_the_limits(make: Callable[[str], ThemedPlot]) -> None:
    plot = make("map")
    for notches in (-200, 400):
        wheel(plot, notches)
        width, height = plot.view_box.viewPixelSize()
        assert width == pytest.approx(height, rel=1e-6)


def test_at_its_limit_the_view_does_not_move(make: Callable[[str], ThemedPlot]) -> None:
    plot = make("linear curve")
    at = QPointF(120, 300)  # not the middle
    wheel(plot, -300, at)
    before = plot.view_box.viewRange()
    wheel(plot, -50, at)
    np.testing.assert_allclose(plot.view_box.viewRange(), before, rtol=1e-6)


def test_limits_also_apply_to_calls_of_the_view_box(qapp: QApplication) -> None:
    box = PlotBox()
    box.set_home((10.0, 20.0), (0.0, 1.0))
    box.setRange(QRectF(-1e9, 0.0, 2e9, 1e-12), padding=0)
    (left, right), (low, high) = box.viewRange()
    assert right - left == pytest.approx(MOST * 10)
    assert high - low == pytest.approx(LEAST)
    box.setXRange(12, 13, padding=0)
    assert box.viewRange()[0] == [12, 13]
    assert box.inside(QPointF(-500, 0.5)) == QPointF(0, 0.5)
    box.set_home(x=(5.0, 5.0))  # an empty range: the old one stays
    assert box.home[0] == (10.0, 20.0)
