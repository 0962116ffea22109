"""Kept runs as rows of a list: values, texts, order and filter; the best validation and not the last."""

from __future__ import annotations

import json
import math
import random
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import BadChoice
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.runs.best_validation import best_of, best_validation
from aestudio.runs.branch import branch_run
from aestudio.runs.index import kept_runs, shipped_models
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import read_points, read_validations, rewrite
from aestudio.runs.run_record import BranchedFrom, RunRecord, change_record, now, write_record
from aestudio.runs.run_rows import (
    COLUMNS,
    RunRow,
    column_of,
    epochs_of_text,
    matching_rows,
    run_row,
    run_rows,
    size_text,
    sorted_rows,
)
from aestudio.training.events import LiveChange, MetricPoint
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from aestudio.runs.metrics_file import Point


def lowest_in_file(folder: Path, loss: str = "loss") -> float:
    """The lowest validation loss, read from the file by other means."""
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return min(row["terms"][loss] for row in rows if row.get("split") == "validation")


def record_of(name: str = "run", **values: Any) -> RunRecord:
    recipe = values.pop("recipe", find_recipe("vae"))
    facts: dict[str, Any] = {
        "name": name,
        "title": name,
        "recipe": recipe,
        "dataset": "mnist",
        "dataset_title": "MNIST",
        "seed": 0,
        "device": "cpu",
        "status": "finished",
        "created": now(),
    }
    return RunRecord(**(facts | values))


def validation(step: int, loss: float) -> MetricPoint:
    return MetricPoint("validation", step, step / 10, {"loss": loss, "kl": 0.0})


def test_the_values_of_a_row(kept: KeptRun) -> None:
    kept.with_tags(["good", "talk 3"]).with_note("first\nsecond")
    run = KeptRun.at(kept.folder)
    row = run_row(run)
    assert (row.recipe, row.dataset, row.status, row.seed) == ("VAE", "Built-in digits", "finished", 0)
    assert (row.epochs, row.planned, row.latent_size, row.beta) == (2.0, 2, 3, 1.0)
    assert row.best.value == lowest_in_file(run.folder)
    assert row.best.unit == "nats per image"
    assert row.size == sum(path.stat().st_size for path in run.folder.rglob("*") if path.is_file())
    assert row.date == run.require_record().created
    texts = {column.name: column.text(row) for column in COLUMNS}
    assert texts["best"] == f"{row.best.value:.4g} nats per image"
    assert texts["epochs"] == "2 of 2"
    assert (texts["tags"], texts["note"]) == ("good, talk 3", "first")
    assert texts["name"] == "VAE, latent 3, epochs 2, hidden layers 24, batch 32", "its folder is called kept"


def test_the_best_and_not_the_last() -> None:
    points = [validation(10, 150.0), validation(20, 120.0), validation(30, 130.0), validation(40, math.nan)]
    points.append(MetricPoint("training", 50, 5.0, {"loss": 1.0}))
    best = best_of(points, record_of())
    assert (best.value, best.step, best.epoch, best.unit) == (120.0, 20, 2.0, "nats per image")


@pytest.mark.parametrize(
    ("points", "value"),
    [
        ([validation(10, 90.0), LiveChange(15, "beta", 4.0), validation(20, 120.0)], 120.0),
        ([validation(10, 90.0), LiveChange(10, "beta", 4.0)], None),
        ([validation(10, 90.0), LiveChange(15, "learning_rate", 4.0), validation(20, 120.0)], 90.0),
        ([validation(10, math.inf), validation(20, math.nan)], None),
        ([], None),
    ],
)
def test_only_comparable_losses_count(points: Sequence[Point], value: float | None) -> None:
    """With another beta the loss is another quantity; a learning rate changes nothing about it."""
    best = best_of(points, record_of())
    assert best.value == value
    assert best.unit == "nats per image"


def test_without_validation_images_there_is_no_validation() -> None:
    """Then the curve called validation is measured on the last training images."""
    recipe = find_recipe("vae").with_settings({"validation_images": 0})
    assert best_of([validation(10, 90.0)], record_of(recipe=recipe)).value is None


@pytest.mark.parametrize(
    ("changes", "value"), [({"beta": 4.0}, 120.0), ({"learning_rate": 0.1}, 90.0), ({}, 90.0)]
)
def test_of_a_branch_with_another_objective_only_its_own_losses_count(
    changes: dict[str, Any], value: float
) -> None:
    record = record_of(branched_from=BranchedFrom(run="other", step=15, changes=changes))
    assert best_of([validation(15, 90.0), validation(20, 120.0)], record).value == value


def test_validations_are_read_without_the_rest(kept: KeptRun) -> None:
    expected = [point for point in read_points(kept.folder) if getattr(point, "split", "") == "validation"]
    assert list(read_validations(kept.folder)) == expected != []
    with (kept.folder / "metrics.jsonl").open("ab") as file:
        file.write(b'{"change": "beta", "value": 2.0, "step": 5}\n{"split": "validation", "st')
    assert list(read_validations(kept.folder)) == [*expected, LiveChange(5, "beta", 2.0)]
    (kept.folder / "metrics.jsonl").unlink()
    assert read_validations(kept.folder) == ()


def test_what_changed_is_read_again(kept: KeptRun) -> None:
    before = run_row(kept)
    rewrite(kept.folder, [validation(10, 1.5)])
    change_record(kept.folder, live={"beta": 3.0})
    after = run_row(KeptRun.at(kept.folder).rename("a name"))
    assert (after.best.value, after.beta, after.name) == (1.5, 3.0, "a name")
    assert before.best.value != 1.5
    assert best_validation(kept).value == 1.5


