"""RateCurve: the current point, and choosing one."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from aestudio.gui.plots.rate_curve import RateCurve


@pytest.fixture
def plot(qtbot):
    made = RateCurve()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    made.set_axis_titles("Bits", "Error")
    made.set_curve(np.array([10.0, 20.0, 40.0]), np.array([0.04, 0.02, 0.01]))
    return made


def test_everything_is_in_view_from_zero(plot):
    (left, right), (low, high) = plot.view_box.viewRange()
    assert left < 10 < 40 < right
    assert low == 0
    assert high > 0.04


def test_the_current_point_is_marked(plot):
    plot.set_current(1)
    assert [array.tolist() for array in plot._current_marker.getData()] == [[20.0], [0.02]]
    plot.set_current(None)
    assert len(plot._current_marker.getData()[0]) == 0
    with pytest.raises(IndexError, match="3 points"):
        plot.set_current(3)


def test_clicking_a_point_chooses_it(plot, qtbot):
    at = plot.pixel_of(40, 0.01).toPoint()
    with qtbot.waitSignal(plot.point_chosen) as chosen:
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            event = QMouseEvent(
                kind,
                QPointF(at),
                plot.viewport().mapToGlobal(QPointF(at)),
                Qt.MouseButton.LeftButton,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QCoreApplication.sendEvent(plot.viewport(), event)
    assert chosen.args == [2]


def test_hover_reads_the_point(plot):
    plot.hover(plot.pixel_of(20, 0.02))
    assert "0.02000" in plot.read_out.text()
    plot.hover(plot.pixel_of(30, 0.04) + QPointF(0, 0))
    assert not plot.read_out.isVisible()


def test_arrays_of_different_shapes_are_refused(plot):
    with pytest.raises(ValueError, match="alike"):
        plot.set_curve(np.zeros(2), np.zeros(3))


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("size", [(600, 400), (300, 140), (260, 120)])
def test_the_value_of_the_current_point_is_never_cut(plot, index, size):
    """Also of a flat curve near the top of a small plot."""
    plot.set_curve(np.array([10.0, 20.0, 40.0]), np.array([0.1283, 0.1282, 0.1281]))
    plot.set_current(index)
    plot.resize(*size)
    QCoreApplication.processEvents()
    frame = plot.view_box.sceneBoundingRect().adjusted(-1, -1, 1, 1)
    text = plot._value.textItem
    assert frame.contains(text.mapRectToScene(text.boundingRect()))
