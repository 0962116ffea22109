"""The benchmark of long lists: its runs can be listed, and come from the index the second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.paths import runs_folder
from aestudio.runs import search_index
from aestudio.runs.index import kept_runs
from aestudio.runs.listed_run import ListedRun
from aestudio.runs.run_rows import run_rows
from benchmarks.reliability.many_runs import make_runs

if TYPE_CHECKING:
    import pytest


def test_the_runs_are_whole_and_come_from_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "SETTLED_SECONDS", 0.0)
    make_runs(runs_folder(), 3)
    rows = run_rows(kept_runs())
    assert [(row.name, row.status) for row in rows] == [
        (f"VAE, seed {seed}", "finished") for seed in (2, 1, 0)
    ]
    assert all(row.best.value == 200 - 199 / 10 for row in rows)
    assert all(isinstance(run, ListedRun) for run in kept_runs())
