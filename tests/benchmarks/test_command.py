"""`python -m benchmarks`: the list of benchmarks, and failures."""

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
def received(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Two benchmarks, "breaks" and "works"; returns the settings that "works" received."""
    received: list[Settings] = []

    def works(settings: Settings) -> list[Row]:
        received.append(settings)
        return [Row("Section", "subject", "figure", 2.0, "x", 1.0)]

    def breaks(settings: Settings) -> list[Row]:
        raise OSError("no disk left")

    benchmarks_by_name = {
        "works": SimpleNamespace(TITLE="one that works", measure=works),
        "breaks": SimpleNamespace(TITLE="one that breaks", measure=breaks),
    }
    monkeypatch.setattr(command, "names", lambda: sorted(benchmarks_by_name))
    monkeypatch.setattr(command, "find", benchmarks_by_name.get)
    monkeypatch.setattr(command, "describe", lambda: {"processor": "a fast one"})
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return received


@pytest.mark.parametrize("name", command.names())
def test_every_module_of_measures_is_a_benchmark(name: str) -> None:
    module = command.find(name)
    assert len(module.TITLE) > 10
    assert "\n" not in module.TITLE
    assert callable(module.measure)


def test_the_main_benchmarks_exist() -> None:
    assert {"training", "peers", "functions"} <= set(command.names())


def test_a_failure_is_reported_and_the_others_are_measured(
    received: list[Settings], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "out" / "results.json"
    assert command.main(["--data", str(data), "--rounds", "3", "--no-peers", "--json", str(results)]) == 1
    assert received == [Settings(data.resolve(), 3, peers=False)]
    table = capsys.readouterr().out
    assert "failed: OSError: no disk left" in table
    assert "2.00x" in table
    broken, fine = json.loads(results.read_text())["rows"]
    assert broken["reason"] == "OSError: no disk left"
    assert (fine["value"], fine["met"]) == (2.0, True)


def test_one_benchmark_by_name(received: list[Settings], data: Path, tmp_path: Path) -> None:
    assert command.main(["works", "--data", str(data), "--json", str(tmp_path / "r.json")]) == 0
    assert len(received) == 1
    assert not math.isnan(received[0].seconds)


def test_list(received: list[Settings], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        ["breaks", "one that breaks"],
        ["works", "one that works"],
    ]
    assert not received


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "no benchmark is called nonsense; there are: breaks, works"),
        (["--rounds", "0"], "--rounds is at least 1"),
        (["--data", "nowhere"], "no MNIST in nowhere"),
    ],
)
def test_wrong_arguments(
    received: list[Settings],
    data: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    with pytest.raises(SystemExit) as exit_:
        command.main(["--data", str(data), *arguments])
    assert exit_.value.code == 2
    assert message in capsys.readouterr().err
