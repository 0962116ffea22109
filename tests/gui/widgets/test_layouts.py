"""Rows and columns of widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from aestudio.gui.theme.style import apply_theme, current_theme
from aestudio.gui.widgets.layouts import boxed, column, fill, labelled, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def blocks(count: int) -> list[QWidget]:
    made = [QWidget() for _ in range(count)]
    for block in made:
        block.setFixedSize(10, 10)
    return made


def test_a_row_puts_gaps_and_margins_where_they_are_named(qtbot: QtBot) -> None:
    box, (left, middle, right) = QWidget(), blocks(3)
    qtbot.addWidget(box)
    row(left, middle, 20, right, fill(), gap=4, margins=(1, 2, 3, 5), on=box)
    box.resize(200, 17)
    box.show()
    assert [part.x() for part in (left, middle, right)] == [1, 15, 49]
    assert left.y() == 2
    assert box.minimumSizeHint().height() == 17


def test_what_fills_takes_the_rest(qtbot: QtBot) -> None:
    box, (above,) = QWidget(), blocks(1)
    below = QWidget()
    qtbot.addWidget(box)
    column(above, fill(below, 2), fill(factor=1), gap=0, on=box)
    box.resize(50, 70)
    box.show()
    assert (above.geometry().height(), below.geometry().height()) == (10, 40)


def test_layouts_lie_in_layouts(qtbot: QtBot) -> None:
    first, second, third = blocks(3)
    box = boxed(column(row(first, fill(), second), third), role="panel")
    qtbot.addWidget(box)
    box.resize(100, 28)
    box.show()
    assert (second.x(), second.y(), third.y()) == (90, 0, 18)
    assert box.property("role") == "panel"


def test_a_name_belongs_to_its_widget(qtbot: QtBot) -> None:
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


@pytest.mark.usefixtures("_twice_as_large")
def test_lengths_grow_with_the_theme(qtbot: QtBot) -> None:
    box, (left, right) = QWidget(), blocks(2)
    qtbot.addWidget(box)
    row(left, right, fill(), gap=4, margins=(3, 0, 0, 0), on=box)
    box.resize(200, 10)
    box.show()
    assert (left.x(), right.x()) == (6, 24)
