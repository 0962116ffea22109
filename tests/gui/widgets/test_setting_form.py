"""The form that is generated from settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QPushButton, QWidget

from aestudio.errors import BadChoice
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.folded_settings import SettingGroup
from aestudio.gui.widgets.scroll_column import ScrollColumn
from aestudio.gui.widgets.setting_box import SettingBox
from aestudio.gui.widgets.setting_form import SettingForm
from aestudio.recipes.setting import Settings, describe, setting

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Sample(Settings):
    """One setting of every kind."""

    units: int = setting(32, title="Units", help="How many units.", unit="units", ge=1, le=512)
    rate: float = setting(
        1e-3, title="Rate", help="Size of a step.", gt=0.0, le=10.0, live=True, logarithmic=True
    )
    noise: Literal["none", "gaussian"] = setting("none", title="Noise", help="Which noise.")
    strength: float = setting(
        0.5, title="Strength", help="How much.", ge=0, le=1, live=True, applies_if=("noise", ("gaussian",))
    )
    tied: bool = setting(False, title="Tied", help="Shared weights.")
    sizes: tuple[int, ...] = setting((256, 64), title="Sizes", help="Of the layers.", ge=1, le=1024)


@pytest.fixture
def form(qtbot: QtBot) -> SettingForm:
    widget = SettingForm(describe(Sample))
    qtbot.addWidget(widget)
    widget.resize(340, 500)
    with qtbot.waitActive(widget):
        widget.show()
    return widget


@pytest.fixture
def received(form: SettingForm) -> list[tuple[str, Any]]:
    changes: list[tuple[str, Any]] = []
    form.setting_changed.connect(lambda name, value: changes.append((name, value)))
    return changes


def box(form: SettingForm, name: str) -> SettingBox:
    editor = form.row(name).editor
    number_box = editor if isinstance(editor, SettingBox) else editor.findChildren(SettingBox)[0]
    assert isinstance(number_box, SettingBox)
    return number_box


def type_text(qtbot: QtBot, target: QAbstractSpinBox, text: str) -> None:
    target.setFocus()
    target.selectAll()
    qtbot.keyClicks(target.lineEdit(), text)


def test_each_kind_has_its_editor_and_its_default(form: SettingForm) -> None:
    assert form.values == Sample().model_dump()
    assert isinstance(form.row("noise").editor, QComboBox)
    assert isinstance(form.row("tied").editor, QCheckBox)
    assert form.row("rate").editor.findChildren(FineSlider)
    assert isinstance(form.row("sizes").editor, SettingBox)


def test_typed_values_are_emitted_when_finished(
    qtbot: QtBot, form: SettingForm, received: list[tuple[str, Any]]
) -> None:
    type_text(qtbot, box(form, "units"), "128")
    assert received == []
    qtbot.keyClick(box(form, "units"), Qt.Key.Key_Return)
    type_text(qtbot, box(form, "sizes"), "400,20")
    qtbot.keyClick(box(form, "sizes"), Qt.Key.Key_Return)
    type_text(qtbot, box(form, "rate"), "3e-4")
    form.row("tied").editor.setFocus()  # leaving the box finishes the input, too
    assert received == [("units", 128), ("sizes", (400, 20)), ("rate", 3e-4)]
    assert form.values["units"] == 128


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("units", "600", "whole number from 1 up to 512 units"),
        ("units", "1.5", "whole number"),
        ("rate", "0", "number above 0 up to 10"),
        ("sizes", "256,x", "whole numbers with commas between"),
        ("sizes", "0", "each from 1 up to 1024"),
    ],
)
def test_invalid_texts_are_shown_and_never_emitted(
    qtbot: QtBot, form: SettingForm, received: list[tuple[str, Any]], name: str, text: str, allowed: str
) -> None:
    before = form.values
    type_text(qtbot, box(form, name), text)
    qtbot.keyClick(box(form, name), Qt.Key.Key_Return)
    message = form.row(name).message
    assert message.isVisible()
    assert allowed in message.text()
    assert box(form, name).property("refused") is True
    assert box(form, name).lineEdit().text() == text
    assert form.values == before
    assert received == []
    type_text(qtbot, box(form, name), "2")
    qtbot.keyClick(box(form, name), Qt.Key.Key_Return)
    assert not message.isVisible()
    assert box(form, name).property("refused") is False
    assert [changed for changed, _ in received] == [name]


def test_an_invalid_text_is_marked_while_typing_but_an_incomplete_number_is_not(
    qtbot: QtBot, form: SettingForm
) -> None:
    type_text(qtbot, box(form, "rate"), "1e-")
    with qtbot.assertNotEmitted(box(form, "rate").problem, wait=500):
        pass
    type_text(qtbot, box(form, "units"), "9999")
    qtbot.waitUntil(form.row("units").message.isVisible)


def test_choices_switches_and_arrows(
    qtbot: QtBot, form: SettingForm, received: list[tuple[str, Any]]
) -> None:
    noise = form.row("noise").editor
    noise.setFocus()
    qtbot.keyClick(noise, Qt.Key.Key_Down)
    tied = form.row("tied").editor
    qtbot.mouseClick(tied, Qt.MouseButton.LeftButton, pos=QPoint(8, tied.height() // 2))
    box(form, "units").setFocus()
    qtbot.keyClick(box(form, "units"), Qt.Key.Key_Up)
    assert received == [("noise", "gaussian"), ("tied", True), ("units", 33)]


def test_the_slider_spans_decades(qtbot: QtBot, form: SettingForm, received: list[tuple[str, Any]]) -> None:
    slider = form.row("rate").editor.findChildren(FineSlider)[0]
    assert slider.value() == 500  # the default in the middle
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 1, 10))
    assert received == [("rate", pytest.approx(1.0))]
    assert box(form, "rate").lineEdit().text() == "1"
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(5, 10))
    assert received[-1] == ("rate", 1e-3)


def test_conditional_settings_are_shown_and_hidden(form: SettingForm) -> None:
    assert not form.row("strength").editor.isVisible()
    form.set_values({"noise": "gaussian"})
    assert form.row("strength").editor.isVisible()
    assert form.row("strength").label.isVisible()


def test_setters_emit_no_signal(form: SettingForm, received: list[tuple[str, Any]]) -> None:
    values = {"units": 5, "rate": 0.5, "noise": "gaussian", "strength": 0.1, "tied": True, "sizes": (3,)}
    form.set_values(values)
    form.set_essential(["rate"])
    form.set_enabled_names(["rate"], "Locked")
    assert form.values == values
    assert received == []
    with pytest.raises(BadChoice, match="colour"):
        form.set_values({"colour": 1})


def test_tooltips_of_locked_settings_give_the_reason(form: SettingForm) -> None:
    form.set_enabled_names(["rate"], "Locked while training runs")
    assert form.row("rate").editor.isEnabled()
    assert not form.row("units").editor.isEnabled()
    assert form.row("units").editor.toolTip().startswith("Locked while training runs\n")
    form.set_enabled_names(["rate", "units"])
    assert form.row("units").editor.toolTip() == "How many units.\nWhole number from 1 up to 512 units"


def test_essential_settings_are_on_top_and_the_others_expand(qtbot: QtBot, form: SettingForm) -> None:
    form.set_essential(["sizes", "rate"])
    assert form.row("sizes").editor.isVisible()
    assert form.row("sizes").editor.y() < form.row("rate").editor.y()
    assert not form.row("units").editor.isVisible()
    more = next(b for b in form.findChildren(QPushButton) if b.text() == "More settings")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert form.row("units").editor.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert not form.row("units").editor.isVisible()
    form.set_essential([info.name for info in describe(Sample)])
    assert not more.isVisible()
    assert form.row("units").editor.isVisible()


def test_every_editor_has_an_accessible_name_and_a_tooltip(form: SettingForm) -> None:
    for info in describe(Sample):
        editor = form.row(info.name).editor
        parts: list[QWidget] = [editor, *editor.findChildren(FineSlider), *editor.findChildren(SettingBox)]
        for part in parts:
            assert part.accessibleName() == info.title
            assert info.help in part.toolTip()


def test_a_narrow_form_has_titles_in_two_lines(qtbot: QtBot) -> None:
    class Long(Settings):
        rate: float = setting(
            1e-3, title="Learning rate of the first phase", help=".", gt=0.0, le=10.0, logarithmic=True
        )
        units: int = setting(32, title="Units", help=".", ge=1, le=512)

    form = SettingForm(describe(Long))
    area = ScrollColumn(form)
    qtbot.addWidget(area)
    area.show()
    lines = {}
    for width in (500, form.minimumSizeHint().width()):
        area.resize(width, 300)
        area.grab()
        assert form.width() == width
        row = form.row("rate")
        assert row.label.height() >= row.label.heightForWidth(row.label.width()), "no title is cut"
        for one in (row, form.row("units")):
            assert one.editor.geometry().right() < width, "no editor is cut"
            assert one.editor.width() >= one.editor.minimumSizeHint().width()
        lines[width] = row.label.heightForWidth(row.label.width()) // row.label.fontMetrics().height()
    assert lines.pop(500) == 1
    assert min(lines.values()) > 1


def test_thirty_thousand_set_values(form: SettingForm) -> None:
    for number in range(10_000):
        form.set_values({"rate": 1e-3 * (1 + number % 7), "units": 1 + number % 500, "tied": number % 2 == 0})
    assert form.values["units"] == 1 + 9_999 % 500


class Header(QWidget):
    """Remembers what its group told it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bool] = []

    def set_expanded(self, expanded: bool) -> None:
        self.told.append(expanded)


