"""The report of a run, and what it must not contain."""

from __future__ import annotations

import getpass
import json
import math
import platform
import socket
from pathlib import Path

import pytest

from benchmarks.machine import describe, one_line, qt_platform
from benchmarks.report import Report, write
from benchmarks.table import Row

ROWS = (
    Row("Training", "vae", "of the plain loop", 1.04, "x", 1.0, note="a ratio", rounds=(1.0, 1.04, 1.1)),
    Row.broken("Training", "vae", "of Keras", f"No module in {Path.home()}/x", 2.3),
)

GPU = "Digit Cruncher 9"


@pytest.fixture(scope="module")
def machine() -> dict[str, str]:
    """With a GPU, as a separate process reports it; importing torch there would take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("benchmarks.machine.GPU_CODE", f"print({GPU!r})")
        return describe()


@pytest.fixture
def report(machine: dict[str, str]) -> Report:
    return Report(machine, "2030-01-02 03:04 UTC", 3, 2.0, ROWS)


def test_json_is_read_back(report: Report) -> None:
    again = Report.from_json(report.to_json())
    assert again.rows[0] == ROWS[0]
    assert math.isnan(again.rows[1].value)
    assert again.broke
    assert (again.machine, again.date, again.rounds) == (report.machine, report.date, 3)


def test_json_is_strict_and_has_the_met_targets(report: Report) -> None:
    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    first, second = json.loads(report.to_json(), parse_constant=no_constant)["rows"]
    assert (first["met"], first["rounds"], first["target"]) == (True, [1.0, 1.04, 1.1], 1.0)
    assert (second["met"], second["value"], second["broke"]) == (None, None, True)


def test_markdown_names_machine_and_rounds(report: Report) -> None:
    text = report.to_markdown()
    assert text.startswith(one_line(report.machine))
    assert "3 rounds of 2 s" in text
    assert "| 1.04x | ≥ 1x | yes |" in text


def test_nothing_names_the_owner_of_the_machine(report: Report) -> None:
    published = report.to_json() + report.to_markdown()
    for private in (str(Path.home()), str(Path.cwd()), socket.gethostname(), platform.node()):
        assert private not in published or len(private) < 2
    assert getpass.getuser() not in json.dumps(report.machine).split()


def test_the_machine_is_described(machine: dict[str, str]) -> None:
    assert int(machine["cores"]) >= 1
    assert machine["Python"] == platform.python_version()
    assert all(machine[name] for name in ("processor", "memory", "system", "torch", "pyqtgraph"))
    assert machine["GPU"] == GPU


def test_qt_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert qt_platform() == "offscreen"
    monkeypatch.setenv("DISPLAY", ":0")
    assert qt_platform() == "xcb"
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal:size=10x10")
    assert qt_platform() == "minimal"


def test_writing_replaces_the_file_and_leaves_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "results.json"
    write(path, "one")
    write(path, "two")
    assert path.read_text() == "two"
    assert list(path.parent.iterdir()) == [path]
