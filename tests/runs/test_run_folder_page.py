"""docs/run-folder.md: its code reads a run without the program, and its table names every file."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aestudio.runs.kept_run import KeptRun

PAGE = (Path(__file__).parents[2] / "docs" / "run-folder.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python( pandas| archive)?\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
NEWEST = Path(__file__).parent / "fixtures" / "versions" / "bf17fd93" / "run"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run's folder, which is the current one."""
    copy = Path(shutil.copytree(NEWEST, tmp_path / "run"))
    monkeypatch.chdir(copy)
    return copy


def executed(blocks: list[str]) -> dict[str, Any]:
    """The names that the blocks define, one after the other, as a reader types them."""
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/run-folder.md", "exec"), names)
    return names


def test_the_code_reads_what_the_program_reads(folder: Path) -> None:
    names = executed([code for needs, code in BLOCKS if not needs])
    run = KeptRun.at(folder)
    record, state = run.require_record(), run.newest_state().checkpoint
    assert state is not None
    assert (names["record"]["seed"], names["record"]["step"]) == (record.seed, record.step)
    expected = [(point.step, point.terms["loss"]) for point in run.points() if point.split == "training"]
    assert names["losses"] == expected
    assert names["weights"].keys() == state.snapshot.weights.keys()
    assert all(
        np.array_equal(names["weights"][name], state.snapshot.weights[name]) for name in names["weights"]
    )
    assert names["moments"].keys() == state.optimiser.keys()
    assert np.array_equal(names["generator"], state.noise)
    assert list(names["history"]) == [one.step for one in run.history_checkpoints()] == [4]
    assert {name: code.tolist() for name, code in names["codes"].items()} == {"a place": [0.5, -1.0]}


def test_the_code_needs_nothing_of_the_program(folder: Path) -> None:
    code = "\n".join(code for needs, code in BLOCKS if not needs)
    code += "\nimport sys\nassert not {'aestudio', 'torch'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=folder, capture_output=True, timeout=120)


@pytest.mark.skipif(find_spec("pandas") is None, reason="pandas is not installed here")
def test_pandas_reads_the_curves_in_one_line(folder: Path) -> None:
    curves = executed([code for needs, code in BLOCKS if needs == " pandas"])["curves"]
    points = KeptRun.at(folder).points()
    assert curves["step"].tolist() == [point.step for point in points]
    assert curves["terms.loss"].tolist() == [point.terms["loss"] for point in points]  # type: ignore[union-attr]


def test_a_run_as_one_file_is_an_archive_of_these_files(folder: Path) -> None:
    from aestudio.runs.shared_run_export import share_run

    run = KeptRun.at(folder)
    share_run(run, folder / "run.aestudio")
    names = executed([code for needs, code in BLOCKS if needs == " archive"])
    assert len(names["metrics"]) == len(run.points())
    assert {part["name"] for part in names["manifest"]["parts"]} >= {"run.json", "weights.safetensors"}


def test_every_file_of_a_run_is_on_the_page(folder: Path) -> None:
    named = set(re.findall(r"`([\w.]+)[/`]", PAGE))
    assert {path.name for path in folder.iterdir()} <= named
    for name in (
        "data.json",
        "own.digits",
        "imported.json",
        "view.json",
        "aside",
        "writer.lock",
        "runs.sqlite",
    ):
        assert name in named