def test_a_group_is_folded_behind_its_title(qtbot: QtBot) -> None:
    header = Header()
    group = SettingGroup("Of the noise", "Show or hide", frozenset({"noise", "strength", "rate"}), header)
    form = SettingForm(describe(Sample), (group,))
    qtbot.addWidget(form)
    form.set_essential(["rate"])
    with qtbot.waitActive(form):
        form.show()
    assert form.row("rate").editor.isVisible(), "an essential setting stays on top"
    assert not form.row("noise").editor.isVisible()
    title = next(button for button in form.findChildren(QPushButton) if button.text() == "Of the noise")
    qtbot.mouseClick(title, Qt.MouseButton.LeftButton)
    assert form.row("noise").editor.isVisible()
    assert not form.row("units").editor.isVisible(), "that one is behind More settings"
    form.set_expanded(True)
    assert form.row("units").editor.isVisible()
    qtbot.mouseClick(title, Qt.MouseButton.LeftButton)
    assert not form.row("noise").editor.isVisible()
    assert form.row("units").editor.isVisible()
    assert header.told == [False, True, False]
    with pytest.raises(BadChoice):
        form.set_group_expanded("Of nothing", True)


def test_a_group_whose_settings_are_all_essential_has_no_title(qtbot: QtBot) -> None:
    form = SettingForm(describe(Sample), (SettingGroup("Rates", "", frozenset({"rate"})),))
    qtbot.addWidget(form)
    form.show()
    title = next(button for button in form.findChildren(QPushButton) if button.text() == "Rates")
    assert not title.isVisible()
    form.set_essential(["units"])
    assert title.isVisible()
