"""A network that does not fit the images: a sentence in the recipe box and at Start, a gallery card."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.window.recipe_card import RecipeCard
from aestudio.gui.window.sidebars.recipe_box import RecipeBox
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session

SENTENCE = "The network does not fit images of 8 × 8: a convolution of 4 pixels does not fit into 1 × 1"


@pytest.fixture
def tiny() -> Dataset:
    """Images of 8x8."""
    images = np.random.default_rng(0).integers(0, 256, (40, 1, 8, 8), np.uint8)
    return Dataset("tiny", "Tiny", ImageSet(images), ImageSet(images[:10]))


@pytest.fixture
def session(studio_session: Session, tiny: Dataset) -> Session:
    """Four convolutions, each of which halves the image, and images of 8x8."""
    recipe = find_recipe("conv-vae").with_settings({"channels": (8, 8, 8, 8)})
    studio_session.update(recipe=recipe, data=DataState("tiny", "ready", dataset=tiny), model=None)
    return studio_session


def test_the_recipe_box_and_start_say_why(qtbot: QtBot, session: Session) -> None:
    box = RecipeBox(session)
    qtbot.addWidget(box)
    box.show_state(session.state)
    assert box.facts.text() == f"{SENTENCE}."
    compare = partial(session.training.start, group="comparison")
    for begin in (session.training.start, session.training.step, compare):
        session.show_message("")
        begin()
        assert session.state.message.text.startswith(SENTENCE)
        assert not session.state.training.active
        assert not session.state.comparison.active
    session.recipe.set_value("channels", (8, 8))
    box.show_state(session.state)
    assert "parameters" in box.facts.text()


def test_data_that_come_after_start_are_refused_as_well(session: Session, tiny: Dataset) -> None:
    session.update(data=DataState("tiny", "loading"))
    session.training.start()
    assert session.state.training.phase == "preparing"
    session.update(data=DataState("tiny", "ready", dataset=tiny))
    assert session.state.training.phase == "idle"
    assert session.state.message.text.startswith(SENTENCE)

    session.update(data=DataState("tiny", "loading"))
    session.training.start(group="comparison")
    assert session.state.comparison.phase == "preparing"
    session.show_message("")
    session.update(data=DataState("tiny", "ready", dataset=tiny))
    assert session.state.comparison.phase == "idle"
    assert session.state.message.text.startswith(SENTENCE)


def test_the_gallery_names_the_images_that_a_recipe_is_not_for(qtbot: QtBot, session: Session) -> None:
    state = session.state
    card = RecipeCard(state.recipe, False, state.data_shape)
    qtbot.addWidget(card)
    assert card._facts == "Not for images of 8 × 8"
    card.resize(card.sizeHint())
    assert not card.grab().isNull()
    fitting = RecipeCard(find_recipe("conv-vae"), False, state.data_shape)
    qtbot.addWidget(fitting)
    assert "parameters" in fitting._facts
