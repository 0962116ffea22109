"""The gallery: recipes are found by typing, and each says what differs from a chosen one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from aestudio.gui.state.own_models_state import OwnModelsState
from aestudio.gui.state.studio_state import StudioState
from aestudio.gui.window.gallery import Gallery
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.recipe_groups import GROUPS, group_of
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import RunRecord

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.window.recipe_card import RecipeCard

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


def run_of(recipe: str, epoch: float, shipped: bool = False) -> KeptRun:
    record = RunRecord(
        name=recipe,
        title=recipe,
        recipe=find_recipe(recipe),
        dataset="digits",
        seed=0,
        device="cpu",
        status="finished",
        created=datetime(2026, 11, 22, tzinfo=UTC),
        epoch=epoch,
    )
    return KeptRun(Path(recipe), record, shipped=shipped)


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


def test_cards_are_in_groups_and_the_list_leads_to_each(qtbot: QtBot, gallery: Gallery) -> None:
    """Each group's cards are below its heading; a click on its name brings the first of them to the top."""
    groups = [group for group in GROUPS if any(group_of(one) == group.name for one in SHIPPED)]
    names = [gallery.index.item(row).text().rsplit("  ", 1) for row in range(gallery.index.count())]
    counts = [sum(one.in_group == group.name for one in gallery.cards) for group in groups]
    assert names == [[group.title, str(count)] for group, count in zip(groups, counts, strict=True)]
    tops = [min(one.y() for one in gallery.cards if one.in_group == group.name) for group in groups]
    ends = [max(one.y() for one in gallery.cards if one.in_group == group.name) for group in groups]
    assert all(end < top for end, top in zip(ends, tops[1:], strict=False))
    bar = gallery._scroll.verticalScrollBar()
    for row, group in enumerate(groups):
        first = next(one for one in gallery.cards if one.in_group == group.name)
        gallery.index.setCurrentRow(row)
        assert gallery.index.currentRow() == row
        assert 0 < first.y() - bar.value() < first.height() or bar.value() == bar.maximum()
    bar.setValue(0)
    assert gallery.index.currentRow() == 0
    bar.setValue(tops[2])
    assert gallery.index.currentRow() == 2


def test_a_search_has_no_groups_and_ends_when_one_is_chosen(qtbot: QtBot, gallery: Gallery) -> None:
    qtbot.keyClicks(gallery.search, "gan")
    assert gallery.index.currentRow() == -1
    assert found(gallery)[0] in ("gan", "wgan-gp")
    gallery.index.setCurrentRow(1)
    assert gallery.search.text() == ""
    assert len(found(gallery)) == len(gallery.cards)


def test_cards_say_what_is_learned_already(gallery: Gallery) -> None:
    runs = (run_of("vae", 3.0), run_of("gan", 7.0, shipped=True), run_of("gan", 1.0), run_of("deep-ae", 0.4))
    state = StudioState(SHIPPED[0], SHIPPED, runs=runs)
    gallery.show_state(state)
    said = {one.recipe.name: one.trained for one in gallery.cards if one.trained}
    assert said == {"vae": "learned already", "gan": "ships trained"}
    assert "ships trained" in card(gallery, "gan").toolTip()


def test_coming_back_to_the_window_asks_for_new_files(qtbot: QtBot, gallery: Gallery) -> None:
    with qtbot.waitSignal(gallery.returned):
        gallery.activateWindow()
        QApplication.sendEvent(gallery, QEvent(QEvent.Type.ActivationChange))
