"""An invalid text disables Start with an explanation; a training never uses the previous value instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox

from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.number_box import NumberBox
from aestudio.gui.widgets.setting_box import SettingBox
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractSpinBox, QPushButton

    from aestudio.gui.widgets.setting_form import SettingForm
    from tests.end_to_end.conftest import Person


def form(person: Person) -> SettingForm:
    setting_form = person.window.left.recipe.form
    assert setting_form is not None
    return setting_form


def box(person: Person, name: str) -> SettingBox:
    editor = form(person).row(name).editor
    found = editor if isinstance(editor, SettingBox) else editor.findChildren(SettingBox)[0]
    assert isinstance(found, SettingBox)
    return found


def type_into(person: Person, target: QAbstractSpinBox, text: str) -> None:
    target.setFocus()
    target.selectAll()
    person.qtbot.keyClicks(target.lineEdit(), text)


def move_focus_away(person: Person) -> None:
    person.window.left.training.run_bar.setFocus()


@pytest.fixture
def start(person: Person) -> QPushButton:
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    return person.window.left.training.start


INVALID = [
    ("learning_rate", "-1", "Learning rate cannot be “-1”. Allowed: number above 0"),
    ("learning_rate", "0.01.2", "no separators of thousands"),
    ("epochs", "1,000", "without point or comma"),
    ("epochs", "0", "Epochs cannot be “0”"),
    ("epochs", "", "Epochs cannot be “”"),
]


@pytest.mark.thorough
def test_what_is_invalid_disables_start(person, start):
    """One window for all checks: opening it takes longer than the checks."""
    for name, text, reason in INVALID:
        an_invalid_text_disables_start_with_the_reason(person, start, name, text, reason)
        begin_anew(person, start)
    for check in (
        escape_restores_the_last_valid_value,
        a_refused_text_stays_when_another_setting_changes,
        another_recipe_begins_with_its_own_values,
        the_slider_beside_a_refused_text_sets_a_value,
        invalid_text_without_enter_does_not_start,
        incompatible_values_are_refused_until_corrected,
        a_comparison_needs_a_valid_recipe,
        a_comparison_does_not_start_with_the_previous_value,
        a_comma_beside_a_slider_of_the_latent_view,
        a_comma_beside_the_weight_and_a_refused_text_in_it,
    ):
        check(person, start)
        begin_anew(person, start)


def begin_anew(person, start):
    """The Train view, and the recipe without what was typed."""
    person.show("train")
    for name in ("conv-ae", "vae"):
        person.window.session.recipe.choose_recipe(small(name))
    person.wait(lambda: start.isEnabled() and box(person, "learning_rate").isVisible())
    assert not person.state.invalid


def an_invalid_text_disables_start_with_the_reason(person, start, name, text, reason):
    before = person.state.recipe
    type_into(person, box(person, name), text)
    if not text:
        person.qtbot.keyClick(box(person, name).lineEdit(), Qt.Key.Key_Backspace)
    move_focus_away(person)
    assert not start.isEnabled()
    assert not person.window.left.training.step.isEnabled()
    assert reason in start.toolTip()
    assert form(person).row(name).message.text()
    assert box(person, name).shown == text
    person.keys("Ctrl+Return")
    person.keys("Ctrl+.")
    assert person.training.phase == "idle"
    assert reason in person.state.message.text
    assert person.state.recipe == before


def test_a_corrected_text_enables_start_which_trains_with_it(person, start):
    type_into(person, box(person, "epochs"), "0")
    move_focus_away(person)
    assert not start.isEnabled()
    type_into(person, box(person, "epochs"), "1")
    move_focus_away(person)
    assert start.isEnabled()
    assert "Trains this recipe" in start.toolTip()
    assert form(person).row("epochs").message.text() == ""
    person.click(start)
    person.wait_phase("ended")
    assert person.training.started is not None
    assert person.training.started.epochs == 1


def escape_restores_the_last_valid_value(person, start):
    type_into(person, box(person, "epochs"), "none")
    move_focus_away(person)
    box(person, "epochs").setFocus()
    person.qtbot.keyClick(box(person, "epochs"), Qt.Key.Key_Escape)
    assert box(person, "epochs").shown == "2"
    assert start.isEnabled()


def a_refused_text_stays_when_another_setting_changes(person, start):
    type_into(person, box(person, "learning_rate"), "none")
    type_into(person, box(person, "epochs"), "3")
    move_focus_away(person)
    assert person.state.recipe.value("epochs") == 3
    assert box(person, "learning_rate").shown == "none"
    assert not start.isEnabled()


def another_recipe_begins_with_its_own_values(person, start):
    type_into(person, box(person, "epochs"), "none")
    move_focus_away(person)
    person.window.session.recipe.choose_recipe(small("conv-ae"))
    person.wait(start.isEnabled)
    assert box(person, "epochs").shown == "2"
    assert not person.state.invalid


def the_slider_beside_a_refused_text_sets_a_value(person, start):
    type_into(person, box(person, "learning_rate"), "none")
    move_focus_away(person)
    slider = form(person).row("learning_rate").editor.findChildren(FineSlider)[0]
    person.click(slider, QPoint(slider.width() // 4, slider.height() // 2))
    assert start.isEnabled()
    assert box(person, "learning_rate").shown == f"{person.state.recipe.value('learning_rate'):.6g}"


@pytest.mark.thorough
def test_text_without_enter_is_used_for_training(person, start):
    for epochs, begin in ((1, lambda: person.keys("Ctrl+Return")), (3, lambda: person.click(start))):
        person.window.session.recipe.choose_recipe(small())
        before = person.training.run
        type_into(person, box(person, "epochs"), str(epochs))
        begin()
        person.wait(lambda before=before: person.training.run != before)
        person.wait_phase("ended")
        assert person.training.started.epochs == epochs


def invalid_text_without_enter_does_not_start(person, start):
    type_into(person, box(person, "epochs"), "1x")
    person.keys("Ctrl+Return")
    assert person.training.phase == "idle"
    assert not start.isEnabled()


def test_a_paused_training_does_not_resume_with_the_old_value(person, start):
    person.window.session.recipe.choose_recipe(small(epochs=10_000))
    person.click(start)
    person.wait(lambda: person.step > 2)
    person.keys("Ctrl+Return")
    person.wait_phase("paused")
    type_into(person, box(person, "learning_rate"), "none")
    move_focus_away(person)
    assert not start.isEnabled()
    person.keys("Ctrl+Return")
    assert person.training.phase == "paused"
    type_into(person, box(person, "learning_rate"), "0,002")
    move_focus_away(person)
    assert start.isEnabled()
    assert person.training.live["learning_rate"] == 0.002


def incompatible_values_are_refused_until_corrected(person, start):
    """Cross-entropy needs a sigmoid at the output: neither alone is wrong."""
    person.window.session.recipe.choose_recipe(small("hidden-256"))
    own = form(person)
    distance, output = own.row("distance").editor, own.row("output").editor
    assert isinstance(distance, QComboBox)
    assert isinstance(output, QComboBox)
    choose(distance, "squared_error")
    choose(output, "linear")
    assert person.state.recipe.value("output") == "linear"
    choose(distance, "cross_entropy")
    assert person.state.recipe.value("distance") == "squared_error"
    assert distance.currentData() == "cross_entropy"
    assert not start.isEnabled()
    assert "Output" in own.row("distance").message.text()
    assert "cannot be “cross entropy”" in start.toolTip()
    choose(output, "sigmoid")  # now the two values are compatible, and both are set
    assert person.state.recipe.value("distance") == "cross_entropy"
    assert person.state.recipe.value("output") == "sigmoid"
    person.wait(start.isEnabled)
    assert own.row("distance").message.text() == ""


def choose(editor: QComboBox, value: str) -> None:
    editor.setCurrentIndex(editor.findData(value))
    editor.activated.emit(editor.currentIndex())


def a_comparison_does_not_start_with_the_previous_value(person, start):
    person.show("compare")
    person.wait_computed()
    set_up = person.window.view.set_up
    person.click(set_up.presets["latent size"])
    editor = set_up.values.editors[1]
    person.wait(editor.isVisible)
    type_into(person, editor, "8,5")
    set_up.difference.setFocus()
    assert not set_up.start.isEnabled()
    assert "without point or comma" in set_up.sentence.text()
    assert "without point or comma" in set_up.start.toolTip()
    assert start.isEnabled()  # a training of its own has nothing to do with it
    person.window.session.training.start(group="comparison")
    assert person.state.comparison.phase == "idle"
    type_into(person, editor, "4")
    set_up.difference.setFocus()
    assert set_up.start.isEnabled()
    assert person.window.session.comparison.plan.values == (2, 4, 32)
    assert "without" not in set_up.sentence.text()


def a_comparison_needs_a_valid_recipe(person, start):
    person.show("compare")
    person.wait_computed()
    type_into(person, box(person, "epochs"), "none")
    move_focus_away(person)
    both = person.window.view.set_up.start
    assert not both.isEnabled()
    assert not start.isEnabled()
    assert "Epochs cannot be" in both.toolTip()


def test_a_branch_does_not_start_with_the_previous_value(person, start):
    person.window.session.recipe.choose_recipe(small(epochs=1))
    person.click(start)
    person.wait_phase("ended")
    person.wait(lambda: person.state.history.usable)
    person.keys("Ctrl+Shift+B")
    popup = person.window.history.popup
    popup.choose("epochs")
    run = person.training.run
    type_into(person, popup.editor, "5")
    popup.setting.setFocus()
    type_into(person, popup.editor, "5x")
    popup.setting.setFocus()
    assert not popup.begin.isEnabled()
    assert "Allowed" in popup.message.text()
    assert "Allowed" in popup.begin.toolTip()
    popup.accept()
    assert popup.isVisible()
    assert person.training.run == run
    type_into(person, popup.editor, "2")
    popup.setting.setFocus()
    assert popup.begin.isEnabled()


def a_comma_beside_a_slider_of_the_latent_view(person, start):
    person.show("latent")
    person.wait_computed()
    slider = next(one for one in person.window.findChildren(NumberBox) if one.isVisible())
    for text, value in (("1,5", 1.5), ("-0,75", -0.75), ("1.234,5", -0.75)):
        type_into(person, slider, text)
        person.qtbot.keyClick(slider, Qt.Key.Key_Return)
        assert slider.value() == value


def a_comma_beside_the_weight_and_a_refused_text_in_it(person, start):
    person.show("latent")
    person.window.session.update(recipe_sidebar_open=False)
    person.wait_computed()
    weights = person.window.view.explorer.objective_weights
    beta = weights.editors["beta"].findChildren(SettingBox)[0]
    type_into(person, beta, "0,5")
    move_focus_away(person)
    assert person.state.recipe.value("beta") == 0.5
    type_into(person, beta, "0,5,5")
    move_focus_away(person)
    assert not start.isEnabled()
    assert "separators of thousands" in start.toolTip()
    assert weights.when.text() == "not allowed"
    type_into(person, beta, "2")
    move_focus_away(person)
    assert start.isEnabled()
    assert person.state.recipe.value("beta") == 2.0
