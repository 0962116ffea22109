"""The slider of one latent dimension: mouse, keyboard, texts and painting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.offer_kinds import offer_of
from aestudio.gui.widgets.slider_painting import buttons_that_fit, fitting_name, slider_layout
from aestudio.gui.widgets.slider_row import SliderRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.widgets.fine_slider import FineSlider

ROW = SliderRow(("axis", 0), "z1", -2.0, 2.0, meter=0.5, meter_text="1.20", active=True)


@pytest.fixture
def slider(qtbot: QtBot) -> LatentSlider:
    widget = LatentSlider(ROW)
    qtbot.addWidget(widget)
    widget.resize(400, slider_layout(400).height)
    with qtbot.waitActive(widget):
        widget.show()
    return widget


@pytest.fixture
def values(slider: LatentSlider) -> list[float]:
    received: list[float] = []
    slider.value_changed.connect(received.append)
    return received


@pytest.fixture
def switches(slider: LatentSlider) -> list[tuple[str, bool]]:
    received: list[tuple[str, bool]] = []
    slider.switched.connect(lambda name, on: received.append((name, on)))
    return received


def turn_wheel(widget: FineSlider) -> None:
    position = QPointF(widget.rect().center())
    event = QWheelEvent(
        position,
        widget.mapToGlobal(position),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def point_at_the_name(slider: LatentSlider) -> None:
    """Move the mouse to the name, where the buttons appear."""
    QTest.mouseMove(slider, slider_layout(slider.width()).names.center())
    QTest.mouseMove(slider, slider_layout(slider.width()).names.center() + QPoint(1, 0))


def painted(slider: LatentSlider) -> np.ndarray:
    image = slider.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def test_dragging_the_handle(qtbot: QtBot, slider: LatentSlider, values: list[float]) -> None:
    track = slider.slider
    handle = track.handle_centre().toPoint()
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=handle + QPoint(2, 0))
    assert values == []  # pressing on the handle moves nothing
    qtbot.mouseMove(track, handle + QPoint(42, 0))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=handle + QPoint(42, 0))
    travel = track.width() - 20
    assert values == [pytest.approx(4 * 40 / travel, abs=0.03)]
    assert slider.box.value() == pytest.approx(values[-1], abs=0.005)


def test_a_click_jumps_there(qtbot: QtBot, slider: LatentSlider, values: list[float]) -> None:
    qtbot.mouseClick(slider.slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.slider.width() - 1, 12))
    assert values == [2.0]


def test_left_and_right_move_it_and_home_resets(
    qtbot: QtBot, slider: LatentSlider, values: list[float]
) -> None:
    slider.set_row(replace(ROW, neutral=0.5))
    slider.slider.setFocus()
    qtbot.keyClick(slider.slider, Qt.Key.Key_Right)
    assert values == [pytest.approx(0.02)]
    qtbot.keyClick(slider.slider, Qt.Key.Key_Left)
    assert values[-1] == pytest.approx(0.0)
    qtbot.keyClick(slider.slider, Qt.Key.Key_Home)
    assert slider.value == values[-1] == 0.5


def test_the_wheel_only_with_the_focus(slider: LatentSlider, values: list[float]) -> None:
    slider.box.setFocus()
    turn_wheel(slider.slider)
    assert values == []
    slider.slider.setFocus()
    turn_wheel(slider.slider)
    assert values[-1] > 0


def test_a_typed_value_is_exact_and_may_exceed_the_range(
    qtbot: QtBot, slider: LatentSlider, values: list[float]
) -> None:
    slider.box.setFocus()
    slider.box.selectAll()
    qtbot.keyClicks(slider.box, "3.25")
    assert values == []
    qtbot.keyClick(slider.box, Qt.Key.Key_Return)
    assert values == [3.25]
    assert slider.slider.value() == 1000


def test_double_click_and_reset_button_restore_the_neutral_value(
    qtbot: QtBot, slider: LatentSlider, values: list[float]
) -> None:
    slider.set_row(replace(ROW, neutral=0.5))
    slider.set_value(1.0)
    qtbot.mouseDClick(slider.slider, Qt.MouseButton.LeftButton, pos=QPoint(5, 12))
    assert values[-1] == 0.5
    slider.set_value(-1.0)
    point_at_the_name(slider)
    qtbot.mouseClick(slider.reset_button, Qt.MouseButton.LeftButton)
    assert values[-1] == slider.value == 0.5


def test_keys_and_buttons_toggle_the_switches(
    qtbot: QtBot, slider: LatentSlider, switches: list[tuple[str, bool]]
) -> None:
    slider.slider.setFocus()
    for key in "msla":
        qtbot.keyClicks(slider.slider, key)
    assert switches == [("muted", True), ("soloed", True), ("locked", True), ("playing", True)]
    assert all(button.isVisible() for button in slider.buttons.values()), "what is on is always seen"
    qtbot.mouseClick(slider.buttons["muted"], Qt.MouseButton.LeftButton)
    assert switches[-1] == ("muted", False)


def test_setters_emit_no_signal_and_keep_the_exact_value(slider: LatentSlider, values: list[float]) -> None:
    slider.set_value(0.123456)
    slider.set_row(replace(ROW, low=-5, high=5, muted=True, held=True))
    slider.set_value(7.5)
    assert slider.value == 7.5
    assert slider.box.value() == 7.5
    assert slider.buttons["muted"].isChecked()
    slider.set_value(0.123456)
    assert slider.value == 0.123456
    slider.set_playing(True)
    assert values == []
    with pytest.raises(ValueError, match="low must be below high"):
        slider.set_row(replace(ROW, low=1, high=1))


def test_every_part_has_a_tooltip_and_an_accessible_name(slider: LatentSlider) -> None:
    slider.set_row(
        replace(ROW, name="slant, r = 0.93", unit="deviations", meter_help="KL: 1.2 nats.", help="It slants.")
    )
    parts = [slider.slider, slider.box, slider.reset_button, *slider.buttons.values()]
    for part in parts:
        assert "z1" in part.accessibleName()
        assert part.toolTip()
    assert "from -2.00 to 2.00 deviations" in slider.slider.toolTip()
    assert "slant" in slider.slider.accessibleName()
    # Screen readers get a description of the painted parts.
    assert slider.slider.accessibleDescription() == "Active. KL: 1.2 nats."
    layout = slider_layout(slider.width())
    assert slider.help_at(layout.activity.center()) == explained("Active.", "active_dimension")
    assert slider.help_at(layout.meter.center()) == "KL: 1.2 nats."
    assert slider.help_at(layout.names.center()) == "z1 slant, r = 0.93\nIt slants."
    slider.set_row(replace(ROW, active=False))
    assert "Collapsed" in slider.help_at(layout.activity.center())


def test_activity_meter_and_sigma_are_painted(slider: LatentSlider) -> None:
    """Shape, not colour, distinguishes a collapsed axis from an active one."""
    layout = slider_layout(slider.width())
    activity, meter = layout.activity, layout.meter
    before = painted(slider)
    assert before[activity.center().y(), activity.center().x()] > 100
    slider.set_row(replace(ROW, active=False, meter=1.0))
    after = painted(slider)
    assert after[activity.center().y(), activity.center().x()] < 60  # a ring
    right = meter.left() + 24
    assert after[meter.center().y() + 1, right] > before[meter.center().y() + 1, right] + 30
    y = layout.slider.center().y() - 5
    x = round(layout.slider.left() + slider.slider.handle_centre().x()) + 10
    slider.set_sigma(0.6)
    assert painted(slider)[y, x] > after[y, x] + 10


def test_the_number_replaces_the_bar_of_the_meter_and_fits(slider: LatentSlider) -> None:
    for text in ("2.36", "12.36", "9.9 %", "±10 %"):
        metrics = QFontMetrics(font(current_theme(), current_theme().caption_size))
        assert metrics.horizontalAdvance(text) <= slider_layout(400).meter.width()
    area = slider_layout(slider.width()).meter
    images = []
    for meter in (0.1, 0.9):
        slider.set_row(replace(ROW, meter=meter, meter_text="2.36"))
        slider.reveal(True)
        images.append(painted(slider)[area.top() : area.bottom(), area.left() : area.right()])
    np.testing.assert_array_equal(*images)
    assert images[0].max() > images[0].min() + 60, "the number is painted"


def test_buttons_appear_with_the_pointer_on_the_name_and_move_nothing(slider: LatentSlider) -> None:
    parts = (slider.slider, slider.box)
    before = [part.geometry() for part in parts]
    shown = [*slider.buttons.values(), slider.reset_button]
    assert not any(button.isVisible() for button in shown)
    point_at_the_name(slider)
    assert all(button.isVisible() for button in shown)
    assert [part.geometry() for part in parts] == before
    QApplication.sendEvent(slider.slider, QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    assert not any(button.isVisible() for button in shown), "the whole name is seen while it is moved"
    slider.set_row(replace(ROW, locked=True))
    assert [button.isVisible() for button in shown] == [False, False, True, False, False]


def test_the_menu_has_everything_that_the_buttons_do(
    slider: LatentSlider, values: list[float], switches: list[tuple[str, bool]]
) -> None:
    slider.set_row(replace(ROW, name="slant", neutral=0.5, muted=True, meter_help="KL: 1.2 nats."))
    offer = slider.offer_at(None)
    assert offer.what.splitlines() == ["z1 slant", "Active.", "KL: 1.2 nats."]
    assert offer.terms == ("latent_dimension",)
    entries = {entry.text.split("\t")[0].split(":")[0]: entry for entry in offer.entries}
    assert entries["Mute"].checked
    for title in ("Mute", "Solo", "Lock", "Animate"):
        entries[title].act()
    assert switches == [("muted", False), ("soloed", True), ("locked", True), ("playing", True)]
    assert entries["Reset to 0.50"].obstacle == ""
    entries["Reset to 0.50"].act()
    assert values == [0.5]
    for value, locked, why_not in ((0.5, False, "It is there already."), (0.7, True, "It is locked.")):
        slider.set_row(replace(ROW, neutral=0.5, locked=locked))
        slider.set_value(value)
        resets = [entry for entry in slider.offer_at(None).entries if entry.text.startswith("Reset")]
        assert [entry.obstacle for entry in resets] == [why_not]
    assert "Remove" not in entries


def test_every_part_of_the_row_offers_the_same(slider: LatentSlider) -> None:
    for part, at in ((slider, QPoint(5, 5)), (slider.slider, QPoint(5, 5)), (slider.slider, None)):
        texts = " ".join(entry.text for entry in offer_of(part, at).entries)
        assert "Solo" in texts
        assert "Reset" in texts


def test_a_name_that_does_not_fit_is_shortened_before_it_is_elided() -> None:
    row = replace(ROW, name="stroke length, r = −0.93", short_name="stroke length")
    metrics = QFontMetrics(font(current_theme()))
    whole = metrics.horizontalAdvance(row.name)
    assert fitting_name(row, metrics, whole) == row.name
    assert fitting_name(row, metrics, whole - 1) == "stroke length"
    assert fitting_name(row, metrics, 40).endswith("…")


def test_an_added_direction_can_be_removed_and_has_no_mute(qtbot: QtBot, slider: LatentSlider) -> None:
    slider.set_row(replace(ROW, key=("direction", 0), symbol="to bold"))
    slider.reveal(True)
    assert slider.remove_button.isVisible()
    assert [name for name, button in slider.buttons.items() if button.isVisible()] == ["playing"]
    with qtbot.waitSignal(slider.removed):
        qtbot.mouseClick(slider.remove_button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("width", [260, 300, 400, 620, 900])
@pytest.mark.parametrize("buttons", [0, 1, 3, 5])
def test_nothing_overlaps_at_any_width(width: int, buttons: int) -> None:
    layout = slider_layout(width, min(buttons, buttons_that_fit(width)))
    parts = [layout.activity, layout.names, layout.slider, layout.meter, layout.box, *layout.buttons]
    for number, part in enumerate(parts):
        assert part.left() >= 0
        assert part.right() < width
        assert part.bottom() < layout.height
        assert not any(part.intersects(other) for other in parts[number + 1 :])
    assert layout.slider.width() >= 90
    assert layout.names.width() >= 28, "the symbol"
    assert layout.height == 28


@pytest.mark.thorough
def test_thirty_thousand_set_values(slider: LatentSlider, values: list[float]) -> None:
    for number in range(30_000):
        slider.set_value(number % 100 / 25 - 2)
    assert slider.value == pytest.approx(29_999 % 100 / 25 - 2)
    assert values == []


@pytest.mark.parametrize("removable", [False, True])
def test_delete_removes_an_added_direction_only(qtbot: QtBot, removable: bool) -> None:
    slider = LatentSlider()
    qtbot.addWidget(slider)
    slider.set_row(SliderRow(("direction" if removable else "axis", 0), "+", -1.0, 1.0))
    received: list[None] = []
    slider.removed.connect(lambda: received.append(None))
    qtbot.keyClick(slider.slider, Qt.Key.Key_Delete)
    assert len(received) == removable
