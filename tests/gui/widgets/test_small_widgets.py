"""Labels, buttons, the class bar, the empty state and the message panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.widgets.class_bar import MOST_BUTTONS, ClassBar, ClassButton
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.empty_state import EmptyState
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.message_panel import MessagePanel
from aestudio.gui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


def test_a_number_label_keeps_its_width(qtbot: QtBot) -> None:
    label = NumberLabel("000,000")
    qtbot.addWidget(label)
    widths = []
    for number in (0, 1, 11_111, 999_999):
        label.set_text(f"{number:,}")
        widths.append(max(label.minimumWidth(), label.sizeHint().width()))
    assert len(set(widths)) == 1
    for number in range(30_000):
        label.set_text(str(number))
    assert label.text() == "29999"


def test_an_elided_label_keeps_both_ends(qtbot: QtBot) -> None:
    label = ElidedLabel("/home/someone/a/very/long/folder/run-7")
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.show()
    assert label.shown.startswith("/h")
    assert label.shown.endswith("7")
    assert "…" in label.shown
    assert label.toolTip() == label.text
    label.resize(800, 20)
    assert label.shown == label.text
    assert label.toolTip() == ""


def test_an_icon_button_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    button = IconButton("stop", "Stop training", role="")
    qtbot.addWidget(button)
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme)
        image = button.icon().pixmap(QSize(24, 24)).toImage()
        assert image.pixelColor(12, 12).name() == theme.text.lower()
    button.set_icon("play", "Start")
    assert button.accessibleName() == button.toolTip() == "Start"


@pytest.fixture
def bar(qtbot: QtBot) -> ClassBar:
    widget = ClassBar()
    qtbot.addWidget(widget)
    widget.resize(500, 40)
    with qtbot.waitActive(widget):
        widget.show()
    return widget


def test_classes_are_chosen_by_mouse_and_keyboard(qtbot: QtBot, bar: ClassBar) -> None:
    received: list[tuple[int, ...]] = []
    bar.chosen_changed.connect(received.append)
    buttons = bar.findChildren(ClassButton)
    qtbot.mouseClick(buttons[7], LEFT)
    buttons[2].setFocus()
    qtbot.keyClick(buttons[2], Qt.Key.Key_Space)
    qtbot.mouseClick(buttons[7], LEFT)
    assert received == [(7,), (2, 7), (2,)]
    bar.set_chosen([1, 9])
    assert bar.chosen == (1, 9)
    assert len(received) == 3


@pytest.mark.parametrize("count", [47, 1_200])
def test_of_many_classes_the_chosen_ones_have_buttons(qtbot: QtBot, bar: ClassBar, count: int) -> None:
    received: list[tuple[int, ...]] = []
    bar.chosen_changed.connect(received.append)
    bar.set_names([f"a name of class {number}" for number in range(count)])
    assert bar.chosen == ()
    for number in (40, 7):
        bar.others.setCurrentIndex(bar.others.findData(number))
        bar.others.activated.emit(bar.others.currentIndex())
        QApplication.processEvents()
    buttons = {button.index: button for button in bar.findChildren(ClassButton) if button.isVisible()}
    assert received == [(40,), (7, 40)]
    assert set(buttons) == {7, 40}
    assert all(button.isChecked() for button in buttons.values())
    assert bar.minimumSizeHint().width() < 400
    qtbot.mouseClick(buttons[40], LEFT)
    assert received[-1] == bar.chosen == (7,)
    assert not buttons[40].isVisible(), "what is not chosen any more is among the names again"
    bar.set_chosen(range(MOST_BUTTONS))
    QApplication.processEvents()
    assert not bar.others.isEnabled()
    assert bar.minimumSizeHint().width() < 600
    assert len(received) == 3
    bar.set_names(["Shirt", "Bag"])
    assert not bar.others.isVisible()
    assert bar.chosen == ()


def test_each_class_shows_its_colour_and_its_name(bar: ClassBar) -> None:
    for button, colour in zip(bar.findChildren(ClassButton), DARK.class_colours, strict=True):
        image = button.grab().toImage()
        colours = {image.pixelColor(image.width() // 2, y).name() for y in range(image.height())}
        assert colour in colours
        assert button.text() in button.accessibleName()


def test_other_class_names(bar: ClassBar) -> None:
    bar.set_chosen([3])
    bar.set_names(["Shirt", "Bag"])
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [button.text() for button in bar.findChildren(ClassButton)] == ["Shirt", "Bag"]
    assert bar.chosen == ()


def test_an_empty_state_offers_its_button(qtbot: QtBot) -> None:
    state = EmptyState("map", "Nothing here.", "Start training")
    qtbot.addWidget(state)
    with qtbot.waitSignal(state.pressed):
        qtbot.mouseClick(state.findChildren(QPushButton)[0], LEFT)
    state.set_state("info", "Still nothing.")
    assert state.findChildren(QPushButton)[0].isHidden()
    assert state.accessibleName() == "Still nothing."


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[MessagePanel]:
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = QVBoxLayout(holder)
    widget = MessagePanel()
    layout.addWidget(widget)
    holder.resize(600, 300)
    with qtbot.waitExposed(holder):
        holder.show()
    yield widget
    holder.close()


def test_a_problem_is_shown_with_its_buttons(qtbot: QtBot, panel: MessagePanel) -> None:
    assert not panel.isVisible()
    actions = (("retry", "refresh", "Retry"), ("builtin", "digit", "Use the built-in digits"))
    panel.show_message("The file ends early", where="a<b>.gz", advice="Try again.", actions=actions)
    assert panel.isVisible()
    assert panel.accessibleName() == "The file ends early"
    labels = [label for label in panel.findChildren(QLabel) if label.text()]
    assert {label.text() for label in labels} >= {"The file ends early", "a<b>.gz", "Try again."}
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    with qtbot.waitSignal(panel.chosen) as caught:
        qtbot.mouseClick(panel.findChild(QPushButton, "builtin"), LEFT)
    assert caught.args == ["builtin"]
    with qtbot.waitSignal(panel.dismissed):
        qtbot.mouseClick(panel.findChildren(IconButton)[0], LEFT, pos=QPoint(8, 8))
    assert not panel.isVisible()


def test_the_next_message_replaces_the_buttons(panel: MessagePanel) -> None:
    panel.show_message("One", actions=(("a", "refresh", "A"), ("b", "folder", "B")))
    panel.show_message("Two", kind="note", actions=(("c", "check", "C"),))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [button.text() for button in panel.findChildren(QPushButton)] == ["C"]
    panel.clear()
    assert not panel.isVisible()


def test_an_elided_label_keeps_its_own_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("Validation loss 132.4 nats per image")
    qtbot.addWidget(label)
    label.show()
    label.setToolTip("Lower is better")
    label.resize(800, 20)
    assert label.toolTip() == "Lower is better"
    label.resize(60, 20)
    assert label.toolTip().splitlines() == [label.text, "Lower is better"]
    label.setToolTip(f"{label.text}, at step 12")
    assert label.toolTip() == f"{label.text}, at step 12"
