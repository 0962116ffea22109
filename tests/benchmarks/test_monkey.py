"""The monkey survives a moment at the window, and says what it did."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_hundred_events_without_a_complaint() -> None:
    command = [sys.executable, "-m", "benchmarks.reliability.monkey", "--events", "100", "--every", "50"]
    command += ["--hold", "5000"]  # how long the window computes is no matter of a test
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "100 events" in done.stdout
    assert "0 complaints" in done.stdout
