"""A change out of presentation makes no form: the one of another recipe was made while it was hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from aestudio.recipes.library import find_recipe

_POLISHED = Qt.WidgetAttribute.WA_WState_Polished

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


def test_the_form_of_a_changed_recipe_exists_before_presentation_ends(person: Person) -> None:
    person.window.toggle_presentation()
    person.window.session.training.choose_recipe(find_recipe("conv-vae"))
    person.wait(lambda: person.state.recipe.name == "conv-vae")
    box = person.window.left.recipe
    made = box.form
    assert made is not None
    assert not made.isVisible()
    assert "channels" in made.values
    assert all(widget.testAttribute(_POLISHED) for widget in made.findChildren(QWidget))
    person.window.toggle_presentation()
    assert box.form is made
    assert made.isVisible()
    assert made.values["channels"] == person.state.recipe.value("channels")
