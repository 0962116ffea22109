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
def slider(qtbot: QtBot) -> LatentSlider:
    made = LatentSlider(ROW)
    qtbot.addWidget(made)
    made.resize(400, slider_places(400, False).height)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.fixture
def decoded_code(slider: LatentSlider) -> list[float]:
    values: list[float] = []
    slider.value_changed.connect(values.append)
    return values


@pytest.fixture
def switches(slider: LatentSlider) -> list[tuple[str, bool]]:
    seen: list[tuple[str, bool]] = []
    slider.switched.connect(lambda name, on: seen.append((name, on)))
    return seen


def turn_wheel(widget: FineSlider) -> None:
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def painted(slider: LatentSlider) -> np.ndarray:
    image = slider.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def test_dragging_the_handle(qtbot: QtBot, slider: LatentSlider, decoded_code: list[float]) -> None:
    track = slider.slider
    handle = track.handle_centre().toPoint()
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=handle + QPoint(2, 0))
    assert decoded_code == []  # taking hold of the handle moves nothing
    qtbot.mouseMove(track, handle + QPoint(42, 0))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=handle + QPoint(42, 0))
    travel = track.width() - 20
    assert decoded_code == [pytest.approx(4 * 40 / travel, abs=0.03)]
    assert slider.box.value() == pytest.approx(decoded_code[-1], abs=0.005)


def test_a_click_jumps_there(qtbot: QtBot, slider: LatentSlider, decoded_code: list[float]) -> None:
    qtbot.mouseClick(slider.slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.slider.width() - 1, 12))
    assert decoded_code == [2.0]


def test_left_and_right_move_it_and_home_resets(
    qtbot: QtBot, slider: LatentSlider, decoded_code: list[float]
) -> None:
    slider.set_row(replace(ROW, rest=0.5))
    slider.slider.setFocus()
    qtbot.keyClick(slider.slider, Qt.Key.Key_Right)
    assert decoded_code == [pytest.approx(0.02)]
    qtbot.keyClick(slider.slider, Qt.Key.Key_Left)
    assert decoded_code[-1] == pytest.approx(0.0)
    qtbot.keyClick(slider.slider, Qt.Key.Key_Home)
    assert slider.value == decoded_code[-1] == 0.5


def test_the_wheel_only_with_the_focus(slider: LatentSlider, decoded_code: list[float]) -> None:
    slider.box.setFocus()
    turn_wheel(slider.slider)
    assert decoded_code == []
    slider.slider.setFocus()
    turn_wheel(slider.slider)
    assert decoded_code[-1] > 0


def test_typing_is_exact_and_may_go_beyond(
    qtbot: QtBot, slider: LatentSlider, decoded_code: list[float]
) -> None:
    slider.box.setFocus()
    slider.box.selectAll()
    qtbot.keyClicks(slider.box, "3.25")
    assert decoded_code == []
    qtbot.keyClick(slider.box, Qt.Key.Key_Return)
    assert decoded_code == [3.25]
    assert slider.slider.value() == 1000


def test_double_click_and_button_reset(qtbot: QtBot, slider: LatentSlider, decoded_code: list[float]) -> None:
    slider.set_row(replace(ROW, rest=0.5))
    slider.set_value(1.0)
    qtbot.mouseDClick(slider.slider, Qt.MouseButton.LeftButton, pos=QPoint(5, 12))
    assert decoded_code[-1] == 0.5
    slider.set_value(-1.0)
    qtbot.mouseClick(slider.back, Qt.MouseButton.LeftButton)
    assert decoded_code[-1] == slider.value == 0.5


def test_keys_and_buttons_switch(
    qtbot: QtBot, slider: LatentSlider, switches: list[tuple[str, bool]]
) -> None:
    slider.slider.setFocus()
    for key in "msla":
        qtbot.keyClicks(slider.slider, key)
    assert switches == [("muted", True), ("soloed", True), ("locked", True), ("playing", True)]
    qtbot.mouseClick(slider.buttons["muted"], Qt.MouseButton.LeftButton)
    assert switches[-1] == ("muted", False)


