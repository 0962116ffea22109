"""Rows and columns of widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from aestudio.gui.theme.style import apply_theme, current_theme
from aestudio.gui.widgets.layouts import aligned, boxed, column, fill, labelled, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def blocks(count: int) -> list[QWidget]:
    widgets = [QWidget() for _ in range(count)]
    for block in widgets:
        block.setFixedSize(10, 10)
    return widgets


def test_a_row_has_the_given_gaps_and_margins(qtbot: QtBot) -> None:
    box, (left, middle, right) = QWidget(), blocks(3)
    qtbot.addWidget(box)
    row(left, middle, 20, right, fill(), gap=4, margins=(1, 2, 3, 5), on=box)
    box.resize(200, 17)
    box.show()
    assert [block.x() for block in (left, middle, right)] == [1, 15, 49]
    assert left.y() == 2
    assert box.minimumSizeHint().height() == 17


def test_fill_takes_the_remaining_space_by_factor(qtbot: QtBot) -> None:
    box, (above,) = QWidget(), blocks(1)
    below = QWidget()
    qtbot.addWidget(box)
    column(above, fill(below, 2), fill(factor=1), gap=0, on=box)
    box.resize(50, 70)
    box.show()
    assert (above.geometry().height(), below.geometry().height()) == (10, 40)


def test_an_aligned_widget_keeps_its_size(qtbot: QtBot) -> None:
    box, (block,) = QWidget(), blocks(1)
    qtbot.addWidget(box)
    row(aligned(block, Qt.AlignmentFlag.AlignBottom), gap=0, on=box)
    box.resize(10, 50)
    box.show()
    assert (block.y(), block.height()) == (40, 10)


def test_no_margins_are_those_of_the_style(qtbot: QtBot) -> None:
    box, other = QWidget(), QWidget()
    for widget in (box, other):
        qtbot.addWidget(widget)
    assert column(margins=None, on=box).contentsMargins() == QVBoxLayout(other).contentsMargins()


def test_layouts_can_be_nested(qtbot: QtBot) -> None:
    first, second, third = blocks(3)
    box = boxed(column(row(first, fill(), second), third), role="panel")
    qtbot.addWidget(box)
    box.resize(100, 28)
    box.show()
    assert (second.x(), second.y(), third.y()) == (90, 0, 18)
    assert box.property("role") == "panel"


def test_a_label_is_the_buddy_of_its_widget(qtbot: QtBot) -> None:
    editor = QLineEdit()
    box = boxed(labelled("Difference", editor))
    qtbot.addWidget(box)
    name = box.findChild(QLabel)
    assert name is not None
    assert (name.text(), name.buddy(), name.property("role")) == ("Difference", editor, "muted")


@pytest.fixture
def _twice_as_large(qapp: QApplication) -> Iterator[None]:
    theme = current_theme()
    apply_theme(qapp, theme, 2.0)
    yield
    apply_theme(qapp, theme, theme.scale)


def test_spaces_follow_the_size_of_type_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    """Also those of a nested row; a space that was set afterwards stays, and a change of colours is none."""
    box, (first, second, third) = QWidget(), blocks(3)
    qtbot.addWidget(box)
    inner = row(first, 20, second, fill(), gap=4)
    column(inner, third, fill(), gap=6, margins=(3, 5, 0, 0), on=box)
    other = QWidget()
    qtbot.addWidget(other)
    kept = row(gap=4, on=other)
    kept.setSpacing(9)
    box.resize(200, 100)
    box.show()
    theme = current_theme()
    try:
        apply_theme(qapp, theme, 2.0)
        qtbot.waitUntil(lambda: (first.x(), first.y()) == (6, 10))
        assert (second.x() - first.geometry().right() - 1, third.y()) == (2 * (20 + 4), 10 + 10 + 12)
        assert kept.spacing() == 9
    finally:
        apply_theme(qapp, theme, theme.scale)
    qtbot.waitUntil(lambda: (first.x(), first.y()) == (3, 5))
    assert (second.x() - first.geometry().right() - 1, third.y()) == (20 + 4, 5 + 10 + 6)


@pytest.mark.usefixtures("_twice_as_large")
def test_lengths_grow_with_the_theme(qtbot: QtBot) -> None:
    box, (left, right) = QWidget(), blocks(2)
    qtbot.addWidget(box)
    row(left, right, fill(), gap=4, margins=(3, 0, 0, 0), on=box)
    box.resize(200, 10)
    box.show()
    assert (left.x(), right.x()) == (6, 24)
