"""Damaged files of every kind are read or refused, and the harness finds failures."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from benchmarks.reliability import mutations, mutators
from benchmarks.reliability.file_kinds import FileKind, kinds_of
from benchmarks.reliability.mutations import attack
from benchmarks.reliability.samples import Samples, make_samples

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

NAMES = (
    "bookmarks", "drawings", "codes", "metrics.jsonl", "run.json", "weights", "checkpoint", "history",
    "weights (old)", "checkpoint (old)", "history (old)", "npz packed", "npz plain", "idx", "png", "gif",
    "recipe",
)  # a table  # fmt: skip
# Of these the damaged part is left out: a line of curves, a picture among others.
LEFT_OUT = {"metrics.jsonl", "png", "gif"}
SLOW = {"checkpoint (old)": 20, "run.json": 40}  # each prepares a training, or opens a run


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.mark.filterwarnings("ignore")  # Pillow's warnings; only exceptions matter here
@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_refused(samples: Samples, tmp_path: Path, name: str) -> None:
    kind = kinds_without_window(samples, tmp_path)[name]
    kind.path.write_bytes(kind.intact)
    kind.read()  # the intact file is read
    tally = attack(kind, SLOW.get(name, 60), seed=1)
    assert not tally.failures
    assert tally.refused or name in LEFT_OUT


@pytest.mark.no_qt_log  # Qt's warnings about values that it cannot read
def test_damaged_window_files_are_read(samples: Samples, tmp_path: Path, qapp: QApplication) -> None:
    kinds = kinds_of(samples, tmp_path)
    assert set(kinds) == {*NAMES, "window.ini"}
    tally = attack(kinds["window.ini"], 60, seed=1)
    assert not tally.failures
    assert tally.read == 60


def kinds_without_window(samples: Samples, folder: Path) -> dict[str, FileKind]:
    """All kinds but the window's, which needs an application."""
    from benchmarks.reliability import file_kinds

    kinds = [
        *file_kinds._of_run(samples, folder),
        *file_kinds._of_data(samples, folder),
        file_kinds._recipe(),
    ]
    return {kind.name: kind for kind in kinds}


def fake(tmp_path: Path, outcome: object) -> FileKind:
    def read() -> None:
        if isinstance(outcome, BaseException):
            raise outcome
        if isinstance(outcome, float):
            time.sleep(outcome)

    return FileKind("fake", b"intact content", tmp_path / "fake", read, mutators.ANY)


def test_failures_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert attack(fake(tmp_path, None), 5, seed=0).read == 5
    assert attack(fake(tmp_path, StudioError("It is damaged")), 5, seed=0).refused == 5
    for failure in (ValueError("5"), AssertionError("untrue"), MemoryError(), StudioError("two\nlines")):
        tally = attack(fake(tmp_path, failure), 3, seed=0, keep=tmp_path / "kept")
        assert (tally.failed, tally.read, tally.refused) == (3, 0, 0)
        assert str(failure).split("\n")[0] in next(iter(tally.failures))
    assert len(list((tmp_path / "kept").iterdir())) == 3
    assert (tmp_path / "fake").read_bytes() == b"intact content"
    monkeypatch.setattr(mutations, "SECONDS", 0.02)
    assert "longer than" in next(iter(attack(fake(tmp_path, 5.0), 1, seed=0).failures))


@pytest.mark.parametrize("kind_mutators", [mutators.ANY, mutators.TEXT, mutators.NPZ, mutators.TENSORS])
def test_the_same_seed_gives_the_same_damage(
    samples: Samples, kind_mutators: tuple[mutators.Mutator, ...]
) -> None:
    intact = {
        mutators.NPZ: (samples.run.folder / "pins.npz").read_bytes(),
        mutators.TENSORS: (samples.run.folder / "weights.safetensors").read_bytes(),
    }.get(kind_mutators, b'{"a": [1, 2.5, "text"]}')
    for mutator in kind_mutators:
        damaged = [mutator(intact, Random(number)) for number in range(20)]
        assert damaged == [mutator(intact, Random(number)) for number in range(20)]
        assert any(data != intact for data in damaged)
