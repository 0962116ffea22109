"""Leaving presentation builds no form: the form of the new recipe was built while it was hidden."""

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
    person.window.session.recipe.choose_recipe(find_recipe("conv-vae"))
    person.wait(lambda: person.state.recipe.name == "conv-vae")
    box = person.window.left.recipe
    form = box.form
    assert form is not None
    assert not form.isVisible()
    assert "channels" in form.values
    older = {box.preview, *box.preview.findChildren(QWidget)}  # dressed when it is shown, see late_parts
    made = [widget for widget in form.findChildren(QWidget) if widget not in older]
    assert len(made) > 20
    assert all(widget.testAttribute(_POLISHED) for widget in made)
    person.window.toggle_presentation()
    assert box.form is form
    assert form.isVisible()
    assert form.values["channels"] == person.state.recipe.value("channels")
