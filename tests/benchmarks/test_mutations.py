"""Files of every kind, damaged in every way, are read or told of; and the harness can tell."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from benchmarks.reliability import mutations, mutators
from benchmarks.reliability.kinds import Kind, kinds_of
from benchmarks.reliability.mutations import attack
from benchmarks.reliability.samples import Samples, make_samples

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

NAMES = (
    "bookmarks", "pins", "codes", "metrics.jsonl", "run.json", "weights", "checkpoint", "history",
    "weights (old)", "checkpoint (old)", "history (old)", "npz packed", "npz plain", "idx", "png", "gif",
    "recipe",
)  # a table  # fmt: skip
SLOW = {"checkpoint (old)": 20, "run.json": 40}  # a training is set up, a run is opened each time


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.mark.filterwarnings("ignore")  # Pillow's about pictures; here it counts what is raised
@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_told(samples: Samples, tmp_path: Path, name: str) -> None:
    kind = kinds_of_here(samples, tmp_path)[name]
    kind.path.write_bytes(kind.sound)
    kind.read()  # the sound file is read
    tally = attack(kind, SLOW.get(name, 60), seed=1)
    assert not tally.failures
    assert tally.told or name == "metrics.jsonl"  # whose bad lines are passed over


@pytest.mark.no_qt_log  # Qt's own about values that it cannot read
def test_damaged_window_files_are_read(samples: Samples, tmp_path: Path, qapp: QApplication) -> None:
    kinds = kinds_of(samples, tmp_path)
    assert set(kinds) == {*NAMES, "window.ini"}
    tally = attack(kinds["window.ini"], 60, seed=1)
    assert not tally.failures
    assert tally.read == 60


def kinds_of_here(samples: Samples, folder: Path) -> dict[str, Kind]:
    """Without the window's, which needs an application."""
    from benchmarks.reliability import kinds

    found = [*kinds._of_run(samples, folder), *kinds._of_data(samples, folder), kinds._recipe()]
    return {kind.name: kind for kind in found}


def fake(tmp_path: Path, outcome: object) -> Kind:
    def read() -> None:
        if isinstance(outcome, BaseException):
            raise outcome
        if isinstance(outcome, float):
            time.sleep(outcome)

    return Kind("fake", b"sound and well", tmp_path / "fake", read, mutators.ANY)


def test_what_goes_wrong_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert attack(fake(tmp_path, None), 5, seed=0).read == 5
    assert attack(fake(tmp_path, StudioError("It is damaged")), 5, seed=0).told == 5
    for bad in (ValueError("5"), AssertionError("untrue"), MemoryError(), StudioError("two\nlines")):
        tally = attack(fake(tmp_path, bad), 3, seed=0, keep=tmp_path / "kept")
        assert (tally.failed, tally.read, tally.told) == (3, 0, 0)
        assert str(bad).split("\n")[0] in next(iter(tally.failures))
    assert len(list((tmp_path / "kept").iterdir())) == 3
    assert (tmp_path / "fake").read_bytes() == b"sound and well"
    monkeypatch.setattr(mutations, "SECONDS", 0.02)
    assert "longer than" in next(iter(attack(fake(tmp_path, 5.0), 1, seed=0).failures))


@pytest.mark.parametrize("ways", [mutators.ANY, mutators.TEXT, mutators.NPZ, mutators.TENSORS])
def test_the_same_seed_damages_alike(samples: Samples, ways: tuple[mutators.Mutator, ...]) -> None:
    sound = {
        mutators.NPZ: (samples.run.folder / "pins.npz").read_bytes(),
        mutators.TENSORS: (samples.run.folder / "weights.safetensors").read_bytes(),
    }.get(ways, b'{"a": [1, 2.5, "text"]}')
    for way in ways:
        made = [way(sound, Random(number)) for number in range(20)]
        assert made == [way(sound, Random(number)) for number in range(20)]
        assert any(data != sound for data in made)
