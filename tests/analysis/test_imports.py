"""Modules that the window imports at its start do not import torch."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "image_formats",
        "metrics",
        "projections",
        "reconstructions",
        "traversal",
        "first_layer",
        "evaluation_metrics",
    ],
)
def test_light_modules_do_not_load_torch(module: str) -> None:
    program = f"import sys, aestudio.analysis.{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
