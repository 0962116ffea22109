"""The header of the sliders and its animation menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK
from aestudio.gui.views.latent.sliders.slider_animation import SliderAnimator
from aestudio.gui.views.latent.sliders.slider_header import SliderHeader

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def head(qtbot: QtBot, qapp: QApplication) -> SliderHeader:
    if qapp.styleSheet() == "":
        apply_theme(qapp, DARK)
    made = SliderHeader(SliderAnimator())
    qtbot.addWidget(made)
    made.resize(300, 36)
    made.show()
    return made


def entries(head: SliderHeader) -> dict[str, QAction]:
    head.menu.aboutToShow.emit()
    menus = [head.menu, *(action.menu() for action in head.menu.actions() if action.menu() is not None)]
    return {action.text(): action for menu in menus for action in menu.actions() if action.text()}


def test_the_menu_sets_how_animations_run(head: SliderHeader) -> None:
    animator = head._animator
    found = entries(head)
    assert len(found) == len(entries(head))  # filled once
    checked = {text for text, action in found.items() if action.isChecked()}
    assert checked == {"Back and forth", "30", "4"}
    found["60"].trigger()
    found["Once: up, down, and back to where it began"].trigger()
    found["8"].trigger()
    assert (animator.rate, animator.mode, animator.seconds) == (60, "once", 8.0)
    animator.play(("axis", 0), 0.0, -1.0, 1.0)
    found["Stop all"].trigger()
    assert animator.playing == frozenset()


def test_it_fits_300_pixels_and_writes_out_where_there_is_room(qtbot: QtBot, head: SliderHeader) -> None:
    head.show_page(0, 16)
    assert head.minimumSizeHint().width() <= 300
    assert head.bases["dimensions"].text() == "z"
    head.resize(560, 36)
    qtbot.waitUntil(lambda: head.bases["dimensions"].text() == "Dimensions")


def test_pages_are_shown_where_there_are_several(head: SliderHeader) -> None:
    head.show_page(0, 1)
    assert not head.on.isVisible()
    head.show_page(0, 3)
    assert (head.page.text(), head.back.isEnabled(), head.on.isEnabled()) == ("1/3", False, True)
    head.show_page(2, 3)
    assert (head.page.text(), head.back.isEnabled(), head.on.isEnabled()) == ("3/3", True, False)


def test_every_control_has_a_name_a_tooltip_and_takes_the_keys(qtbot: QtBot, head: SliderHeader) -> None:
    head.show_page(1, 3)
    for control in (*head.bases.values(), head.filter, head.sort, head.back, head.on, head.options):
        assert control.accessibleName()
        assert control.toolTip()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(head.basis_chosen) as caught:
        qtbot.keyClick(head.bases["components"], Qt.Key.Key_Space)
    assert caught.args == ["components"]
