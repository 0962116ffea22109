"""`python -m benchmarks`: what there is to measure, and what happens when something breaks."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from benchmarks import __main__ as command
from benchmarks.settings import Settings
from benchmarks.table import Row

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data" / "MNIST" / "raw").mkdir(parents=True)
    return tmp_path / "data"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Two benchmarks, "breaks" and "works"; the settings that the second was told."""
    told: list[Settings] = []

    def works(settings: Settings) -> list[Row]:
        told.append(settings)
        return [Row("Section", "subject", "figure", 2.0, "x", 1.0)]

    def breaks(settings: Settings) -> list[Row]:
        raise OSError("no disk left")

    there = {
        "works": SimpleNamespace(TITLE="one that works", measure=works),
        "breaks": SimpleNamespace(TITLE="one that breaks", measure=breaks),
    }
    monkeypatch.setattr(command, "names", lambda: sorted(there))
    monkeypatch.setattr(command, "find", there.get)
    monkeypatch.setattr(command, "describe", lambda: {"processor": "a fast one"})
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return told


@pytest.mark.parametrize("name", command.names())
def test_every_module_of_measures_is_a_benchmark(name: str) -> None:
    module = command.find(name)
    assert len(module.TITLE) > 10
    assert "\n" not in module.TITLE
    assert callable(module.measure)


def test_the_benchmarks_of_the_project_are_there() -> None:
    assert {"training", "peers", "functions"} <= set(command.names())


def test_what_breaks_is_told_and_the_others_are_measured(
    told: list[Settings], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "out" / "results.json"
    assert command.main(["--data", str(data), "--rounds", "3", "--no-peers", "--json", str(kept)]) == 1
    assert told == [Settings(data.resolve(), 3, peers=False)]
    table = capsys.readouterr().out
    assert "failed: OSError: no disk left" in table
    assert "2.00x" in table
    broken, fine = json.loads(kept.read_text())["rows"]
    assert broken["reason"] == "OSError: no disk left"
    assert (fine["value"], fine["met"]) == (2.0, True)


def test_one_by_name_succeeds(told: list[Settings], data: Path, tmp_path: Path) -> None:
    assert command.main(["works", "--data", str(data), "--json", str(tmp_path / "r.json")]) == 0
    assert len(told) == 1
    assert not math.isnan(told[0].seconds)


def test_list(told: list[Settings], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        ["breaks", "one that breaks"],
        ["works", "one that works"],
    ]
    assert not told


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nonsense"], "no benchmark is called nonsense; there are: breaks, works"),
        (["--rounds", "0"], "--rounds is at least 1"),
        (["--data", "nowhere"], "no MNIST in nowhere"),
    ],
)
def test_wrong_arguments(
    told: list[Settings], data: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    with pytest.raises(SystemExit) as left:
        command.main(["--data", str(data), *arguments])
    assert left.value.code == 2
    assert complaint in capsys.readouterr().err
