"""Words for what a conditional model was told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.gui.state.model_condition import ModelCondition
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.views.shared.condition_text import decoded_text, joined, own_text, told_text
from aestudio.inference.conditions import row_of_class
from tests.conditional.models import class_conditional, factor_conditional, with_factors
from tests.gui.conftest import tiny_snapshot

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session


def test_a_class_has_the_name_that_the_images_give_it(few_digits: Dataset) -> None:
    architecture = class_conditional().architecture
    told = row_of_class(architecture, 4)
    names = tuple(f"kind {label}" for label in range(10))
    named = ImageSet(few_digits.test.images, few_digits.test.labels, names)
    assert told_text(ModelCondition(architecture, (few_digits.test,)), told) == "as 4"
    assert told_text(ModelCondition(architecture, (named,)), told) == "as kind 4"
    assert told_text(ModelCondition(architecture), told) == "as 4"
    assert told_text(ModelCondition(architecture), None) == ""


def test_factors_have_their_names_and_values(few_digits: Dataset) -> None:
    architecture, data = factor_conditional().architecture, with_factors(few_digits)
    told = ModelCondition(architecture, (data.test, data.train))
    assert told_text(told, (-0.5, 12.25)) == "with slant −0.50, width 12.25"
    assert told_text(ModelCondition(architecture), (0.0, 1.0)) == "with 1 0.00, 2 1.00"
    assert told.factor_names == ("slant", "width")


def test_another_model_is_told_nothing() -> None:
    told = ModelCondition(tiny_snapshot().architecture)
    assert (told.kind, told.rows, told.label, told.ranges) == ("none", (), None, ())
    assert told_text(told, (1.0, 0.0)) == ""


@pytest.mark.parametrize(
    ("snapshot", "own"),
    [(tiny_snapshot, ""), (class_conditional, "told its class"), (factor_conditional, "told its factors")],
)
def test_words_about_images(studio_session: Session, snapshot: object, own: str) -> None:
    assert callable(snapshot)
    state = replace(studio_session.state, model=ExploredModel(snapshot(), "a", "kept"))
    assert own_text(state) == own
    assert decoded_text(state, None) == ""


def test_sentences_are_joined_without_empty_ones() -> None:
    assert joined("", "One.", "", "Two.") == "One. Two."
