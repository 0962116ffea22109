"""The environment of the other libraries: its folder, and when it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.peers import environment


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(environment, "_run", commands.append)
    return commands


def test_a_missing_environment_is_made(commands: list[list[str]], tmp_path: Path) -> None:
    python = environment.prepare(tmp_path / "peers")
    assert python == environment.interpreter((tmp_path / "peers").resolve())
    make, install = commands
    assert make[1:3] == ["-m", "venv"]
    assert install[0] == str(python)
    assert {f"{name}=={version}" for name, version in environment.required_versions().items()} <= set(install)


def test_a_complete_environment_is_kept(
    commands: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "installed", lambda _: environment.required_versions())
    environment.prepare(tmp_path)
    assert not commands


def test_another_version_is_replaced(
    commands: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = environment.required_versions() | {"keras": "2.0"}
    monkeypatch.setattr(environment, "installed", lambda _: older)
    monkeypatch.setattr(environment, "interpreter", lambda _: Path(sys.executable))
    environment.prepare(tmp_path)
    assert [command[1:4] for command in commands] == [["-m", "pip", "install"]]


def test_installed_versions_come_from_the_interpreter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "required_versions", lambda: {"pytest": "any", "no-such-package": "1"})
    monkeypatch.setattr(environment, "interpreter", lambda _: Path(sys.executable))
    assert environment.installed(tmp_path) == {"pytest": pytest.__version__}


def test_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AESTUDIO_PEERS", raising=False)
    assert environment.folder().is_relative_to(tmp_path)  # the test's own home
    monkeypatch.setenv("AESTUDIO_PEERS", "elsewhere")
    assert environment.folder() == Path("elsewhere")
    assert environment.folder(Path("named")) == Path("named")
