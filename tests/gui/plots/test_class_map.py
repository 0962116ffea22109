"""ClassMap: points, hidden classes, and a cursor that follows the left button."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.class_marks import class_marks, moved_apart, not_overlapping
from aestudio.gui.plots.map_layers import PointValues, Trail
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from tests.settling import settle
from tools.widget_gallery.sample_curves import sample_map

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
        QEvent.Type.MouseMove,
        where,
        port.mapToGlobal(where),
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )
    QCoreApplication.sendEvent(port, event)


def test_points_appear_in_their_class_colour(shown):
    three_points(shown)
    shown.plot.marks.set_marks(())
    image = shown.plot.grab().toImage()
    at = shown.plot.pixel_of(0, 4).toPoint()
    seen = {image.pixelColor(at + QPoint(dx, dy)).name() for dx in range(-3, 4) for dy in range(-3, 4)}
    # the third point has the last of the three shades, which go towards the ink
    assert mix(current_theme().class_colours[1], current_theme().text, 0.18) in seen


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


def test_in_pan_mode_the_left_button_moves_the_map(shown):
    three_points(shown)
    before = shown.plot.view_box.viewRect()
    QTest.keyPress(shown.plot, Qt.Key.Key_Space)
    drag(shown.plot, shown.plot.pixel_of(1, 1), shown.plot.pixel_of(2, 1), Qt.MouseButton.LeftButton)
    QTest.keyRelease(shown.plot, Qt.Key.Key_Space)
    assert shown.plot.view_box.viewRect().left() < before.left() - 0.5
    assert not shown.plot.map_box.pan_mode


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


def test_non_finite_points_are_harmless(shown):
    xy = np.array([[np.nan, 0], [1, np.inf], [2, 2]], np.float32)
    shown.set_points(xy, np.array([0, 1, -1]), ("a", "b"))
    shown.grab()
    shown.set_points(np.empty((0, 2), np.float32), np.empty(0, np.int64), ("a", "b"))
    shown.grab()
    with pytest.raises(ValueError, match="N, 2"):
        shown.set_points(np.zeros((3, 3), np.float32), None, ())


def test_small_movements_of_points_do_not_move_the_view(shown):
    xy, labels = sample_map(3000)
    shown.set_points(xy, labels, NAMES)
    before = shown.plot.view_box.viewRect()
    shown.set_points(xy * 0.9, labels, NAMES)
    assert shown.plot.view_box.viewRect() == before
    shown.set_points(xy * 3, labels, NAMES)
    assert shown.plot.view_box.viewRect().width() > 2 * before.width()


def test_the_image_is_drawn_again_only_after_a_change(shown, monkeypatch):
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


def test_a_path_is_drawn_and_removed(shown):
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
    positions = moved_apart(np.zeros((4, 2)), np.full((4, 2), 20.0), rounds=400)
    apart = np.abs(positions[:, None] - positions[None]).max(axis=2) + np.eye(4) * 100
    assert apart.min() > 15


def test_of_many_names_the_largest_classes_have_theirs_and_none_overlap():
    random = np.random.default_rng(3)
    centres, sizes = random.uniform(0, 300, (400, 2)), np.full((400, 2), 24.0)
    order = random.permutation(400)
    kept = not_overlapping(centres, sizes, order)
    assert kept[0] == order[0]
    apart = np.abs(centres[kept][:, None] - centres[kept][None]).max(axis=2) + 100 * np.eye(len(kept))
    assert apart.min() >= 24
    for left_out in set(range(400)) - set(kept):
        nearest = np.abs(centres[kept] - centres[left_out]).max(axis=1)
        assert nearest.min() < 24


def test_twelve_hundred_classes_have_marks_as_few_have():
    random = np.random.default_rng(4)
    xy, labels = random.normal(size=(9000, 2)).astype(np.float32), random.integers(-1, 1201, 9000)
    marks = class_marks(xy, labels, tuple(map(str, range(1200))))
    assert [mark.label for mark in marks] == sorted(set(labels.tolist()) - {-1, 1200})
    for mark in marks[::97]:
        members = xy[labels == mark.label]
        assert mark.count == len(members)
        away = ((members - np.median(members, axis=0)) ** 2).sum(axis=1)
        assert (mark.x, mark.y) == tuple(members[away.argmin()].tolist())


# ---- colours by number, the legend's keys, the lasso, motion, thumbnails ------------------------------


def one_class_each(shown):
    """Four points in the corners of a square, of two classes."""
    xy = np.array([[0, 0], [4, 0], [0, 4], [4, 4]], np.float32)
    shown.set_points(xy, np.array([0, 1, 1, 0]), ("zero", "one"))
    settle(shown)  # the layout with the legend
    return xy


def around(shown, *corners):
    """The corners in the plot's pixels."""
    return [shown.plot.pixel_of(*corner) for corner in corners]


