"""Wheel and drag keep a plot within its limits, and the view can always be reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

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

# opening a menu offscreen
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)
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

    def by_right_click() -> None:
        click(plot, Qt.MouseButton.RightButton, QPointF(200, 150))
        choose_in_menu()

    def by_menu_key() -> None:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(plot, event)
        choose_in_menu()

    def choose_in_menu() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.actions()[0].trigger()
        menu.close()

    methods: list[Callable[[], object]] = [
        lambda: QTest.keyClick(plot, Qt.Key.Key_Home),
        lambda: QTest.mouseClick(button, Qt.MouseButton.LeftButton),
        by_double_click,
        by_right_click,
        by_menu_key,
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


def test_the_menu_of_a_plot_is_made_once(make: Callable[[str], ThemedPlot]) -> None:
    plot = make("rate curve")
    wheel(plot, 5)
    counts = set()
    for _ in range(20):
        plot._reset_button.open_menu(QPoint(10, 10))
        menu = QApplication.activePopupWidget()
        assert menu is not None
        menu.close()
        counts.add((len(plot.findChildren(QObject)), len(QApplication.allWidgets())))
    assert len(counts) == 1


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