def test_damaged_and_shipped_runs_have_rows(kept: KeptRun) -> None:
    (kept.folder / "run.json").write_text("{")
    row = run_row(KeptRun.at(kept.folder))
    assert (row.name, row.status, row.best.value, row.seed) == ("kept", "damaged", None, None)
    assert row.size > 0
    assert {column.text(row) for column in COLUMNS if column.numeric} == {"–", size_text(row.size)}
    for row in run_rows(shipped_models()):
        assert row.status == "shipped"
        loss = row.run.recipe.objective.terms()[0].name
        assert row.best.value == lowest_in_file(row.run.folder, loss)
        assert row.name == row.run.title


@pytest.fixture
def rows(kept: KeptRun) -> list[RunRow]:
    """Rows with losses of two units, some without one."""
    row = run_row(kept)
    values = [("run 10", 3.0, "nats"), ("Run 2", 20.0, "nats"), ("x", None, ""), ("a", 1.0, "squared error")]
    return [
        replace(
            row, name=name, best=replace(row.best, value=value, unit=unit), tags=("good",) * (name == "x")
        )
        for name, value, unit in values
    ]


def names(rows: Sequence[RunRow]) -> list[str]:
    return [row.name for row in rows]


def test_rows_are_sorted_as_people_count_and_by_unit(rows: list[RunRow]) -> None:
    assert names(sorted_rows(rows, "name")) == ["a", "Run 2", "run 10", "x"]
    assert names(sorted_rows(rows, "name", descending=True)) == ["x", "run 10", "Run 2", "a"]
    assert names(sorted_rows(rows, "best")) == ["run 10", "Run 2", "a", "x"]
    assert names(sorted_rows(rows, "best", descending=True)) == ["a", "Run 2", "run 10", "x"], "none is last"
    assert names(sorted_rows(rows, "seed")) == names(rows), "equal ones stay as they were"
    with pytest.raises(BadChoice, match="column cannot be 'colour'"):
        column_of("colour")


def test_every_column_sorts_every_row(rows: list[RunRow], kept: KeptRun) -> None:
    (kept.folder / "run.json").write_text("{")
    mixed = [*rows, run_row(KeptRun.at(kept.folder)), *run_rows(shipped_models())]
    for column in COLUMNS:
        for descending in (False, True):
            found = sorted_rows(mixed, column.name, descending)
            assert len(found) == len(mixed)
            known = [column.known(row) for row in found]
            assert known == sorted(known, reverse=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RUN", ["run 10", "Run 2"]),
        ("run 2", ["Run 2"]),
        ("#good", ["x"]),
        ("#goo", []),
        ("", None),
        ("vae", None),
    ],
)
def test_rows_are_filtered_by_words_and_tags(text: str, found: list[str] | None, rows: list[RunRow]) -> None:
    assert names(matching_rows(rows, text)) == (names(rows) if found is None else found)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (2_668_608, "2.7 MB"), (61_400_000, "61 MB"), (1.94e9, "1.9 GB")],
)
def test_sizes_are_said_in_words(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_branch_keeps_its_own_title(kept: KeptRun) -> None:
    branch = branch_run(kept, 9, {"beta": 2.0})
    assert run_row(branch).name == "VAE, β 2 from step 9"


def test_the_name_of_the_user_comes_first(keep: Callable[..., KeptRun], tmp_path: Path) -> None:
    run = keep(tmp_path / "run", quick_recipe(epochs=1))
    assert run_row(run).name.startswith("VAE, latent 3")
    assert run_row(run.rename("mine")).name == "mine"


@pytest.mark.slow
def test_five_hundred_runs_are_read_quickly() -> None:
    randomness = random.Random(0)
    points = [
        MetricPoint(split, step, step / 450, {"loss": randomness.random(), "kl": 1.0, "reconstruction": 2.0})
        for step in range(0, 9000, 9)
        for split in (("training", "validation") if step % 90 == 0 else ("training",))
    ]
    first = runs_folder() / "run 0"
    first.mkdir(parents=True)
    rewrite(first, points)
    write_record(first, record_of(steps_per_epoch=450))
    for number in range(1, 500):
        shutil.copytree(first, runs_folder() / f"run {number}")
    begun = time.perf_counter()
    rows = run_rows(kept_runs())
    first_time, begun = time.perf_counter() - begun, time.perf_counter()
    again = run_rows(kept_runs())
    second_time = time.perf_counter() - begun
    assert len(rows) == 500
    assert {row.best.value for row in rows} == {lowest_in_file(first)}
    assert [row.best for row in again] == [row.best for row in rows]
    assert first_time < 6  # 1.1 s on an idle core
    assert second_time < 2  # 0.2 s


@pytest.mark.parametrize(
    ("epochs", "planned", "text"),
    [
        (0.0, 3, "0 of 3"),
        (0.0991, 3, "0.1 of 3"),
        (0.004, 3, "under 0.1 of 3"),
        (2.0, 2, "2 of 2"),
        (2.97, 3, "2.9 of 3"),
        (12.34, 20, "12.3 of 20"),
    ],
)
def test_epochs_read_well_and_are_complete_only_at_the_end(epochs: float, planned: int, text: str) -> None:
    assert epochs_of_text(epochs, planned) == text
