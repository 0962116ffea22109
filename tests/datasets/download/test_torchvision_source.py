"""The addresses in torchvision's source text are those that its classes have."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.download import torchvision_source
from aestudio.datasets.download.torchvision_source import addresses_in_source

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ("MNIST", "FashionMNIST", "KMNIST", "EMNIST")
WRITTEN = """
class MNIST(Base):
    mirrors = ["http://a/"]
    resources = [("file.gz", "0")]
class FashionMNIST(MNIST):
    mirrors = ["http://b/"]
class KMNIST(MNIST):
    mirrors = ["http://c/"]
class EMNIST(MNIST):
    url = "http://d/"
    md5 = "1"
"""


@pytest.fixture
def text_of_torchvision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the addresses are looked for."""
    (tmp_path / "datasets").mkdir()
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(torchvision_source, "find_spec", lambda _: spec)
    return tmp_path / "datasets" / "mnist.py"


def test_what_is_written_in_the_classes(text_of_torchvision: Path) -> None:
    text_of_torchvision.write_text(WRITTEN)
    found = addresses_in_source()
    assert found is not None
    assert found["MNIST"] == {"mirrors": ["http://a/"], "resources": [("file.gz", "0")]}
    assert found["KMNIST"] == {"mirrors": ["http://c/"], "resources": [("file.gz", "0")]}, "inherited"
    assert found["EMNIST"] == {**found["MNIST"], "url": "http://d/", "md5": "1"}
    assert set(found) == set(CLASSES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "class MNIST(",
        WRITTEN.replace("KMNIST", "Kmnist"),
        WRITTEN.replace('"http://d/"', "ADDRESS"),
        "\0",
    ],
    ids=["empty", "no Python", "a class is missing", "no literal", "no text"],
)
def test_another_text_gives_nothing(text_of_torchvision: Path, text: str) -> None:
    text_of_torchvision.write_text(text)
    assert addresses_in_source() is None


def test_without_a_file_or_torchvision(text_of_torchvision: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not text_of_torchvision.exists()
    assert addresses_in_source() is None
    monkeypatch.setattr(torchvision_source, "find_spec", lambda _: None)
    assert addresses_in_source() is None


def test_nothing_is_imported() -> None:
    before = sys.modules.get("torchvision.datasets")
    assert addresses_in_source() is not None
    assert sys.modules.get("torchvision.datasets") is before


@pytest.mark.slow
def test_the_installed_classes_have_the_same() -> None:
    from aestudio.datasets.download.addresses_child import addresses

    assert find_spec("torchvision") is not None
    assert json.dumps(addresses_in_source(), sort_keys=True) == json.dumps(addresses(), sort_keys=True)
