"""A box of values: what is shown, what is offered, what the user chose, and the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK
from aestudio.gui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FRUIT = ((1, "Apple"), (2, "Pear", "Soft"), (3, "Plum"))


@pytest.fixture
def box(qtbot: QtBot) -> ChoiceBox:
    box = ChoiceBox("Fruit", "What to eat", FRUIT, characters=4)
    qtbot.addWidget(box)
    return box


@pytest.fixture
def chosen(box: ChoiceBox) -> list[Any]:
    values: list[Any] = []
    box.chosen.connect(values.append)
    return values


def wheel(box: ChoiceBox) -> bool:
    """Turn the wheel by one step over the box; whether it took it."""
    down = QPoint(0, -120)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        down,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    return event.isAccepted()


def painted(box: ChoiceBox) -> QImage:
    return box.grab().toImage()


def painted_text(box: ChoiceBox, text: str) -> QImage:
    """The box with this text, in the same size."""
    size = box.size()
    box.set_entries([(1, text)])
    box.resize(size)
    return painted(box)


def test_it_shows_the_first_value_until_it_is_told_another(box: ChoiceBox, chosen: list[Any]) -> None:
    assert (box.value, box.currentText(), box.accessibleName(), box.toolTip()) == (
        1,
        "Apple",
        "Fruit",
        "What to eat",
    )
    assert box.itemData(1, Qt.ItemDataRole.ToolTipRole) == "Soft"
    assert box.itemData(0, Qt.ItemDataRole.ToolTipRole) is None
    box.show_value(3)
    assert box.value == 3
    box.show_value(4)
    assert box.value is None
    assert chosen == []


def test_what_the_user_chooses_is_its_value(qtbot: QtBot, box: ChoiceBox, chosen: list[Any]) -> None:
    box.show()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert chosen == [2]
    assert box.value == 2


def test_other_entries_are_shown_from_the_first_and_the_same_are_left_alone(
    box: ChoiceBox, chosen: list[Any]
) -> None:
    box.show_value(2)
    box.set_entries(list(FRUIT))
    assert box.value == 2
    box.set_entries([(7, "Kiwi"), (2, "Pear")])
    assert (box.value, box.count()) == (7, 2)
    box.set_entries(())
    assert box.value is None
    assert chosen == []


def test_what_is_not_offered_says_why(box: ChoiceBox) -> None:
    for why_not in ("Not ripe yet", ""):
        box.offer(2, why_not)
        item = box.model().index(1, 0)
        assert bool(item.flags() & Qt.ItemFlag.ItemIsEnabled) is (why_not == "")
        assert item.data(Qt.ItemDataRole.ToolTipRole) == why_not


def test_a_right_click_is_left_to_the_window(box: ChoiceBox) -> None:
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        event = QContextMenuEvent(reason, QPoint(5, 5), box.mapToGlobal(QPoint(5, 5)))
        event.accept()
        QApplication.sendEvent(box, event)
        assert not event.isAccepted()


def test_the_wheel_scrolls_the_page_unless_the_box_has_the_focus(
    qtbot: QtBot, box: ChoiceBox, chosen: list[Any]
) -> None:
    box.show()
    qtbot.waitExposed(box)
    box.clearFocus()
    assert not wheel(box)
    assert chosen == []
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert wheel(box)
    assert chosen == [2]


def test_a_text_that_does_not_fit_ends_in_dots(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, DARK)  # with its style sheet Qt cuts the text anywhere
    long, dotted = "Residual, batch normalisation", "Residual, batch n…"
    wide = ChoiceBox("Network", entries=((1, dotted),))
    narrow = ChoiceBox("Network", entries=((1, long),), characters=4)
    for box in (wide, narrow):
        qtbot.addWidget(box)
    narrow.resize(wide.sizeHint())
    wide.resize(wide.sizeHint())
    length_of = narrow.fontMetrics().horizontalAdvance
    assert length_of(long) > narrow.width()
    texts = [f"{long[:length]}…" for length in range(5, len(long))]
    texts = [text for text in texts if length_of(text) <= length_of(dotted)]
    assert painted(narrow) in [painted_text(wide, text) for text in texts]


@pytest.mark.parametrize("scale", [1.0, 1.37, 1.85])
def test_a_box_of_its_own_size_cuts_none_of_its_texts(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    apply_theme(qapp, DARK, scale)
    text = "Variational autoencoder (beta-VAE)"
    box = ChoiceBox("Objective", entries=((1, text), (2, "Autoencoder")))
    qtbot.addWidget(box)
    box.resize(box.sizeHint())
    wider = ChoiceBox("Objective", entries=((1, text), (2, "Autoencoder")))
    qtbot.addWidget(wider)
    wider.resize(box.width() + 40, box.height())
    edge = 10 + box.fontMetrics().horizontalAdvance(text)
    area = QRect(0, 0, edge, box.height())
    assert box.grab(area).toImage() == wider.grab(area).toImage()
    apply_theme(qapp, DARK)
