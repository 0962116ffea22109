"""`aestudio export RUN --file`, `aestudio import FILE`, and `aestudio FILE`, which a double click starts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.cli.before_setup import run_without_packages, with_open
from aestudio.runs.index import kept_runs
from tests.cli.conftest import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer


def test_a_run_goes_to_another_computer_and_is_trained_on_there(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = aestudio("train", "vae", "--dataset", "builtin", *SMALL, "--json")
    assert trained.code == 0, trained.err
    (run,) = kept_runs()
    aestudio("runs", "rename", run.name, "for Monday")
    path = tmp_path / "a.aestudio"
    answer = aestudio("export", run.name, "--file", path)
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"for Monday was written to {path} (")
    again = aestudio("export", run.name, "--file", path)
    assert (again.code, "already exists" in again.err) == (1, True)
    assert aestudio("export", run.name, "--file", path, "--history", "--overwrite").code == 0
    with_history = path.stat().st_size
    assert aestudio("export", run.name, "--file", path, "--weights-only", "--overwrite").code == 0
    assert path.stat().st_size < with_history / 3
    assert aestudio("export", run.name, "--file", path, "--overwrite").code == 0

    monkeypatch.setenv("AESTUDIO_HOME", str(tmp_path / "another computer"))
    assert kept_runs() == ()
    answer = aestudio("import", path)
    assert answer.code == 0, answer.err
    assert answer.out == f"for Monday from a.aestudio was imported. Its name here: {run.name}\n"
    assert aestudio("import", path, "--json").json[0]["run"] == f"{run.name} (2)"
    listed = aestudio("runs", "--json").json
    assert [row["title"] for row in listed if not row["shipped"]] == ["for Monday", "for Monday"]
    measured = aestudio("evaluate", run.name, "--dataset", "builtin", "--json").json
    assert measured["test_loss"] == pytest.approx(trained.json["test_loss"])
    answer = aestudio("train", "--resume", run.name, "--epochs", "3", "--dataset", "builtin")
    assert answer.code == 0, answer.err


def test_a_damaged_file_is_named_and_nothing_is_kept(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    path = tmp_path / "a.aestudio"
    path.write_bytes(b"PK\x03\x04 nothing")
    answer = aestudio("import", path)
    assert answer.code == 1
    assert "This shared run is damaged, cut off, or was changed" in answer.err
    assert str(path) in answer.err
    assert kept_runs() == ()
    for command in ("import", "--open"):
        answer = aestudio(command, tmp_path / "nothing.aestudio")
        assert answer.code == 1
        assert f"does not exist: {tmp_path / 'nothing.aestudio'}" in answer.err


def test_a_file_in_place_of_a_command_opens_the_window_with_it(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[dict[str, object]] = []
    monkeypatch.setattr("aestudio.gui.app.open_window", lambda **how: opened.append(how) or 0)
    path = tmp_path / "of alice.aestudio"
    path.write_bytes(b"")
    assert aestudio(path).code == 0
    assert opened.pop()["file"] == path
    assert aestudio("--theme", "dark", path).code == 0
    assert opened[-1]["file"] == path
    assert opened.pop()["theme"] == "dark"
    assert aestudio("--open", path).code == 0
    assert opened.pop()["file"] == path
    monkeypatch.chdir(tmp_path)
    Path("runs").write_bytes(b"")
    assert aestudio("runs").code == 0
    assert opened == [], "a command stays one, whatever files are there"
    assert "No such command 'nothing.aestudio'" in aestudio("nothing.aestudio").err


def test_the_set_up_takes_a_file_for_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the packages are installed."""
    path = tmp_path / "a.aestudio"
    path.write_bytes(b"")
    assert with_open([str(path)]) == ["--open", str(path)]
    assert with_open(["train", str(path)]) == ["train", str(path)]
    assert with_open(["--data-dir", str(path)]) == ["--data-dir", str(path)]
    assert run_without_packages([str(path)]) is None
    assert run_without_packages(["import", str(path)]) is None
    assert run_without_packages(["import"]) == 2
    assert "Missing argument 'FILE'" in capsys.readouterr().err
