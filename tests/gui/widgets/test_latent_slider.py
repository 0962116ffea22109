"""One strip of the mixing desk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.slider_painting import slider_places
from aestudio.gui.widgets.slider_row import SliderRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.widgets.fine_slider import FineSlider

ROW = SliderRow(("axis", 0), "z1", -2.0, 2.0, meter=0.5, figure="1.20", active=True)


@pytest.fixture
def strip(qtbot: QtBot) -> LatentSlider:
    made = LatentSlider(ROW)
    qtbot.addWidget(made)
    made.resize(400, slider_places(400, False).height)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.fixture
def heard(strip: LatentSlider) -> list[float]:
    values: list[float] = []
    strip.value_changed.connect(values.append)
    return values


@pytest.fixture
def switches(strip: LatentSlider) -> list[tuple[str, bool]]:
    seen: list[tuple[str, bool]] = []
    strip.switched.connect(lambda name, on: seen.append((name, on)))
    return seen


def turn_wheel(widget: FineSlider) -> None:
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def painted(strip: LatentSlider) -> np.ndarray:
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def test_dragging_the_handle(qtbot: QtBot, strip: LatentSlider, heard: list[float]) -> None:
    slider = strip.slider
    handle = slider.handle_centre().toPoint()
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=handle + QPoint(2, 0))
    assert heard == []  # taking hold of the handle moves nothing
    qtbot.mouseMove(slider, handle + QPoint(42, 0))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=handle + QPoint(42, 0))
    travel = slider.width() - 20
    assert heard == [pytest.approx(4 * 40 / travel, abs=0.03)]
    assert strip.box.value() == pytest.approx(heard[-1], abs=0.005)


def test_a_click_jumps_there(qtbot: QtBot, strip: LatentSlider, heard: list[float]) -> None:
    qtbot.mouseClick(strip.slider, Qt.MouseButton.LeftButton, pos=QPoint(strip.slider.width() - 1, 12))
    assert heard == [2.0]


def test_left_and_right_move_it_and_home_resets(
    qtbot: QtBot, strip: LatentSlider, heard: list[float]
) -> None:
    strip.set_row(replace(ROW, rest=0.5))
    strip.slider.setFocus()
    qtbot.keyClick(strip.slider, Qt.Key.Key_Right)
    assert heard == [pytest.approx(0.02)]
    qtbot.keyClick(strip.slider, Qt.Key.Key_Left)
    assert heard[-1] == pytest.approx(0.0)
    qtbot.keyClick(strip.slider, Qt.Key.Key_Home)
    assert strip.value == heard[-1] == 0.5


def test_the_wheel_only_with_the_focus(strip: LatentSlider, heard: list[float]) -> None:
    strip.box.setFocus()
    turn_wheel(strip.slider)
    assert heard == []
    strip.slider.setFocus()
    turn_wheel(strip.slider)
    assert heard[-1] > 0


def test_typing_is_exact_and_may_go_beyond(qtbot: QtBot, strip: LatentSlider, heard: list[float]) -> None:
    strip.box.setFocus()
    strip.box.selectAll()
    qtbot.keyClicks(strip.box, "3.25")
    assert heard == []
    qtbot.keyClick(strip.box, Qt.Key.Key_Return)
    assert heard == [3.25]
    assert strip.slider.value() == 1000


def test_double_click_and_button_reset(qtbot: QtBot, strip: LatentSlider, heard: list[float]) -> None:
    strip.set_row(replace(ROW, rest=0.5))
    strip.set_value(1.0)
    qtbot.mouseDClick(strip.slider, Qt.MouseButton.LeftButton, pos=QPoint(5, 12))
    assert heard[-1] == 0.5
    strip.set_value(-1.0)
    qtbot.mouseClick(strip.back, Qt.MouseButton.LeftButton)
    assert heard[-1] == strip.value == 0.5


def test_keys_and_buttons_switch(qtbot: QtBot, strip: LatentSlider, switches: list[tuple[str, bool]]) -> None:
    strip.slider.setFocus()
    for key in "msla":
        qtbot.keyClicks(strip.slider, key)
    assert switches == [("muted", True), ("soloed", True), ("locked", True), ("playing", True)]
    qtbot.mouseClick(strip.buttons["muted"], Qt.MouseButton.LeftButton)
    assert switches[-1] == ("muted", False)


def test_setters_do_not_echo_and_keep_the_exact_value(strip: LatentSlider, heard: list[float]) -> None:
    strip.set_value(0.123456)
    strip.set_row(replace(ROW, low=-5, high=5, muted=True, silent=True))
    strip.set_value(7.5)
    assert strip.value == 7.5
    assert strip.box.value() == 7.5
    assert strip.buttons["muted"].isChecked()
    strip.set_value(0.123456)
    assert strip.value == 0.123456
    strip.set_playing(True)
    assert heard == []
    with pytest.raises(ValueError, match="goes up"):
        strip.set_row(replace(ROW, low=1, high=1))


def test_everything_says_what_it_is(strip: LatentSlider) -> None:
    strip.set_row(
        replace(ROW, name="slant, r = 0.93", unit="deviations", meter_help="KL: 1.2 nats.", help="It slants.")
    )
    parts = [strip.slider, strip.box, strip.back, *strip.buttons.values()]
    for part in parts:
        assert "z1" in part.accessibleName()
        assert part.toolTip()
    assert "from -2.00 to 2.00 deviations" in strip.slider.toolTip()
    assert "slant" in strip.slider.accessibleName()
    # What is only painted is said to those who cannot see it, too.
    assert strip.slider.accessibleDescription() == "Active. KL: 1.2 nats."
    places = slider_places(strip.width(), False)
    assert strip.help_at(places.lamp.center()) == "Active."
    assert strip.help_at(places.meter.center()) == "KL: 1.2 nats."
    assert strip.help_at(places.names.center()) == "It slants."
    strip.set_row(replace(ROW, active=False))
    assert "Collapsed" in strip.help_at(places.lamp.center())


def test_lamp_meter_and_sigma_are_seen(strip: LatentSlider) -> None:
    """Another shape, not another colour, tells a collapsed axis from an active one."""
    places = slider_places(strip.width(), False)
    lamp, meter = places.lamp, places.meter
    before = painted(strip)
    assert before[lamp.center().y(), lamp.center().x()] > 100
    strip.set_row(replace(ROW, active=False, meter=1.0))
    after = painted(strip)
    assert after[lamp.center().y(), lamp.center().x()] < 60  # a ring
    right = meter.left() + 24
    assert after[meter.center().y() + 1, right] > before[meter.center().y() + 1, right] + 30
    y = places.slider.center().y() - 5
    x = round(places.slider.left() + strip.slider.handle_centre().x()) + 20
    strip.set_sigma(0.6)
    assert painted(strip)[y, x] > after[y, x] + 10


def test_the_figure_never_covers_the_meters_bar(strip: LatentSlider) -> None:
    """Its unit is written where there is room for it, and only there."""
    for width in (300, 400, 440, 700):
        strip.resize(width, slider_places(width, False).height)
        meter = slider_places(width, False).meter
        seen = []
        for unit in ("", "nats"):
            strip.set_row(replace(ROW, meter=0.0, figure="2.36", figure_unit=unit))
            seen.append(painted(strip)[meter.top() : meter.bottom(), meter.left() : meter.left() + 28])
        np.testing.assert_array_equal(*seen)


def test_an_added_direction_can_be_removed_and_has_no_mute(qtbot: QtBot, strip: LatentSlider) -> None:
    strip.set_row(replace(ROW, key=("direction", 0), symbol="to bold"))
    assert strip.remove.isVisible()
    assert [name for name, button in strip.buttons.items() if button.isVisible()] == ["playing"]
    with qtbot.waitSignal(strip.removed):
        qtbot.mouseClick(strip.remove, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("width", [260, 300, 400, 620, 900])
@pytest.mark.parametrize("removable", [False, True])
def test_nothing_overlaps_at_any_width(width: int, removable: bool) -> None:
    places = slider_places(width, removable)
    parts = [places.lamp, places.names, places.slider, places.meter, places.box, *places.buttons]
    for number, part in enumerate(parts):
        assert part.left() >= 0
        assert part.right() < width
        assert part.bottom() < places.height + 1
        assert not any(part.intersects(other) for other in parts[number + 1 :])
    assert places.slider.width() >= 96
    assert places.height == (22 if width >= 620 else 42)


def test_thirty_thousand_settings(strip: LatentSlider, heard: list[float]) -> None:
    for number in range(30_000):
        strip.set_value(number % 100 / 25 - 2)
    assert strip.value == pytest.approx(29_999 % 100 / 25 - 2)
    assert heard == []


@pytest.mark.parametrize("removable", [False, True])
def test_delete_removes_a_strip_of_ones_own_and_no_other(qtbot: QtBot, removable: bool) -> None:
    strip = LatentSlider()
    qtbot.addWidget(strip)
    strip.set_row(SliderRow(("direction" if removable else "axis", 0), "+", -1.0, 1.0))
    gone: list[None] = []
    strip.removed.connect(lambda: gone.append(None))
    qtbot.keyClick(strip.slider, Qt.Key.Key_Delete)
    assert len(gone) == removable
