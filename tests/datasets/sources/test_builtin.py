from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets import synthetic as strokes
from aestudio.datasets.source import DataFolders
from aestudio.datasets.sources import builtin
from aestudio.datasets.sources.builtin import SOURCE
from aestudio.errors import Cancelled, StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.fixture
def calls(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The calls of the generator, which makes few digits for the test's sake."""
    calls_of_generate: list[dict[str, Any]] = []

    def generate(**options: Any) -> Dataset:
        calls_of_generate.append(options)
        options["progress"](0, 1, "Drawing")
        return few_digits

    monkeypatch.setattr(strokes, "generate", generate)
    return calls_of_generate


def same(first: Dataset, second: Dataset) -> bool:
    for a, b in ((first.train, second.train), (first.test, second.test)):
        assert a.labels is not None
        assert b.labels is not None
        assert a.factors is not None
        assert b.factors is not None
        np.testing.assert_array_equal(a.images, b.images)
        np.testing.assert_array_equal(a.labels, b.labels)
        np.testing.assert_array_equal(a.factors, b.factors)
        assert (a.class_names, a.factor_names) == (b.class_names, b.factor_names)
    return (first.name, first.title, first.notes) == (second.name, second.title, second.notes)


def test_made_once_then_read(calls: list[Any], tmp_path: Path) -> None:
    folders = DataFolders(None, tmp_path)
    assert SOURCE.find(folders) is None
    first = SOURCE.load(folders, silent)
    assert SOURCE.find(folders)
    assert same(SOURCE.load(folders, silent), first)
    assert len(calls) == 1
    assert calls[0]["seed"] == 0
    assert first.name == "builtin"


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "other"])
def test_a_damaged_cache_is_made_again(calls: list[Any], tmp_path: Path, damage: str) -> None:
    folders = DataFolders(None, tmp_path)
    first = SOURCE.load(folders, silent)
    path = SOURCE.find(folders)
    assert path
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 0xFF
    if damage == "other":
        np.savez(path, something=np.zeros(3))
    else:
        path.write_bytes(bytes({"cut": content[:-100], "emptied": b""}.get(damage, content)))
    assert same(SOURCE.load(folders, silent), first)
    assert len(calls) == 2
    assert same(SOURCE.load(folders, silent), first)
    assert len(calls) == 2


def test_a_new_version_of_the_generator_replaces_the_old_digits(
    calls: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SOURCE.load(DataFolders(None, tmp_path), silent)
    monkeypatch.setattr(builtin, "_generator_version", lambda: "newer")
    SOURCE.load(DataFolders(None, tmp_path), silent)
    assert len(calls) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["builtin-digits-seed0-newer.npz"]


def test_strangers_of_a_like_name_stay(calls: list[Any], tmp_path: Path) -> None:
    backup, folder = tmp_path / "builtin-digits-mine.npz", tmp_path / "builtin-digits-seed0-0123456789ab.npz"
    backup.write_bytes(b"mine")
    folder.mkdir()
    SOURCE.load(DataFolders(None, tmp_path), silent)
    assert backup.read_bytes() == b"mine"
    assert folder.is_dir()


def test_a_disk_that_takes_nothing_costs_only_the_cache(
    calls: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Any) -> None:
        raise StudioError("The disk is full", where=str(path))

    monkeypatch.setattr(builtin, "new_file", full)
    dataset = SOURCE.load(DataFolders(None, tmp_path), silent)
    assert len(dataset.train) == 300
    assert "could not be kept" in dataset.notes[-1]


def test_cancelling_leaves_nothing(calls: list[Any], tmp_path: Path) -> None:
    def cancel(*_: Any) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        SOURCE.load(DataFolders(None, tmp_path), cancel)
    assert not list(tmp_path.iterdir())


def test_a_generator_that_changed_makes_new_digits(
    calls: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (builtin._GENERATOR / "generation.py").is_file()
    changed = tmp_path / "synthetic"
    changed.mkdir()
    (changed / "generation.py").write_text("# new strokes")
    folders = DataFolders(None, tmp_path / "cache")
    SOURCE.load(folders, silent)
    monkeypatch.setattr(builtin, "_GENERATOR", changed)
    assert SOURCE.find(folders) is None
    SOURCE.load(folders, silent)
    assert len(calls) == 2
