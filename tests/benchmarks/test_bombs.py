"""The bombs are made, read by the real command line, and answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.reliability import bombs
from benchmarks.reliability.bomb_files import BOMBS

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("FIFO named .npz", "gzipped IDX, a header of 3 TB", "GIF, 65,535 x 65,535", "sparse 100 GB, WebP")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="without pipes in folders and wait4")
@pytest.mark.parametrize("name", NAMES)
def test_a_bomb_is_answered_with_a_sentence(name: str, tmp_path: Path) -> None:
    bomb = next(bomb for bomb in BOMBS if bomb.name == name)
    result = bombs.Attack(tmp_path).read(bomb)
    assert result.good, result
    assert result.answer != bombs.READ
    assert result.peak < 300_000_000
    assert bombs.row(result).startswith(f"| {name} |")
    assert not (tmp_path / "bomb").exists()
