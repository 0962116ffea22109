"""The header of the sliders and its animation menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK
from aestudio.gui.views.latent.sliders.slider_animation import SliderAnimator
from aestudio.gui.views.latent.sliders.slider_header import WIDE, SliderHeader

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def header(qtbot: QtBot, qapp: QApplication) -> SliderHeader:
    if qapp.styleSheet() == "":
        apply_theme(qapp, DARK)
    header = SliderHeader(SliderAnimator())
    qtbot.addWidget(header)
    header.resize(300, 36)
    header.show()
    return header


def entries(header: SliderHeader) -> dict[str, QAction]:
    header.menu.aboutToShow.emit()
    menus = [header.menu, *(action.menu() for action in header.menu.actions() if action.menu() is not None)]
    return {action.text(): action for menu in menus for action in menu.actions() if action.text()}


def test_the_menu_sets_how_animations_run(header: SliderHeader) -> None:
    animator = header._animator
    actions = entries(header)
    assert len(actions) == len(entries(header))  # filled once
    checked = {text for text, action in actions.items() if action.isChecked()}
    assert checked == {"Back and forth", "30", "4"}
    actions["60"].trigger()
    actions["Once: up, down, and back to where it began"].trigger()
    actions["8"].trigger()
    assert (animator.rate, animator.mode, animator.seconds) == (60, "once", 8.0)
    animator.play(("axis", 0), 0.0, -1.0, 1.0)
    actions["Stop all"].trigger()
    assert animator.playing == frozenset()


def test_it_fits_300_pixels_and_writes_names_out_if_they_fit(qtbot: QtBot, header: SliderHeader) -> None:
    header.show_page(0, 16)
    assert header.minimumSizeHint().width() <= 300
    assert header.bases["dimensions"].text() == "z"
    header.resize(WIDE, 36)
    qtbot.waitUntil(lambda: header.bases["dimensions"].text() == "Dimensions")
    assert header.minimumSizeHint().width() <= WIDE


def test_page_buttons_are_shown_for_several_pages(header: SliderHeader) -> None:
    header.show_page(0, 1)
    assert not header.next.isVisible()
    header.show_page(0, 3)
    assert (header.page.text(), header.previous.isEnabled(), header.next.isEnabled()) == ("1/3", False, True)
    header.show_page(2, 3)
    assert (header.page.text(), header.previous.isEnabled(), header.next.isEnabled()) == ("3/3", True, False)


def test_every_control_has_a_name_a_tooltip_and_keyboard_focus(qtbot: QtBot, header: SliderHeader) -> None:
    header.show_page(1, 3)
    for control in (
        *header.bases.values(),
        header.filter,
        header.sort,
        header.previous,
        header.next,
        header.options,
    ):
        assert control.accessibleName()
        assert control.toolTip()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(header.basis_chosen) as caught:
        qtbot.keyClick(header.bases["components"], Qt.Key.Key_Space)
    assert caught.args == ["components"]
