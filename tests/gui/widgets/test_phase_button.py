"""The menu that steps one phase alone."""

import pytest

from aestudio.gui.widgets.phase_button import PhaseButton
from aestudio.recipes.phase import SINGLE, Phase

PHASES = (Phase("critic", "Critic & judge"), Phase("generator", "Generator", every=5))


@pytest.fixture
def button(qtbot):
    made = PhaseButton("One phase alone")
    qtbot.addWidget(made)
    return made


def test_it_is_there_for_several_phases_only(button):
    assert button.isHidden()
    button.set_phases(PHASES)
    assert not button.isHidden()
    button.set_phases(SINGLE)
    assert button.isHidden()


def test_each_entry_chooses_its_phase(button, qtbot):
    button.set_phases(PHASES)
    actions = button.fill().actions()
    assert [action.text() for action in actions] == ["Step: Critic && judge only", "Step: Generator only"]
    with qtbot.waitSignal(button.chosen) as chosen:
        actions[1].trigger()
    assert chosen.args == ["generator"]


def test_opening_it_again_leaves_no_entries_behind(button):
    button.set_phases(PHASES)
    for _ in range(3):
        menu = button.fill()
    assert len(menu.actions()) == 2
