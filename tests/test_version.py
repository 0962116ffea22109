"""The version is in aestudio/version.py; other files name the same. The wheel says that it has types."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import aestudio
from aestudio.version import __version__

ROOT = Path(__file__).parents[1]
VERSION = r"\d+\.\d+\.\d+"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_pyproject_reads_the_version_from_its_module() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "aestudio/version.py"
    assert aestudio.__version__ == __version__


def test_the_citation_names_the_version() -> None:
    assert re.findall(r"^version: (.+)$", text("CITATION.cff"), re.MULTILINE) == [__version__]


def test_the_changelog_names_the_version() -> None:
    """Its newest release, or, before the first one, the release that is to come."""
    changelog = text("CHANGELOG.md")
    assert re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)[0] == "Unreleased"
    released = re.findall(rf"^## \[({VERSION})\]", changelog, re.MULTILINE)
    announced = re.findall(
        rf"^Nothing was released so far\. The first release will be ({VERSION})\.$", changelog, re.M
    )
    assert (released or announced)[0] == __version__
    assert not (released and announced)


@pytest.mark.parametrize("key", ["packages", "force-include"])
def test_the_wheel_is_the_whole_package(key: str) -> None:
    """With py.typed (PEP 561), so that type checkers read the annotations of an installed aestudio."""
    wheel = tomllib.loads(text("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert (
        wheel[key] == {"packages": ["aestudio"], "force-include": {"resources": "aestudio/_resources"}}[key]
    )
    assert not {"exclude", "only-include"} & wheel.keys()
    assert (ROOT / "aestudio" / "py.typed").read_bytes() == b""
