"""Every field of the window in which a number is typed takes 1,5 for one and a half, or says why not.

The sentence is visible: in the field's form, or in a note at the field; a tooltip alone is not enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QScrollArea, QWidget

from aestudio.gui.widgets.number_box import NumberBox, WholeBox
from aestudio.gui.widgets.setting_box import SettingBox
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Person


@pytest.fixture
def locales() -> Iterator[Iterator[str]]:
    """The names of locales, each of which is the default one when it is taken."""
    before = QLocale()

    def in_turn() -> Iterator[str]:
        for name in ("en_US", "de_DE"):
            QLocale.setDefault(QLocale(name))
            yield name

    yield in_turn()
    QLocale.setDefault(before)


def is_whole(box: QAbstractSpinBox) -> bool:
    return isinstance(box, WholeBox) or (isinstance(box, SettingBox) and box._info.kind == "integer")


def value(box: QAbstractSpinBox) -> object:
    assert isinstance(box, NumberBox | WholeBox | SettingBox)
    return box.value() if isinstance(box, NumberBox | WholeBox) else box.value


def fields(inside: QWidget) -> list[QAbstractSpinBox]:
    """The boxes for numbers that a user sees and can use."""
    return [
        box
        for box in inside.findChildren(QAbstractSpinBox)
        if box.isVisible()
        and box.isEnabled()
        and not (isinstance(box, SettingBox) and box._info.kind not in ("integer", "number"))
    ]


def type_into(person: Person, box: QAbstractSpinBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    person.qtbot.keyClicks(box.lineEdit(), text)
    person.qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Return)


def visible_texts(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def check_field(person: Person, box: QAbstractSpinBox) -> None:
    name, window, whole = box.accessibleName(), box.window(), is_whole(box)
    before = value(box)
    type_into(person, box, "1,500")
    said = " ".join(visible_texts(window))
    assert value(box) == before, name
    assert "1,500" in box.lineEdit().text(), name
    assert "1500" in said, f"{name}: {said}"
    assert ("without point or comma" if whole else "can mean 1.5 or 1500") in said.replace("\n", " "), name
    person.qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Escape)
    assert (value(box), box.property("refused") or False) == (before, False), name
    type_into(person, box, "0,75")
    said = " ".join(visible_texts(window))
    if whole:
        assert value(box) == before, name
        assert "without point or comma" in said, name
    elif box.property("refused"):
        assert value(box) == before, name
        assert "rom" in said or "above" in said, f"{name} is out of bounds: {said}"
    else:
        assert value(box) == 0.75, name
    person.qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Escape)


@pytest.mark.thorough
def test_every_field_of_the_window(person, locales):
    for _ in locales:
        person.show("train")
        check_every_field(person)


def check_every_field(person: Person) -> None:
    window = person.window
    person.wait(window.isVisible)
    window.activateWindow()
    form = window.left.recipe.form
    assert form is not None
    form.set_expanded(True)
    form.set_group_expanded("Augmentation", True)
    checked: dict[str, int] = {"recipe": 0}
    for box in fields(window.left):
        check_field(person, box)
        checked["recipe"] += 1
    window.session.recipe.choose_recipe(small())
    for view in ("reconstruct", "latent", "compare"):
        person.show(view)
        person.wait_computed()
        if view == "reconstruct":
            person.click(person.button("By index"))
        if view == "compare":
            person.click(window.view.set_up.presets["beta"])
            person.wait(lambda: len(fields(window.view)) > 2)
        found = fields(window.view)
        for box in found:
            check_field(person, box)
        checked[view] = len(found)
    assert checked["recipe"] >= 6
    assert checked["reconstruct"] >= 1
    assert checked["latent"] >= 2
    assert checked["compare"] >= 3


def test_the_form_of_a_branch(person, locales):
    window = person.window
    window.activateWindow()
    window.session.recipe.choose_recipe(small(epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    person.wait(lambda: person.state.history.usable)
    popup = window.history.popup
    for locale in locales:
        person.keys("Ctrl+Shift+B")
        popup.choose("epochs")
        [box] = fields(popup)
        type_into(person, box, "1,500")
        assert "without separators: 1500" in popup.message.text(), locale
        assert popup.message.isVisible()
        assert not popup.begin.isEnabled()
        person.keys("Escape", popup)
        assert not popup.isVisible()


def test_the_line_beside_start_is_whole_and_leads_to_the_field(person):
    for size in ((1024, 640), (1280, 800)):
        check_the_line_beside_start(person, size)


def check_the_line_beside_start(person: Person, size: tuple[int, int]) -> None:
    window = person.window
    window.resize(*size)
    window.activateWindow()
    person.wait(window.isActiveWindow)
    form, reason = window.left.recipe.form, window.left.training.reason
    assert form is not None
    if not form.isVisible():  # in a small window the rails are folded at first
        person.keys("Ctrl+B")
        person.wait(form.isVisible)
    assert not reason.isVisible()
    form.set_expanded(True)
    folded = next(
        row.editor
        for name in ("batch_size", "seed")
        if (row := form.row(name)).editor.isVisible() and isinstance(row.editor, SettingBox)
    )
    assert isinstance(folded, SettingBox)
    type_into(person, folded, "1,5")
    form.set_expanded(False)
    person.wait(reason.isVisible)
    assert folded._info.title in reason.text()
    assert reason.fontMetrics().horizontalAdvance(reason.text()) <= reason.width()
    assert window.rect().contains(QRect(reason.mapTo(window, QPoint(0, 0)), reason.size()))
    assert not window.left.training.start.isEnabled()
    person.click(reason)
    person.wait(folded.hasFocus)
    message = form.row(folded._info.name).message
    area = folded.parentWidget()
    while not isinstance(area, QScrollArea):
        assert area is not None
        area = area.parentWidget()
    view = QRect(area.viewport().mapTo(window, QPoint(0, 0)), area.viewport().size())
    for part in (folded, message):
        assert view.contains(QRect(part.mapTo(window, QPoint(0, 0)), part.size())), "the field and its reason"
    person.qtbot.keyClick(folded, Qt.Key.Key_Escape)
    person.wait(window.left.training.start.isEnabled)
    assert not reason.isVisible()
