"""What recipes reach: rows of shipped recipes as they are, and the page that shows them."""

from __future__ import annotations

import pytest

from aestudio.recipes.figures import read_figures
from aestudio.recipes.library import find_recipe, shipped_recipes


def test_every_row_is_of_a_shipped_recipe_as_it_is() -> None:
    for name, figure in read_figures().items():
        training = find_recipe(name).training
        assert (figure.epochs, figure.seed) == (training.epochs, training.seed), (
            f"{name} must be measured again"
        )
        assert figure.steps == training.epochs * -(-58_000 // training.batch_size)
        assert figure.processor_minutes > 0


@pytest.mark.parametrize("recipe", shipped_recipes(), ids=lambda recipe: recipe.name)
def test_a_formula_is_one_short_line(recipe: object) -> None:
    formula = getattr(recipe, "objective").formula  # noqa: B009 - of any objective
    assert "\n" not in formula
    assert len(formula) <= 60
