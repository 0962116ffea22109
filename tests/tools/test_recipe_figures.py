"""The tool that measures recipes writes what it found, and a table of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.evaluation_metrics import evaluate
from aestudio.recipes.figures import Figure, read_figures
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.training.events import SnapshotTaken
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tools.recipe_figures import PAGE, measured, table_of, write, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.mark.parametrize("name", ["vae", "digit-classifier"])
def test_a_recipe_is_trained_to_its_end_and_measured(name: str, few_digits: Dataset) -> None:
    recipe = find_recipe(name).with_settings({"epochs": 1, "batch_size": 32, "hidden": (16,)})
    figure = measured(recipe, few_digits)
    events = train(RunSpec("again", recipe, few_digits.name, "cpu"), few_digits)
    snapshot = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    again = evaluate(snapshot, few_digits.test)
    assert (figure.epochs, figure.steps, figure.seed) == (1, snapshot.step, 0)
    if name == "vae":
        assert again.reconstruction is not None
        assert figure.squared_error == pytest.approx(again.reconstruction.squared_error_per_image, rel=1e-3)
        assert figure.further == pytest.approx({"negative_elbo": again.terms["negative_elbo"]}, rel=1e-3)
    else:
        assert figure.squared_error is None
        assert figure.further == pytest.approx({"accuracy": again.terms["accuracy"]}, rel=1e-3)


def test_of_a_generator_the_rarest_class_is_measured(few_digits: Dataset) -> None:
    settings = {"epochs": 1, "batch_size": 100, "channels": (2, 2), "latent_size": 3}
    figure = measured(find_recipe("gan").with_settings(settings), few_digits)
    assert figure.squared_error is None
    assert list(figure.further) == ["rarest_class"]
    assert 0 <= figure.further["rarest_class"] <= 0.1


def test_rows_are_written_and_shown(tmp_path: Path) -> None:
    figures = {"vae": Figure(20, 9080, 0, 1.5, 12.34, {"negative_elbo": 105.2})}
    write(figures, tmp_path)
    assert json.loads((tmp_path / "figures.json").read_text())["vae"]["squared_error"] == 12.34
    page = tmp_path / "numbers.md"
    page.write_text("before\n<!-- table -->\nold\n<!-- end of the table -->\nafter\n", encoding="utf-8")
    write_table(figures, page)
    text = page.read_text(encoding="utf-8")
    assert "| vae | 20 | 9,080 | 0 | 12.34 | 105.2 |  |  |  | 1.5 |" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert np.char.count(text, "<!-- table -->") == 1


def test_the_page_shows_what_is_known() -> None:
    assert table_of(read_figures(), shipped_recipes()) in PAGE.read_text(encoding="utf-8")
