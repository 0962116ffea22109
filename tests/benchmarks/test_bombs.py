"""Bombs are made, read by the real command line, and refused with a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.reliability import bombs

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("FIFO named .npz", "gzipped IDX, a header of 3 TB", "GIF, 65,535 x 65,535", "sparse 100 GB, WebP")

READ = """
import dataclasses, json, sys
from pathlib import Path
from benchmarks.reliability import bomb_files, bombs
bomb = next(bomb for bomb in bomb_files.BOMBS if bomb.name == sys.argv[1])
print(json.dumps(dataclasses.asdict(bombs.BombReader(Path(sys.argv[2])).read(bomb))))
"""


def read_in_small_process(name: str, folder: Path) -> bombs.Result:
    """Read in a process without torch: on Linux the peak of a process begins with that of its parent."""
    command = [sys.executable, "-c", READ, name, str(folder)]
    done = subprocess.run(command, cwd=bombs.ROOT, check=True, capture_output=True, text=True, timeout=120)
    return bombs.Result(**json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="without pipes in folders and wait4")
@pytest.mark.parametrize("name", NAMES)
def test_a_bomb_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    result = read_in_small_process(name, tmp_path)
    assert result.good, result
    assert result.message != bombs.READ
    assert result.peak < 300_000_000
    assert bombs.row(result).startswith(f"| {name} |")
    assert not (tmp_path / "bomb").exists()
