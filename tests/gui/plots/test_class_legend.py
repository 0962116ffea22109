"""The legend of 10, 47 and 1,200 classes takes two lines at most; names are text, whatever they contain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.map_layers import FieldImage, PointValues

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = ("<b>x</b>", "&amp;", "a &b", "two\nlines", "%1", "<img src='/etc/passwd'>", "x" * 300)


def map_of(qtbot: QtBot, names: tuple[str, ...], size: tuple[int, int], square: bool = True) -> ClassMap:
    made = ClassMap()
    qtbot.addWidget(made)
    made.set_square(square)
    made.resize(*size)
    made.show()
    qtbot.waitExposed(made)
    random = np.random.default_rng(0)
    labels = np.arange(4000) % len(names)
    made.set_points(random.normal(size=(4000, 2)).astype(np.float32), labels, names)
    return made


def numbered(count: int) -> tuple[str, ...]:
    return tuple(f"class {number}" for number in range(count))


def data_size(shown: ClassMap) -> tuple[float, float]:
    size = shown.plot.map_box.sceneBoundingRect().size()
    return size.width(), size.height()


@pytest.mark.parametrize("count", [10, 47, 1200])
@pytest.mark.parametrize("size", [(900, 560), (560, 560), (420, 640)])
def test_many_classes_do_not_squeeze_the_map(qtbot: QtBot, count: int, size: tuple[int, int]) -> None:
    shown = map_of(qtbot, numbered(count), size)
    width, height = data_size(shown)
    assert width == pytest.approx(height, abs=1)
    # What remains of the panel after axes and titles, and two lines of names or a column of them.
    assert width >= min(size[0] - 64, size[1] - 50) - 64
    assert shown.legend.geometry().intersected(shown.plot.geometry()).isEmpty()
    assert shown.rect().contains(shown.legend.geometry())


def test_a_wide_map_is_as_high_as_its_panel_allows(qtbot: QtBot) -> None:
    shown = map_of(qtbot, tuple("0123456789"), (620, 480))
    width, height = data_size(shown)
    assert height >= 420
    assert width == pytest.approx(height, abs=1)


def test_names_that_do_not_fit_scroll_to_the_focus(qtbot: QtBot) -> None:
    shown = map_of(qtbot, numbered(47), (420, 640))
    last = shown.legend.chips[-1]
    assert last.visibleRegion().isEmpty()
    shown.legend.chips[0].setFocus()
    qtbot.keyClick(shown.legend.chips[0], Qt.Key.Key_Right)
    assert shown.legend.chips[1].visibleRegion().boundingRect() == shown.legend.chips[1].rect()
    for number in range(1, 46):
        qtbot.keyClick(shown.legend.chips[number], Qt.Key.Key_Right)
    assert not last.visibleRegion().isEmpty()


def test_hundreds_of_classes_are_a_list_with_a_filter(qtbot: QtBot) -> None:
    shown = map_of(qtbot, numbered(1200), (620, 560))
    legend = shown.legend
    assert legend.chips == ()
    assert legend.list is not None
    assert legend.open_list.text() == "1,200 classes"
    qtbot.mouseClick(legend.open_list, Qt.MouseButton.LeftButton)
    assert legend.list.isVisible()
    popup = legend.list.parentWidget()
    assert popup is not None
    button = legend.open_list.rect().translated(legend.open_list.mapTo(shown, QPoint()))
    assert not popup.geometry().intersects(button), "there is space above the button"
    qtbot.keyClicks(legend.list.filter, "CLASS 119")
    model = legend.list.view.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        "class 119",
        *(f"class {number}" for number in range(1190, 1200)),
    ]
    legend.list.view.setFocus()
    legend.list.view.setCurrentIndex(model.index(0, 0))
    qtbot.keyClick(legend.list.view, Qt.Key.Key_Return)
    assert legend.shown == {119}
    assert legend.open_list.text() == "1 of 1,200 classes"
    assert len(shown.plot.cloud._xy) == int((np.arange(4000) % 1200 == 119).sum())
    legend.list.view.setCurrentIndex(model.index(1, 0))
    qtbot.keyClick(legend.list.view, Qt.Key.Key_Space)
    assert legend.shown == {119, 1190}
    qtbot.mouseClick(legend.list.all, Qt.MouseButton.LeftButton)
    assert legend.list.filter.text() == ""
    assert len(legend.shown) == 1200
    qtbot.keyClick(legend.list.filter, Qt.Key.Key_Escape)
    assert not legend.list.isVisible()


def test_a_filter_hides_no_class_of_the_map(qtbot: QtBot) -> None:
    shown = map_of(qtbot, numbered(200), (620, 560))
    legend = shown.legend
    assert legend.list is not None
    legend.list.filter.setText("nothing of this name")
    assert len(legend.shown) == 200
    qtbot.mouseClick(legend.list.all, Qt.MouseButton.LeftButton)
    assert len(legend.shown) == 200


def test_names_are_text(qtbot: QtBot) -> None:
    shown = map_of(qtbot, HOSTILE, (700, 480))
    for chip, name in zip(shown.legend.chips, HOSTILE, strict=True):
        assert chip.text() == name
        assert chip.width() < 320
    for mark, name in zip(shown._all_marks, HOSTILE, strict=True):
        assert "\n" not in mark.text
        assert len(mark.text) <= 16
        assert mark.text[:4] == name[:4].replace("\n", " ")
    for number, written in ((0, "&lt;b&gt;x&lt;/b&gt;"), (1, "&amp;amp;"), (2, "a &amp;b")):
        shown.plot.hover(shown.pixel_of_point(number))
        assert shown.plot.read_out.isVisible()
        hovered = shown.plot.read_out.text()
        assert written in hovered or shown._hovered % len(HOSTILE) != number
        assert "<b>" not in hovered
        assert "<img" not in hovered


def test_hidden_points_are_not_found(qtbot: QtBot) -> None:
    shown = map_of(qtbot, tuple("0123456789"), (620, 480))
    at = shown.pixel_of_point(7)
    shown.plot.hover(at)
    assert shown._hovered >= 0
    shown.set_point_style("hidden")
    shown.plot.hover(at)
    assert shown._hovered == -1
    assert len(shown.plot.cloud._xy) == 0
    assert shown.plot.marks._marks == ()
    shown.set_point_style("full")
    assert len(shown.plot.cloud._xy) == 4000


def test_the_list_opens_inside_the_window(qtbot: QtBot) -> None:
    shown = map_of(qtbot, numbered(300), (420, 400))
    qtbot.mouseClick(shown.legend.open_list, Qt.MouseButton.LeftButton)
    assert shown.legend.list is not None
    popup = shown.legend.list.parentWidget()
    assert popup is not None
    assert shown.rect().contains(popup.geometry())
    qtbot.mouseClick(shown.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not popup.isVisible()


@pytest.mark.parametrize(("width", "lines"), [(360, 2), (620, 1), (900, 1)])
def test_two_scales_say_their_whole_titles(qtbot: QtBot, width: int, lines: int) -> None:
    shown = map_of(qtbot, tuple("0123456789"), (width, 560))
    values = np.linspace(77, 302, 4000).astype(np.float32)
    random = np.random.default_rng(0)
    points = random.normal(size=(4000, 2)).astype(np.float32)
    shown.set_points(points, None, (), PointValues(values, "Loss of the image", "nats"))
    field = np.linspace(-12, 0, 16).reshape(4, 4).astype(np.float32)
    shown.set_field(FieldImage(field, (-1, 1, -1, 1), "Log density", "nats to the peak"))
    scales = shown.value_scale, shown.field_scale
    for scale in scales:
        assert scale.isVisible()
        assert scale.width() >= scale.whole_width
        assert shown.rect().contains(scale.geometry())
        assert not scale.geometry().intersects(shown.plot.geometry())
    assert not scales[0].geometry().intersects(scales[1].geometry())
    assert len({scale.y() for scale in scales}) == lines
    side = shown.plot.map_box.sceneBoundingRect().size()
    assert side.width() == pytest.approx(side.height(), abs=1)


@pytest.mark.parametrize("count", [47, 1200])
def test_the_names_of_many_classes_leave_room_for_the_points(qtbot: QtBot, count: int) -> None:
    shown = map_of(qtbot, numbered(count), (620, 560))
    labels, random = np.arange(4000) % count, np.random.default_rng(1)
    centres = random.uniform(-4, 4, (count, 2))
    points = centres[labels] + random.normal(size=(4000, 2)) / 2
    shown.set_points(points.astype(np.float32), labels, numbered(count))
    shown.plot.grab()
    drawn = shown.plot.marks._drawn[1]
    assert 3 <= len(drawn) <= 20
    covered = sum(
        image.deviceIndependentSize().width() * image.deviceIndependentSize().height() for _, image in drawn
    )
    width, height = data_size(shown)
    assert covered < 0.15 * width * height


def test_a_low_map_shows_all_ten_classes(qtbot: QtBot) -> None:
    """They are lower rather than out of sight: a talk is about all of them."""
    shown = map_of(qtbot, tuple("0123456789"), (548, 236))
    legend = shown.legend
    assert legend.x() > shown.plot.geometry().right(), "beside the map"

    def seen() -> bool:
        boxes = [QRect(chip.mapTo(legend, QPoint(0, 0)), chip.size()) for chip in legend.chips]
        return all(map(legend.rect().contains, boxes))

    qtbot.waitUntil(seen)
    assert all(chip.height() >= chip.fontMetrics().height() for chip in legend.chips)
    shown.resize(548, 480)
    qtbot.waitUntil(lambda: legend.chips[0].height() == 26)
