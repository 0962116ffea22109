"""ClassMap: points where they belong, classes that hide, and a cursor that follows the left button."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.class_marks import class_marks, moved_apart
from aestudio.gui.plots.samples import sample_map
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix

NAMES = tuple("0123456789")


@pytest.fixture
def shown(qtbot):
    made = ClassMap()
    qtbot.addWidget(made)
    made.resize(600, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def three_points(shown):
    xy = np.array([[0, 0], [4, 0], [0, 4]], np.float32)
    shown.set_points(xy, np.array([0, 1, 1]), ("zero", "one"))
    return xy


def drag(plot, start, end, button, steps=4):
    port = plot.viewport()
    points = [start + (end - start) * (step / steps) for step in range(steps + 1)]
    QTest.mousePress(port, button, pos=points[0].toPoint())
    for point in points[1:]:
        _move(port, point.toPoint(), button)
    QTest.mouseRelease(port, button, pos=points[-1].toPoint())


def _move(port, at: QPoint, button):
    where = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, port.mapToGlobal(where), Qt.MouseButton.NoButton, button,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QCoreApplication.sendEvent(port, event)


def test_points_appear_in_their_class_colour(shown):
    three_points(shown)
    shown.plot.marks.set_marks(())
    picture = shown.plot.grab().toImage()
    at = shown.plot.pixel_of(0, 4).toPoint()
    seen = {picture.pixelColor(at + QPoint(dx, dy)).name() for dx in range(-3, 4) for dy in range(-3, 4)}
    # the third point has the palest of the three shades
    assert mix(current_theme().class_colours[1], current_theme().panel, 0.28) in seen


def test_the_aspect_is_equal_and_everything_is_inside(shown):
    xy, labels = sample_map(2000)
    shown.set_points(xy, labels, NAMES)
    width, height = shown.plot.view_box.viewPixelSize()
    assert width == pytest.approx(height)
    view = shown.plot.view_box.viewRect()
    inner = xy[
        (xy > np.quantile(xy, 0.002, axis=0)).all(axis=1) & (xy < np.quantile(xy, 0.998, axis=0)).all(axis=1)
    ]
    assert (inner[:, 0] > view.left()).all()
    assert (inner[:, 1] < view.bottom()).all()


def test_dragging_left_moves_the_cursor_and_not_the_map(shown, qtbot):
    three_points(shown)
    before = shown.plot.view_box.viewRect()
    moves = []
    shown.cursor_moved.connect(lambda x, y: moves.append((x, y)))
    drag(shown.plot, shown.plot.pixel_of(1, 1), shown.plot.pixel_of(3, 2), Qt.MouseButton.LeftButton)
    assert moves[-1] == pytest.approx((3, 2), abs=0.05)
    assert shown.plot.cross == moves[-1]
    assert shown.plot.view_box.viewRect() == before


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_dragging_with_another_button_moves_the_map(shown, button):
    three_points(shown)
    before = shown.plot.view_box.viewRect()
    moves = []
    shown.cursor_moved.connect(lambda x, y: moves.append((x, y)))
    drag(shown.plot, shown.plot.pixel_of(1, 1), shown.plot.pixel_of(2, 1), button)
    assert moves == []
    assert shown.plot.view_box.viewRect().left() < before.left() - 0.5
    shown.fit()
    assert shown.plot.view_box.viewRect().left() == pytest.approx(before.left())


def test_the_hand_makes_left_move_the_map(shown):
    three_points(shown)
    before = shown.plot.view_box.viewRect()
    QTest.keyPress(shown.plot, Qt.Key.Key_Space)
    drag(shown.plot, shown.plot.pixel_of(1, 1), shown.plot.pixel_of(2, 1), Qt.MouseButton.LeftButton)
    QTest.keyRelease(shown.plot, Qt.Key.Key_Space)
    assert shown.plot.view_box.viewRect().left() < before.left() - 0.5
    assert not shown.plot.map_box.hand


def test_hover_and_click_name_the_point(shown, qtbot):
    three_points(shown)
    with qtbot.waitSignal(shown.point_hovered) as hovered:
        shown.plot.hover(shown.plot.pixel_of(4, 0) + QPointF(3, 0))
    assert hovered.args == [1]
    assert "one" in shown.plot.read_out.text()
    with qtbot.waitSignal(shown.point_hovered) as hovered:
        shown.plot.hover(shown.plot.pixel_of(2, 2))
    assert hovered.args == [-1]
    with qtbot.waitSignals([shown.point_selected, shown.cursor_moved]):
        QTest.mouseClick(
            shown.plot.viewport(), Qt.MouseButton.LeftButton, pos=shown.plot.pixel_of(0, 4).toPoint()
        )


def test_arrow_keys_move_the_cursor(shown, qtbot):
    three_points(shown)
    shown.set_cursor(1, 1)
    with qtbot.waitSignal(shown.cursor_moved) as moved:
        QTest.keyClick(shown.plot, Qt.Key.Key_Right)
    assert moved.args[0] > 1
    assert moved.args[1] == 1


def test_the_legend_hides_classes(shown, qtbot):
    three_points(shown)
    [zero, one] = shown.legend.chips
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
    assert shown.legend.shown == {0}
    assert len(shown.plot.cloud._xy) == 1
    shown.plot.hover(shown.plot.pixel_of(4, 0))
    assert not shown.plot.read_out.isVisible()
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    assert len(shown.plot.cloud._xy) == 2 + (0 in shown.legend.shown)
    assert zero.accessibleName() == "Show zero"


def test_without_labels_there_is_no_legend(shown):
    shown.set_points(np.zeros((5, 2), np.float32), None, NAMES)
    assert not shown.legend.isVisible()
    assert len(set(shown.plot.cloud._colours.tolist())) == 1


def test_strange_points_are_harmless(shown):
    xy = np.array([[np.nan, 0], [1, np.inf], [2, 2]], np.float32)
    shown.set_points(xy, np.array([0, 1, -1]), ("a", "b"))
    shown.grab()
    shown.set_points(np.empty((0, 2), np.float32), np.empty(0, np.int64), ("a", "b"))
    shown.grab()
    with pytest.raises(ValueError, match="N, 2"):
        shown.set_points(np.zeros((3, 3), np.float32), None, ())


def test_the_view_stands_still_while_points_move_a_little(shown):
    xy, labels = sample_map(3000)
    shown.set_points(xy, labels, NAMES)
    before = shown.plot.view_box.viewRect()
    shown.set_points(xy * 0.9, labels, NAMES)
    assert shown.plot.view_box.viewRect() == before
    shown.set_points(xy * 3, labels, NAMES)
    assert shown.plot.view_box.viewRect().width() > 2 * before.width()


def test_the_picture_is_drawn_again_only_when_it_must(shown, monkeypatch):
    xy, labels = sample_map(1000)
    shown.set_points(xy, labels, NAMES)
    shown.grab()
    drawn = []
    original = shown.plot.cloud._draw
    monkeypatch.setattr(shown.plot.cloud, "_draw", lambda *a: drawn.append(1) or original(*a))
    shown.set_cursor(0, 0)
    shown.grab()
    assert drawn == []
    shown.plot.view_box.translateBy(x=0.1)
    shown.grab()
    assert drawn


def test_a_path_is_drawn_and_taken_away(shown):
    three_points(shown)
    plain = shown.grab().toImage()
    shown.set_path(np.array([[0, 0], [4, 4]], np.float32))
    assert shown.grab().toImage() != plain
    shown.set_path(None)
    assert shown.grab().toImage() == plain


def test_each_class_is_named_at_one_of_its_points():
    xy, labels = sample_map(2000)
    marks = class_marks(xy, labels, NAMES)
    assert [mark.text for mark in marks] == list(NAMES)
    for mark in marks:
        assert (xy[labels == mark.label] == (np.float32(mark.x), np.float32(mark.y))).all(axis=1).any()


def test_names_are_pushed_apart():
    places = moved_apart(np.zeros((4, 2)), np.full((4, 2), 20.0), rounds=400)
    apart = np.abs(places[:, None] - places[None]).max(axis=2) + np.eye(4) * 100
    assert apart.min() > 15
