"""Hidden parts take a new theme when they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from aestudio.gui.theme.late_parts import leave_until_shown
from aestudio.gui.theme.style import (
    apply_theme,
    current_theme,
    is_theme_change,
    keep_length,
    set_role,
    take_theme,
)
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QEvent
    from pytestqt.qtbot import QtBot

# The platform of the tests says so when a list of choices opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LARGE = 1.5


@pytest.fixture(autouse=True)
def _dark_again(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, DARK)
    yield
    apply_theme(qapp, DARK)


class Told(QLabel):
    """Counts the themes that it is told of."""

    def __init__(self, text: str) -> None:
        self.themes = 0
        super().__init__(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.themes += is_theme_change(event)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window with two pages; the second is hidden, and waits with new themes until it is shown."""
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    for name in ("front", "behind"):
        page = QWidget()
        page.setObjectName(name)
        label = Told(name)
        set_role(label, "heading")
        keep_length(label, lambda label, _: label.setFixedHeight(label.fontMetrics().height()))
        QVBoxLayout(page).addWidget(label)
        layout.addWidget(page)
        leave_until_shown(page)
    window.show()
    qtbot.waitExposed(window)
    page_of(window, "behind").hide()
    return window


def page_of(window: QWidget, name: str) -> QWidget:
    page = window.findChild(QWidget, name)
    assert isinstance(page, QWidget)
    return page


def label_of(window: QWidget, name: str) -> Told:
    label = page_of(window, name).findChild(Told)
    assert isinstance(label, Told)
    return label


def looks(label: QLabel) -> tuple[int, int, str]:
    """Pixels of the type, height of the label, and colour of the text."""
    return label.font().pixelSize(), label.height(), label.palette().windowText().color().name()


def test_a_hidden_part_is_told_of_a_theme_when_it_is_shown(window: QWidget, qapp: QApplication) -> None:
    front, behind = label_of(window, "front"), label_of(window, "behind")
    before = behind.themes, front.themes
    for scale in (LARGE, 1.0, LARGE):
        apply_theme(qapp, LIGHT, scale)
    assert (behind.themes, front.themes) == (before[0], before[1] + 3)
    take_theme(page_of(window, "behind"))
    assert behind.themes == before[0] + 1
    page_of(window, "behind").show()
    qapp.processEvents()
    assert looks(behind) == looks(front)
    assert front.font().pixelSize() == current_theme().px(current_theme().heading_size)
    take_theme(page_of(window, "behind"))
    assert behind.themes == before[0] + 1, "it had that theme"


def test_a_role_that_changed_meanwhile_is_that_of_the_shown_part(window: QWidget, qapp: QApplication) -> None:
    front, behind = label_of(window, "front"), label_of(window, "behind")
    apply_theme(qapp, LIGHT, LARGE)
    for label in (front, behind):
        set_role(label, "muted")
    take_theme(page_of(window, "behind"))
    page_of(window, "behind").show()
    assert (
        looks(behind)[::2]
        == looks(front)[::2]
        == (current_theme().px(current_theme().body_size), LIGHT.muted.lower())
    )


def test_what_is_added_to_a_waiting_part_looks_like_the_rest(window: QWidget, qapp: QApplication) -> None:
    page = page_of(window, "behind")
    apply_theme(qapp, LIGHT, LARGE)
    added = QLabel("added")
    layout = page.layout()
    assert layout is not None
    layout.addWidget(added)
    set_role(added, "heading")
    take_theme(page)
    page.show()
    assert added.font() == label_of(window, "behind").font()


def test_a_part_within_a_hidden_part_takes_the_theme_with_it(window: QWidget, qapp: QApplication) -> None:
    page, inner = page_of(window, "behind"), label_of(window, "behind")
    leave_until_shown(inner)
    inner.hide()
    apply_theme(qapp, LIGHT, LARGE)
    take_theme(page)
    page.show()
    told = inner.themes
    take_theme(inner)
    inner.show()
    assert inner.themes == told
    assert inner.font() == label_of(window, "front").font()


def test_a_window_that_is_not_shown_yet_is_dressed_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    label = Told("7")
    qtbot.addWidget(label)
    leave_until_shown(label)
    label.ensurePolished()
    apply_theme(qapp, DARK, LARGE)
    assert label.fontMetrics().height() > 0
    assert label.font().pixelSize() == round(LARGE * DARK.body_size)


def test_the_list_of_a_choice_box_is_dressed_when_it_opens(qtbot: QtBot, qapp: QApplication) -> None:
    box = ChoiceBox("Which", entries=[(number, str(number)) for number in range(3)])
    qtbot.addWidget(box)
    box.show()
    qtbot.waitExposed(box)
    apply_theme(qapp, LIGHT, LARGE)
    assert box.font().pixelSize() == round(LARGE * LIGHT.body_size)
    box.showPopup()
    view = box.view()
    assert view.font().pixelSize() == round(LARGE * LIGHT.body_size)
    assert view.visualRect(view.model().index(0, 0)).height() >= round(LARGE * 24)
    box.hidePopup()
