"""The gallery: recipes are found by typing, and each says what differs from a chosen one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from aestudio.gui.state.own_models_state import OwnModelsState
from aestudio.gui.state.studio_state import StudioState
from aestudio.gui.window.gallery import Gallery, RecipeCard
from aestudio.recipes.library import find_recipe, shipped_recipes

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SHIPPED = shipped_recipes()
OWN = find_recipe("vae").model_copy(
    update={"name": "quiet-owl", "title": "Quiet owl", "purpose": "For the seminar.", "order": 100}
)


@pytest.fixture
def gallery(qtbot: QtBot) -> Gallery:
    state = StudioState(SHIPPED[0], (*SHIPPED, OWN), own=OwnModelsState(recipes=(OWN,)))
    shown = Gallery(state)
    qtbot.addWidget(shown)
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    shown.resize(1100, 700)
    shown.show()
    return shown


def card(gallery: Gallery, name: str) -> RecipeCard:
    return next(one for one in gallery.cards if one.recipe.name == name)


def found(gallery: Gallery) -> list[str]:
    """The names of the cards that are shown, from the upper left on."""
    visible = [one for one in gallery.cards if one.isVisible()]
    return [one.recipe.name for one in sorted(visible, key=lambda one: (one.y(), one.x()))]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("sparse", "l1-sparse-ae"), ("quiet", "quiet-owl"), ("seminar", "quiet-owl"), ("tomczak", "vamp-vae")],
)
def test_words_of_title_purpose_and_source_find_a_recipe(
    qtbot: QtBot, gallery: Gallery, typed: str, first: str
) -> None:
    qtbot.keyClicks(gallery.search, typed)
    qtbot.waitUntil(lambda: first in found(gallery)[:3])
    assert len(found(gallery)) < len(gallery.cards)
    gallery.search.clear()
    assert len(found(gallery)) == len(gallery.cards)


def test_own_recipes_are_found_by_that_word(qtbot: QtBot, gallery: Gallery) -> None:
    qtbot.keyClicks(gallery.search, "your own")
    assert found(gallery) == ["quiet-owl"]


def test_words_that_nothing_has_say_so(qtbot: QtBot, gallery: Gallery) -> None:
    qtbot.keyClicks(gallery.search, "xylophone")
    assert found(gallery) == []
    assert gallery.nothing.isVisible()
    gallery.search.clear()
    assert not gallery.nothing.isVisible()


def test_return_chooses_the_best_match_and_nothing_without_words(qtbot: QtBot, gallery: Gallery) -> None:
    qtbot.keyClick(gallery.search, Qt.Key.Key_Return)
    assert gallery.isVisible()
    qtbot.keyClicks(gallery.search, "quiet owl")
    with qtbot.waitSignal(gallery.chosen) as chosen:
        qtbot.keyClick(gallery.search, Qt.Key.Key_Return)
    assert chosen.args == [OWN]


def test_cards_say_what_differs_from_a_chosen_recipe_own_ones_too(gallery: Gallery) -> None:
    assert [gallery.against.itemData(index) for index in range(gallery.against.count())] == [
        "",
        *(one.name for one in SHIPPED),
        OWN.name,
    ]
    before = card(gallery, "vamp-vae").text_below
    gallery.against.show_value(OWN.name)
    gallery.against.chosen.emit(OWN.name)
    shown = card(gallery, "vamp-vae")
    assert shown.text_below.startswith("Objective VAE with VampPrior · Terms KL, by one draw")
    assert "Latent size (numbers): 20, there 32" in shown.toolTip()
    assert shown.accessibleDescription() == shown.toolTip()
    assert card(gallery, "vae").text_below == "Nothing differs."
    assert "The others" in card(gallery, OWN.name).text_below
    gallery.against.chosen.emit("")
    assert card(gallery, "vamp-vae").text_below == before
    assert "Tomczak" in card(gallery, "vamp-vae").toolTip()


def test_search_and_comparison_stay_when_the_recipes_change(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.against.show_value("vae")
    gallery.against.chosen.emit("vae")
    qtbot.keyClicks(gallery.search, "owl")
    other = OWN.with_settings({"beta": 4.0})
    state = StudioState(SHIPPED[0], (*SHIPPED, other), own=OwnModelsState(recipes=(other,)))
    gallery.show_state(replace(state))
    assert found(gallery) == ["quiet-owl"]
    assert card(gallery, "quiet-owl").text_below == "β 4"
    assert gallery.against.value == "vae"
