"""At most one button has the look of the primary one, whatever is in front and whatever is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QAbstractButton

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_state import ExploredModel
from aestudio.recipes.library import find_recipe
from aestudio.training.initial import initial_snapshot
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person

PANELS = ("grid", "interpolation", "attribute vectors", "samples", "drawings", "traversals", "nearest")


def primary(person: Person) -> list[str]:
    """The texts, or tooltips, of the visible primary buttons."""
    buttons: list[Any] = person.window.findChildren(QAbstractButton)
    shown = [one for one in buttons if one.isVisible() and one.property("role") == "primary"]
    return [one.text() or one.toolTip() for one in shown]


def check_every_view(person: Person, compared: str) -> None:
    for name in person.window.views:
        person.show(name)
        if name != "compare":
            assert len(primary(person)) == 1, (name, primary(person))
        else:
            assert primary(person) == [compared]
    for panel in PANELS:
        person.window.show_panel(panel)
        assert len(primary(person)) == 1, (panel, primary(person))


@pytest.mark.thorough
def test_there_is_one_primary_button_in_every_view(person: Person) -> None:
    window = person.window
    check_every_view(person, "Compare")
    window.sidebars.set_open(window.left, False)
    check_every_view(person, "Compare")
    window.sidebars.set_open(window.left, True)
    classifier = initial_snapshot(find_recipe("digit-classifier"), MNIST)
    window.session.update(model=ExploredModel(classifier, "Classifier", "kept"))
    person.show("reconstruct")
    view: Any = window.view
    assert view.empty_reason.empty._button.isVisible()
    assert primary(person) == ["Start"], "that an empty view offers is not as important"


@pytest.mark.thorough
def test_a_comparison_and_a_training_do_not_compete(person: Person) -> None:
    window, session = person.window, person.window.session
    session.recipe.choose_recipe(small(epochs=LONG))
    session.training.start(group="comparison")
    person.wait(lambda: person.state.comparison.phase == "running")
    person.show("compare")
    assert primary(person) == ["Pause"]
    start = window.left.training.start
    assert not start.isEnabled()
    assert "A comparison is being trained" in start.toolTip()
    session.training.stop(group="comparison")
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.wait(start.isEnabled)
    person.show("train")
    assert primary(person) == [start.text()]
