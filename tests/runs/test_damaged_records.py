"""An invalid field in a run.json is reported with that run, and hides no other run."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.cli.run_table import row_table, row_to_json
from aestudio.errors import StudioError
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.metrics_file import read_points
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.run_rows import COLUMNS, run_row

if TYPE_CHECKING:
    from pathlib import Path


def damage(run: KeptRun, key: str, value: str) -> None:
    """Replace a field, e.g. "recipe.title", by JSON text."""
    table = json.loads((run.folder / RECORD).read_text("utf-8"))
    *path, last = key.split(".")
    part = table
    for name in path:
        part = part[name]
    part[last] = "@"
    (run.folder / RECORD).write_text(json.dumps(table).replace('"@"', value), "utf-8")


@pytest.mark.parametrize(
    ("key", "value", "readable"),
    [
        ("recipe.title", "5", False),
        ("recipe.essential", '["\\ud800"]', False),
        ("title", '"\\ud800"', False),
        ("title", "null", False),
        ("created", '"2026-11-27T21:57:26"', True),
        ("created", '"0001-01-01T00:00:00+14:00"', False),
        ("created", '"9999-12-31T23:59:59-14:00"', False),
        ("created", "Infinity", False),
        ("created", "1e300", False),
        ("seconds", "1e999", False),
        ("seconds", "NaN", False),
        ("epoch", '"inf"', False),
        ("step", "9" * 400, False),
        ("step", "-1", False),
        ("steps_per_epoch", "0.5", False),
        ("last", "[]", False),
        ("last", '{"validation": 5}', False),
        ("last", '{"validation": {}}', True),
        ("last", '{"validation": {"loss": "x"}}', False),
        ("last", '{"validation": {"loss": "nan"}}', True),
        ("live", '{"beta": "inf"}', False),
        ("latent", '{"mig_measured": "\\u0000", "step": 18}', True),
        ("latent", "[]", True),
        ("latent", "5", True),
        ("evaluation", "[1]", True),
        ("branched_from", '{"run": "x", "step": 1e300}', False),
        ("branched_from", '{"run": "x", "step": 3, "changes": {"beta": [[]]}}', True),
        ("format", '"x"', False),
        ("format", "[]", False),
        ("name", "[" * 60_000, False),
        ("versions", '{"torch": null}', False),
    ],
)
def test_an_invalid_field_hides_no_other_run(
    kept: KeptRun, tmp_path: Path, key: str, value: str, readable: bool
) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(kept.folder, bad)
    damage(KeptRun.at(bad), key, value)
    runs = {run.name: run for run in kept_runs(tmp_path)}
    assert set(runs) == {"kept", "bad"}
    assert runs["kept"].record is not None
    assert (runs["bad"].record is not None) is readable, runs["bad"].problem
    for run in runs.values():
        texts = (
            run.title,
            run.describe(),
            *(column.text(run_row(run)) for column in COLUMNS),
            row_table([run_row(run)]),
            json.dumps(row_to_json(run_row(run))),
        )
        assert "".join(texts).encode()
    if not readable:
        with pytest.raises(StudioError, match=rf"record cannot be read.*{RECORD}|newer version"):
            runs["bad"].require_record()


def test_invalid_metrics_are_measured_again_and_valid_ones_stay(kept: KeptRun) -> None:
    gap = {"gap": 0.1, "dimension": 0, "tells": 0.5}
    table = {
        "dataset": "builtin",
        "step": 18,
        "images": 60,
        "bins": 20,
        "mig_measured": 0.1,
        "mig_true": None,
    }
    damage(kept, "latent", json.dumps(table | {"measured": {"area": gap}}))
    assert KeptRun.at(kept.folder).latent_metrics(18, "builtin") == table | {"measured": {"area": gap}}
    damage(kept, "latent", json.dumps(table | {"measured": {"area": gap | {"dimension": "0"}}}))
    assert KeptRun.at(kept.folder).latent_metrics(18, "builtin") is None


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may read all")
def test_a_folder_without_permission_hides_no_other_run(kept: KeptRun, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0)
    try:
        runs = {run.name: run for run in kept_runs(tmp_path)}
        assert runs["kept"].record is not None
        assert "No permission" in runs["closed"].describe()
    finally:
        closed.chmod(0o700)


def test_a_run_that_cannot_be_listed_hides_no_other(
    kept: KeptRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for users who may read everything: the disk refuses one folder."""
    (tmp_path / "broken").mkdir()
    whole = os.scandir

    def refused(path: Any) -> Any:
        if os.path.basename(path) == "broken":
            raise OSError(5, "Input/output error")
        return whole(path)

    monkeypatch.setattr(os, "scandir", refused)
    runs = {run.name: run for run in kept_runs(tmp_path)}
    assert runs["kept"].record is not None
    assert "Input/output error" in runs["broken"].describe()


@pytest.mark.parametrize(
    "line",
    [
        b'{"split":"training","step":Infinity,"epoch":1,"terms":{"loss":1}}',
        b'{"split":"training","step":1e999,"epoch":1,"terms":{"loss":1}}',
        b'{"split":"training","step":-1,"epoch":1,"terms":{"loss":1}}',
        b'{"split":"training","step":' + b"9" * 5000 + b',"epoch":1,"terms":{"loss":1}}',
        b'{"split":"training","step":1,"epoch":1,"terms":{"loss":' + b"9" * 400 + b"}}",
        b'{"split":"training","step":1,"epoch":"nan","terms":{"loss":1}}',
        b'{"split":"training","step":1,"epoch":1,"terms":[]}',
        b'{"split":[],"step":1,"epoch":1,"terms":{}}',
        b'{"split":"training","step":1,"epoch":1,"terms":{"\\ud800":1}}',
        b'{"change":5,"value":1,"step":1}',
        b'{"change":"beta","value":NaN,"step":1}',
        b"[" * 90_000,
        b'"\xff"',
    ],
)
def test_an_invalid_line_of_the_metrics_is_skipped(tmp_path: Path, line: bytes) -> None:
    good = b'{"split":"training","step":7,"epoch":0.5,"terms":{"loss":"nan","kl":2}}\n'
    (tmp_path / METRICS).write_bytes(good + line + b"\n" + good)
    points = read_points(tmp_path)
    assert [point.step for point in points] == [7, 7]


@pytest.mark.parametrize("title", ['""', '" \\t"'])
def test_a_run_without_a_title_has_the_name_of_its_folder(kept: KeptRun, title: str) -> None:
    damage(kept, "title", title)
    assert KeptRun.at(kept.folder).title == kept.folder.name