def draw_lasso(shown, corners, keys=Qt.KeyboardModifier.NoModifier):
    port, points = shown.plot.viewport(), [point.toPoint() for point in around(shown, *corners)]
    left = Qt.MouseButton.LeftButton
    press, move, release = (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonRelease,
    )
    kinds = (press, *[move] * len(points), release)
    for kind, at in zip(kinds, (points[0], *points, points[-1]), strict=True):
        held = Qt.MouseButton.NoButton if kind == release else left
        cause = Qt.MouseButton.NoButton if kind == move else left
        where = QPointF(at)
        QTest.qWait(12)  # pyqtgraph handles a hundred movements a second
        QCoreApplication.sendEvent(port, QMouseEvent(kind, where, port.mapToGlobal(where), cause, held, keys))


LEFT_HALF = [(-0.15, -0.15), (1, -0.15), (1, 4.15), (-0.15, 4.15)]
LOWER_HALF = [(-0.15, -0.15), (4.15, -0.15), (4.15, 1), (-0.15, 1)]


def caught(shown):
    found = []
    shown.lasso_drawn.connect(lambda indices: found.append(indices.tolist()) or shown.set_selection(indices))
    return found


def test_a_lasso_selects_adds_and_removes(shown):
    one_class_each(shown)
    found = caught(shown)
    shown.set_lasso(True)
    draw_lasso(shown, LEFT_HALF)
    draw_lasso(shown, LOWER_HALF, Qt.KeyboardModifier.ShiftModifier)
    draw_lasso(shown, LEFT_HALF, Qt.KeyboardModifier.AltModifier)
    assert found == [[0, 2], [0, 1, 2], [1]]
    assert not shown.plot.lasso.on, "it was for the first outline; Shift and Alt go on without it"
    QTest.keyClick(shown.plot, Qt.Key.Key_Escape)
    assert found[-1] == []


def test_a_lasso_does_not_move_the_cursor_or_select_hidden_points(shown, qtbot):
    one_class_each(shown)
    found, moves = caught(shown), []
    shown.cursor_moved.connect(lambda x, y: moves.append((x, y)))
    qtbot.mouseClick(shown.legend.chips[1], Qt.MouseButton.LeftButton)
    shown.set_lasso(True)
    draw_lasso(shown, LEFT_HALF)
    assert (found, moves, shown.plot.lasso.on) == ([[0]], [], False)
    draw_lasso(shown, LEFT_HALF)
    assert (len(found), len(moves) > 0) == (1, True)


def test_a_lasso_is_drawn_by_keys_alone(shown):
    one_class_each(shown)
    found, switched = caught(shown), []
    shown.lasso_switched.connect(switched.append)
    shown.set_cursor(-0.5, -0.5)
    keys = Qt.Key
    QTest.keyClick(shown.plot, keys.Key_L)
    QTest.keyClick(shown.plot, keys.Key_Return)
    for key, times in ((keys.Key_Right, 15), (keys.Key_Up, 15), (keys.Key_Left, 15)):
        for _ in range(times):
            QTest.keyClick(shown.plot, key)
    QTest.keyClick(shown.plot, keys.Key_Return)
    assert (found, switched) == ([[0]], [True, False])
    QTest.keyClick(shown.plot, keys.Key_Escape)
    assert found[-1] == []
    QTest.keyClick(shown.plot, keys.Key_L)
    QTest.keyClick(shown.plot, keys.Key_Escape)
    assert (found[-1], switched) == ([], [True, False] * 2)


