"""Modules that the window imports at its start do not import torch."""

from __future__ import annotations

import subprocess
import sys

MODULES = (
    "image_formats",
    "metrics",
    "projections",
    "reconstructions",
    "traversal",
    "first_layer",
    "evaluation_metrics",
)
PROGRAM = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"aestudio.analysis.{name}")
    if "torch" in sys.modules:
        sys.exit(f"{name} imports torch")
"""


def test_light_modules_do_not_load_torch() -> None:
    """In one process, because each takes a second."""
    command = [sys.executable, "-c", PROGRAM, *MODULES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
