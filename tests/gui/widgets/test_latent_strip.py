"""One slider with its box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton

from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.latent_strip import LatentStrip
from aestudio.gui.widgets.number_box import NumberBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def strip(qtbot: QtBot) -> LatentStrip:
    made = LatentStrip("z1", -2.0, 2.0)
    qtbot.addWidget(made)
    made.resize(400, 40)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.fixture
def heard(strip: LatentStrip) -> list[float]:
    values: list[float] = []
    strip.value_changed.connect(values.append)
    return values


def slider(strip: LatentStrip) -> FineSlider:
    return strip.findChildren(FineSlider)[0]


def box(strip: LatentStrip) -> NumberBox:
    return strip.findChildren(NumberBox)[0]


def turn_wheel(widget: FineSlider) -> None:
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_dragging_the_handle(qtbot: QtBot, strip: LatentStrip, heard: list[float]) -> None:
    handle = slider(strip).handle_centre().toPoint()
    qtbot.mousePress(slider(strip), Qt.MouseButton.LeftButton, pos=handle + QPoint(2, 0))
    assert heard == []  # taking hold of the handle moves nothing
    qtbot.mouseMove(slider(strip), handle + QPoint(42, 0))
    qtbot.mouseRelease(slider(strip), Qt.MouseButton.LeftButton, pos=handle + QPoint(42, 0))
    travel = slider(strip).width() - 20
    assert heard == [pytest.approx(4 * 40 / travel, abs=0.03)]
    assert box(strip).value() == pytest.approx(heard[-1], abs=0.005)


def test_a_click_jumps_there(qtbot: QtBot, strip: LatentStrip, heard: list[float]) -> None:
    qtbot.mouseClick(slider(strip), Qt.MouseButton.LeftButton, pos=QPoint(slider(strip).width() - 1, 12))
    assert heard == [2.0]


def test_keys_and_wheel(qtbot: QtBot, strip: LatentStrip, heard: list[float]) -> None:
    box(strip).setFocus()
    turn_wheel(slider(strip))
    assert heard == []  # without the focus the wheel scrolls the column
    slider(strip).setFocus()
    qtbot.keyClick(slider(strip), Qt.Key.Key_Right)
    assert heard == [pytest.approx(0.02)]
    turn_wheel(slider(strip))
    assert heard[-1] > 0.02
    qtbot.keyClick(slider(strip), Qt.Key.Key_Home)
    assert strip.value == -2.0


def test_typing_is_exact_and_may_go_beyond(qtbot: QtBot, strip: LatentStrip, heard: list[float]) -> None:
    box(strip).setFocus()
    box(strip).selectAll()
    qtbot.keyClicks(box(strip), "3.25")
    assert heard == []
    qtbot.keyClick(box(strip), Qt.Key.Key_Return)
    assert heard == [3.25]
    assert slider(strip).value() == 1000


def test_double_click_and_button_reset(qtbot: QtBot, strip: LatentStrip, heard: list[float]) -> None:
    strip.set_reset_value(0.5)
    strip.set_value(1.0)
    qtbot.mouseDClick(slider(strip), Qt.MouseButton.LeftButton, pos=QPoint(5, 12))
    assert heard[-1] == 0.5
    strip.set_value(-1.0)
    qtbot.mouseClick(strip.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert heard[-1] == strip.value == 0.5


def test_setters_do_not_echo_and_keep_the_exact_value(strip: LatentStrip, heard: list[float]) -> None:
    strip.set_value(0.123456)
    strip.set_range(-5, 5)
    strip.set_value(7.5)
    assert strip.value == 7.5
    assert box(strip).value() == 7.5
    strip.set_value(0.123456)
    assert strip.value == 0.123456
    assert heard == []
    with pytest.raises(ValueError, match="goes up"):
        strip.set_range(1, 1)


def test_everything_says_what_it_is(strip: LatentStrip) -> None:
    strip.set_unit("standard deviations")
    for widget in (slider(strip), box(strip), strip.findChildren(QToolButton)[0]):
        assert "z1" in widget.accessibleName()
        assert widget.toolTip()
    assert "from -2.00 to 2.00 standard deviations" in slider(strip).toolTip()


def test_thirty_thousand_settings(strip: LatentStrip, heard: list[float]) -> None:
    for number in range(30_000):
        strip.set_value(number % 100 / 25 - 2)
    assert strip.value == pytest.approx(29_999 % 100 / 25 - 2)
    assert heard == []