def test_an_outline_around_nothing_leaves_the_lasso_on(shown):
    one_class_each(shown)
    found = caught(shown)
    shown.set_lasso(True)
    middle = [(0.45, 0.45), (0.55, 0.45), (0.55, 0.55), (0.45, 0.55)]
    draw_lasso(shown, middle)
    assert (found, shown.plot.lasso.on) == ([[]], True)


def test_a_selection_changes_the_colours(shown):
    one_class_each(shown)
    before = shown.plot.cloud._colours.copy()
    shown.set_selection(np.array([2, 99]))
    assert shown.plot.cloud._which.tolist() == [0, 1, 3, 2]
    assert shown.plot.cloud._colours[-1] == before[2]
    assert set(shown.plot.cloud._colours[:3].tolist()).isdisjoint(before.tolist())
    shown.set_selection(None)
    np.testing.assert_array_equal(shown.plot.cloud._colours, before)


def test_the_legend_shows_one_class_and_all_again(shown, qtbot):
    three_points(shown)
    [zero, one] = shown.legend.chips
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(one, left, Qt.KeyboardModifier.ShiftModifier)
    assert shown.legend.shown == {1}
    qtbot.mouseClick(one, left, Qt.KeyboardModifier.ShiftModifier)
    assert shown.legend.shown == {0, 1}
    for expected in ({0}, {0, 1}):
        QTest.mouseClick(zero, left)
        QTest.mouseDClick(zero, left)
        QTest.mouseRelease(zero, left)  # QTest does not send it
        assert shown.legend.shown == expected
    for expected in ({0}, {0, 1}):
        qtbot.keyClick(zero, Qt.Key.Key_Return)
        assert shown.legend.shown == expected
    qtbot.keyClick(zero, Qt.Key.Key_Space)
    assert shown.legend.shown == {1}


def test_colour_by_number_has_a_scale_in_place_of_the_legend(shown):
    xy, labels = sample_map(500)
    values = PointValues(np.linspace(80, 200, 500, dtype=np.float32), "Loss", "nats")
    shown.set_points(xy, labels, NAMES, values)
    assert shown.value_scale.isVisible()
    assert not shown.legend.isVisible()
    inks = shown.plot.cloud._colours
    assert inks[0] != inks[-1]
    shown.plot.hover(shown.pixel_of_point(7))
    assert "nats" in shown.plot.read_out.text()
    shown.set_points(xy, labels, NAMES)
    assert shown.legend.isVisible()
    assert not shown.value_scale.isVisible()
    with pytest.raises(ValueError, match="values"):
        shown.set_points(xy[:9], labels[:9], NAMES, values)


def test_the_same_points_are_animated_and_others_jump(shown, qtbot):
    xy, labels = sample_map(300)
    shown.set_points(xy, labels, NAMES)
    settle(shown)  # the layout with the legend
    assert not shown.plot.user_active
    shown.set_points(xy * 0.9, labels, NAMES)
    np.testing.assert_array_equal(shown.plot.cloud._xy, xy)
    qtbot.waitUntil(lambda: np.array_equal(shown.plot.cloud._xy, xy * np.float32(0.9)))
    shown.set_points(xy[:200], labels[:200], NAMES)
    np.testing.assert_array_equal(shown.plot.cloud._xy, xy[:200])


