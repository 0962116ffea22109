"""A short monkey test of the window finds no problem."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_hundred_events_without_a_problem() -> None:
    command = [sys.executable, "-m", "benchmarks.reliability.monkey", "--events", "100", "--every", "50"]
    command += ["--hold", "5000"]  # the load of the machine must not fail a test
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=550, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "100 events" in done.stdout
    assert "0 problems" in done.stdout
