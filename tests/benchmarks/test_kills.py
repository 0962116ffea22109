"""SIGKILL at random moments: a few of the 200 whose figures are in docs/reliability.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the processes are forks")
def test_killed_runs_go_on_bit_for_bit(tmp_path: Path) -> None:
    """All 200: python -m benchmarks.reliability.kills --data FOLDER --kills 200 --recipe vae"""
    command = ["benchmarks.reliability.kills", "--dataset", "builtin", "--recipe", "vae", "--kills", "4"]
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (same,) = re.findall(r"the same weights and curves (\d+);", done.stdout)
    assert same == "4"