def test_no_animation_while_the_user_drags(shown):
    xy, labels = sample_map(300)
    shown.set_points(xy, labels, NAMES)
    port, at = shown.plot.viewport(), QPoint(200, 200)
    shown.set_points(xy * 0.9, labels, NAMES)
    QTest.mousePress(port, Qt.MouseButton.RightButton, pos=at)
    np.testing.assert_array_equal(shown.plot.cloud._xy, xy * np.float32(0.9))
    shown.set_points(xy * 0.8, labels, NAMES)
    np.testing.assert_array_equal(shown.plot.cloud._xy, xy * np.float32(0.8))
    QTest.mouseRelease(port, Qt.MouseButton.RightButton, pos=at)


def test_zooming_in_turns_points_into_digits(shown):
    xy, labels = sample_map(4000)
    shown.set_points(xy, labels, NAMES)
    shown.set_images(lambda which: np.full((len(which), 1, 28, 28), 200, np.uint8))
    shown.grab()
    assert shown.plot.cloud.images_shown == 0
    shown.plot.map_box.scaleBy((0.1, 0.1), center=QPointF(*xy[5].tolist()))
    image = shown.plot.grab().toImage()
    cloud = shown.plot.cloud
    assert cloud.images_shown > 5
    at = shown.pixel_of_point(5)
    found = cloud.image_at(at)
    assert found >= 0
    corner = shown.pixel_of_point(found)
    assert image.pixelColor(corner.toPoint()).name() == "#c8c8c8"
    shown.plot.hover(at)
    assert shown._hovered == found
    shown.set_images(None)
    shown.grab()
    assert cloud.images_shown == 0


def test_a_picture_that_is_still_drawn_of_a_point_that_has_gone_is_not_hovered(shown):
    """The map of fewer images is set while the mouse rests; until the next paint the old pictures stand."""
    xy, labels = sample_map(30)
    shown.set_points(xy, labels, NAMES)
    shown.set_images(lambda which: np.full((len(which), 1, 28, 28), 200, np.uint8))
    shown.grab()
    drawn = shown.plot.cloud._drawn[1].which
    gone = int(drawn[drawn >= 10][0])
    at = shown.pixel_of_point(gone)
    shown.plot.hover(at)
    assert shown._hovered == gone
    hovered = []
    shown.point_hovered.connect(hovered.append)
    shown.set_points(xy[:10], labels[:10], NAMES)
    assert shown.plot.cloud.image_at(at) == gone, "nothing was painted yet"
    shown.plot.hover(at)
    assert shown._hovered < 10
    assert all(index < 10 for index in hovered)
    shown.grab()
    assert shown.plot.cloud.image_at(at) < 10


def test_thumbnails_in_colour_that_are_not_square(shown):
    colour = np.array([200, 30, 90], np.uint8)
    xy, labels = sample_map(30)
    shown.set_points(xy, labels, NAMES)
    shown.set_images(lambda which: np.broadcast_to(colour[:, None, None], (len(which), 3, 40, 12)))
    image = shown.plot.grab().toImage()
    cloud = shown.plot.cloud
    assert cloud.images_shown > 3
    height, width = cloud._drawn[1].tile
    assert height > 2 * width
    assert cloud.image_side == height
    found = int(cloud._drawn[1].which[0])
    at = shown.pixel_of_point(found)
    assert image.pixelColor(at.toPoint()).name() == "#c81e5a"
    assert cloud.image_at(at + QPointF(0, 0.4 * height)) == found
    assert cloud.image_at(at + QPointF(0.4 * height, 0)) != found


def test_trails_and_the_ellipse_are_drawn_and_removed(shown):
    three_points(shown)
    plain = shown.grab().toImage()
    shown.set_trails((Trail(np.array([[0, 0], [2, 2]], np.float32), "A", np.eye(2)),))
    trail = shown.grab().toImage()
    shown.set_ellipse((2.0, 2.0), np.eye(2) * 0.1)
    both = shown.grab().toImage()
    assert plain != trail != both
    shown.set_trails(())
    shown.set_ellipse(None, None)
    assert shown.grab().toImage() == plain
