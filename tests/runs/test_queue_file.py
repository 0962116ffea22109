"""The file of the trainings that wait: what is written reads back, what is damaged is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.recipes.library import find_recipe
from aestudio.runs.queue_file import MOST_TRAININGS, queued, read_queue, recipe_of, write_queue

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


def test_trainings_read_back(tmp_path: Path, few_digits: Dataset) -> None:
    recipe = find_recipe("vae").with_settings({"latent_size": 7, "seed": 3})
    first = queued(recipe, few_digits.origin, few_digits.facts, "cpu")
    second = replace(queued(find_recipe("deep-ae"), "auto", None, "auto"), problem="The disk is full")
    write_queue(tmp_path / "queue.json", (first, second))
    assert read_queue(tmp_path / "queue.json") == (first, second)
    assert recipe_of(first) == recipe
    assert first.changes == ("latent 7", "seed 3")
    assert first.data_title == few_digits.title
    assert first.key != second.key


def test_no_file_is_an_empty_queue(tmp_path: Path) -> None:
    assert read_queue(tmp_path / "queue.json") == ()


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:40],
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: text.replace('"origin"', '"place"'),
        lambda text: json.dumps({**json.loads(text), "trainings": json.loads(text)["trainings"] * 2}),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "queue.json"
    write_queue(path, (queued(find_recipe("vae"), "auto", None, "auto"),))
    path.write_text(damage(path.read_text()))  # type: ignore[operator]
    with pytest.raises(StudioError, match="queue of trainings cannot be read") as problem:
        read_queue(path)
    assert problem.value.where == str(path)


def test_a_recipe_whose_parts_are_missing_is_kept_and_refused_when_it_begins(tmp_path: Path) -> None:
    entry = queued(find_recipe("vae"), "auto", None, "auto")
    table = json.loads(entry.recipe)
    table["network"]["kind"] = "my_network"
    write_queue(tmp_path / "queue.json", (replace(entry, recipe=json.dumps(table)),))
    (kept,) = read_queue(tmp_path / "queue.json")
    assert json.loads(kept.recipe) == table
    with pytest.raises(StudioError, match="my_network"):
        recipe_of(kept)


def test_too_many_are_refused(tmp_path: Path) -> None:
    entry = queued(find_recipe("vae"), "auto", None, "auto")
    with pytest.raises(StudioError, match="more than 200"):
        write_queue(tmp_path / "queue.json", (entry,) * (MOST_TRAININGS + 1))
