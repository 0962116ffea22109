"""`aestudio export RUN --to FORMAT --out PATH`, with every format that is declared."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.export.exporter import exporters
from aestudio.runs.index import kept_runs
from aestudio.training.events import MetricPoint
from tests.cli.conftest import SMALL
from tests.export.tables.test_event_file import of_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture
def run(aestudio: Callable[..., Answer]) -> str:
    """The name of a small trained VAE."""
    trained = aestudio("train", "vae", "--dataset", "builtin", *SMALL)
    assert trained.code == 0, trained.err
    (run,) = kept_runs()
    return run.name


@pytest.mark.thorough
def test_every_format_without_a_library_of_its_own(
    aestudio: Callable[..., Answer], run: str, tmp_path: Path
) -> None:
    """Each is written, says so, and is not replaced unless that is asked for; a folder never is."""
    tried = {name: one for name, one in exporters().items() if not one.lacking}
    assert {"features", "metrics", "run"} <= set(tried)
    for name, exporter in tried.items():
        path = tmp_path / f"{name}{exporter.suffix}"
        command = ("export", run, "--to", name, "--out", path, "--dataset", "builtin")
        answer = aestudio(*command)
        if name == "script":  # it reads MNIST's files, and the run was trained on others
            assert "trained on other images" in answer.err
            continue
        assert answer.code == 0, answer.err
        assert answer.out.endswith(f", to {path}\n")
        assert path.is_file() if exporter.suffix else path.is_dir()
        again = aestudio(*command)
        assert (again.code, "already" in again.err) == (1, True)
        replaced = aestudio(*command, "--overwrite")
        assert replaced.code == (0 if exporter.suffix else 1)
        for suffix in exporter.others:
            again = aestudio(*command[:5], path.with_suffix(suffix), *command[6:])
            assert again.code == 0, again.err
            path.with_suffix(suffix).unlink()
        other = aestudio("export", run, "--to", name, "--out", tmp_path / f"{name}.strange")
        assert (other.code == 0) is (exporter.suffix == "")
        path.unlink() if exporter.suffix else None
    assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_options_are_those_that_the_format_declares(
    aestudio: Callable[..., Answer], run: str, tmp_path: Path
) -> None:
    path = tmp_path / "codes.npz"
    command = ("export", run, "--to", "features", "--out", path, "--dataset", "builtin")
    assert aestudio(*command, "--set", "split=test").out == f"The codes of 60 images, to {path}\n"
    with np.load(path) as file:
        assert len(file["codes"]) == 60
    assert "option of features cannot be 'colour=red'" in aestudio(*command, "--set", "colour=red").err
    assert "--to cannot be 'word'" in aestudio("export", run, "--to", "word", "--out", path).err
    assert "Missing option '--out'" in aestudio("export", run, "--to", "features").err
    assert "--out and --set need --to" in aestudio("export", run, "--out", path).err


def test_the_curves_are_read_back_as_they_were(
    aestudio: Callable[..., Answer], run: str, tmp_path: Path
) -> None:
    path = tmp_path / "curves.csv"
    assert aestudio("export", run, "--to", "metrics", "--out", path).code == 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    (kept,) = kept_runs()
    expected = [
        (point.step, point.split, name, value)
        for point in kept.points()
        for name, value in getattr(point, "terms", {}).items()
    ]
    assert [(int(row["step"]), row["split"], row["term"], float(row["value"])) for row in rows] == expected


def test_codes_and_curves_as_parquet_have_types(
    aestudio: Callable[..., Answer], run: str, tmp_path: Path
) -> None:
    """What a reader of Parquet makes of them is what the other forms hold."""
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    forms = (("features", "npz"), ("features", "parquet"), ("metrics", "csv"), ("metrics", "parquet"))
    for name, suffix in forms:
        path = tmp_path / f"{name}.{suffix}"
        assert aestudio("export", run, "--to", name, "--out", path, "--dataset", "builtin").code == 0
    codes = parquet.read_table(tmp_path / "features.parquet")
    with np.load(tmp_path / "features.npz") as arrays:
        found = np.stack([codes[f"code {place}"].to_numpy() for place in (1, 2, 3)], axis=1)
        assert found.dtype == np.float32
        assert np.array_equal(found, arrays["codes"])
        assert np.array_equal(codes["label"].to_numpy(), arrays["labels"])
        assert codes["part"].to_pylist() == arrays["part"].tolist()
        assert json.loads(codes.schema.metadata[b"aestudio"])["recipe"] == arrays["recipe"].item()
    curves = parquet.read_table(tmp_path / "metrics.parquet").to_pylist()
    with (tmp_path / "metrics.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert curves == [
        {
            "step": int(row["step"]),
            "epoch": float(row["epoch"]),
            "split": row["split"],
            "term": row["term"],
            "value": float(row["value"]),
        }
        for row in rows
    ]
    assert curves


def test_without_the_library_it_is_said_before_anything_is_computed(
    aestudio: Callable[..., Answer], run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.export.tables.parquet_table.importlib.util.find_spec", lambda name: None)
    for name in ("features", "metrics"):
        path = tmp_path / "a.parquet"
        answer = aestudio("export", run, "--to", name, "--out", path, "--dataset", "builtin")
        assert (answer.code, "pip install 'aestudio[parquet]'" in answer.err) == (1, True)
        assert not path.exists()


def test_event_files_beside_a_training_and_of_a_kept_run(
    aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    """Both hold the points of the run, each split in a folder of its own."""
    command = ("train", "vae", "--dataset", "builtin", *SMALL, "--tensorboard", tmp_path / "log")
    assert aestudio(*command).code == 0
    (kept,) = kept_runs()
    answer = aestudio("export", kept.name, "--to", "tensorboard", "--out", tmp_path / "later")
    assert answer.code == 0, answer.err
    for split in ("training", "validation"):
        expected = [
            (point.step, pytest.approx(dict(point.terms)))
            for point in kept.points()
            if isinstance(point, MetricPoint) and point.split == split
        ]
        assert of_folder(tmp_path / "log" / kept.name / split) == expected
        assert of_folder(tmp_path / "later" / split) == expected
        assert expected