def test_setters_do_not_echo_and_keep_the_exact_value(
    slider: LatentSlider, decoded_code: list[float]
) -> None:
    slider.set_value(0.123456)
    slider.set_row(replace(ROW, low=-5, high=5, muted=True, silent=True))
    slider.set_value(7.5)
    assert slider.value == 7.5
    assert slider.box.value() == 7.5
    assert slider.buttons["muted"].isChecked()
    slider.set_value(0.123456)
    assert slider.value == 0.123456
    slider.set_playing(True)
    assert decoded_code == []
    with pytest.raises(ValueError, match="goes up"):
        slider.set_row(replace(ROW, low=1, high=1))


def test_everything_says_what_it_is(slider: LatentSlider) -> None:
    slider.set_row(
        replace(ROW, name="slant, r = 0.93", unit="deviations", meter_help="KL: 1.2 nats.", help="It slants.")
    )
    parts = [slider.slider, slider.box, slider.back, *slider.buttons.values()]
    for part in parts:
        assert "z1" in part.accessibleName()
        assert part.toolTip()
    assert "from -2.00 to 2.00 deviations" in slider.slider.toolTip()
    assert "slant" in slider.slider.accessibleName()
    # What is only painted is said to those who cannot see it, too.
    assert slider.slider.accessibleDescription() == "Active. KL: 1.2 nats."
    places = slider_places(slider.width(), False)
    assert slider.help_at(places.lamp.center()) == "Active."
    assert slider.help_at(places.meter.center()) == "KL: 1.2 nats."
    assert slider.help_at(places.names.center()) == "It slants."
    slider.set_row(replace(ROW, active=False))
    assert "Collapsed" in slider.help_at(places.lamp.center())


def test_lamp_meter_and_sigma_are_seen(slider: LatentSlider) -> None:
    """Another shape, not another colour, tells a collapsed axis from an active one."""
    places = slider_places(slider.width(), False)
    lamp, meter = places.lamp, places.meter
    before = painted(slider)
    assert before[lamp.center().y(), lamp.center().x()] > 100
    slider.set_row(replace(ROW, active=False, meter=1.0))
    after = painted(slider)
    assert after[lamp.center().y(), lamp.center().x()] < 60  # a ring
    right = meter.left() + 24
    assert after[meter.center().y() + 1, right] > before[meter.center().y() + 1, right] + 30
    y = places.slider.center().y() - 5
    x = round(places.slider.left() + slider.slider.handle_centre().x()) + 20
    slider.set_sigma(0.6)
    assert painted(slider)[y, x] > after[y, x] + 10


def test_the_figure_never_covers_the_meters_bar(slider: LatentSlider) -> None:
    """Its unit is written where there is room for it, and only there."""
    for width in (300, 400, 440, 700):
        slider.resize(width, slider_places(width, False).height)
        meter = slider_places(width, False).meter
        seen = []
        for unit in ("", "nats"):
            slider.set_row(replace(ROW, meter=0.0, figure="2.36", figure_unit=unit))
            seen.append(painted(slider)[meter.top() : meter.bottom(), meter.left() : meter.left() + 28])
        np.testing.assert_array_equal(*seen)


def test_an_added_direction_can_be_removed_and_has_no_mute(qtbot: QtBot, slider: LatentSlider) -> None:
    slider.set_row(replace(ROW, key=("direction", 0), symbol="to bold"))
    assert slider.remove.isVisible()
    assert [name for name, button in slider.buttons.items() if button.isVisible()] == ["playing"]
    with qtbot.waitSignal(slider.removed):
        qtbot.mouseClick(slider.remove, Qt.MouseButton.LeftButton)


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


def test_thirty_thousand_settings(slider: LatentSlider, decoded_code: list[float]) -> None:
    for number in range(30_000):
        slider.set_value(number % 100 / 25 - 2)
    assert slider.value == pytest.approx(29_999 % 100 / 25 - 2)
    assert decoded_code == []


@pytest.mark.parametrize("removable", [False, True])
def test_delete_removes_a_strip_of_ones_own_and_no_other(qtbot: QtBot, removable: bool) -> None:
    slider = LatentSlider()
    qtbot.addWidget(slider)
    slider.set_row(SliderRow(("direction" if removable else "axis", 0), "+", -1.0, 1.0))
    gone: list[None] = []
    slider.removed.connect(lambda: gone.append(None))
    qtbot.keyClick(slider.slider, Qt.Key.Key_Delete)
    assert len(gone) == removable
