"""The texts of runs in the list."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aestudio.gui.window.sidebars.runs_panel import _loss, shown_name
from aestudio.recipes.library import find_recipe
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import RunRecord, write_record
from tests.runs.test_damaged_records import damage

NAME = "vae 2026-11-22 05.14"


def run(title, shipped=False):
    record = RunRecord(
        name=NAME,
        title=title,
        recipe=find_recipe("vae"),
        dataset="mnist",
        seed=0,
        device="cpu",
        status="finished",
        created=datetime(2026, 11, 22, 5, 14, tzinfo=UTC),
    )
    return KeptRun(Path(NAME), record, None, shipped)


@pytest.mark.parametrize(("title", "first"), [(NAME, "VAE"), ("for Monday", "for Monday")])
def test_a_run_is_shown_with_its_title_or_recipe_and_start_time(title, first):
    started = f"{datetime(2026, 11, 22, 5, 14, tzinfo=UTC).astimezone():%Y-%m-%d %H:%M}"
    assert shown_name(run(title)) == (first, started)


def test_shipped_and_damaged_runs_have_one_line():
    assert shown_name(run("x", shipped=True)) == ("VAE", "")
    assert shown_name(KeptRun(Path(NAME), None)) == (NAME, "")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("recipe.title", "5"),
        ("title", '"\\ud800"'),
        ("created", '"2026-11-27T21:57:26"'),
        ("seconds", "NaN"),
        ("last", '{"validation": {"loss": "nan"}}'),
    ],
)
def test_a_run_with_an_invalid_field_can_be_shown(key: str, value: str, tmp_path: Path) -> None:
    record = run("for Monday").record
    assert record is not None
    write_record(tmp_path, record)
    damage(KeptRun.at(tmp_path), key, value)
    damaged = KeptRun.at(tmp_path)
    assert "\n".join(shown_name(damaged)).encode()
    assert _loss(damaged).encode() or damaged.last_loss is None
