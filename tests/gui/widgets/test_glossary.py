"""Each term is explained once, in one sentence; whatever is explained in the window is a term."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from aestudio.gui.widgets import glossary
from aestudio.gui.widgets.glossary import explained, set_term, term, terms
from aestudio.recipes.library import shipped_recipes
from tests.sources import nodes_of, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

FUNCTIONS = {"set_term", "explained", "explanation"}
EXPECTED = {
    "nats",
    "bits",
    "kl",
    "elbo",
    "mig",
    "free_bits",
    "active_dimension",
    "r",
    "posterior",
    "prior",
    "latent_space",
    "traversal",
    "beta",
}


def uses() -> Iterator[tuple[str, str]]:
    """(file, key) of every term that the window explains by name."""
    for path in sources("gui"):
        if path.name == "glossary.py":
            continue
        for node in nodes_of(path, ast.Call):
            if getattr(node.func, "id", "") in FUNCTIONS:
                keys = node.args if getattr(node.func, "id", "") == "explanation" else node.args[1:]
                for key in keys:
                    if isinstance(key, ast.Constant):
                        yield path.name, str(key.value)


def test_every_term_is_defined_once() -> None:
    declared = [one.key for one in glossary._TERMS]
    titles = [one.title() for one in terms()]
    assert len(set(declared)) == len(declared)
    assert len({title.casefold() for title in titles}) == len(titles)
    assert set(declared) >= EXPECTED


def test_every_use_names_a_term_and_there_are_uses() -> None:
    found = list(uses())
    assert len(found) >= 12
    known = {one.key for one in terms()}
    assert [use for use in found if use[1] not in known] == []


def test_settings_and_losses_that_are_explained_exist() -> None:
    recipes = shipped_recipes()
    settings = {info.name for recipe in recipes for rows in recipe.settings().values() for info in rows}
    losses = {one.name for recipe in recipes for one in recipe.objective.terms()}
    losses |= {recipe.objective.image_loss().name for recipe in recipes}
    assert set(glossary.OF_SETTINGS) <= settings
    assert set(glossary.OF_LOSSES) <= losses
    for key in (*glossary.OF_SETTINGS.values(), *glossary.OF_LOSSES.values()):
        assert term(key).sentence()


@pytest.mark.parametrize("one", terms(), ids=lambda one: one.key)
def test_an_explanation_is_one_sentence(one: glossary.Term) -> None:
    sentence = one.sentence()
    without = re.sub(r"et al\. ", "", sentence)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert ". " not in without
    assert len(sentence) <= 260


def test_terms_are_sorted_by_their_titles() -> None:
    titles = [one.title().casefold() for one in terms()]
    assert titles == sorted(titles)


def test_a_widget_keeps_its_tooltip_and_gets_the_explanation_below(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    label.setToolTip("Of the test images.")
    set_term(label, "kl", "nats")
    lines = label.toolTip().splitlines()
    assert lines[0] == "Of the test images."
    assert [line.split(":")[0] for line in lines[1:] if ":" in line[:6]] == ["KL", "Nats"]
    assert max(map(len, lines)) <= 76  # a plain tooltip does not wrap by itself
    assert " ".join(lines[1:]) == f"KL: {term('kl').sentence()} Nats: {term('nats').sentence()}"
    assert label.property(glossary.PROPERTY) == "kl nats"


def test_an_unknown_term_is_refused() -> None:
    with pytest.raises(KeyError):
        explained("x", "no such term")
