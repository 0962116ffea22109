"""Every widget opens alone with canned state."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

import aestudio.gui.widgets
from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK
from aestudio.gui.widgets.preview import show_alone

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

MODULES = [
    name
    for _, name, _ in pkgutil.iter_modules(aestudio.gui.widgets.__path__, "aestudio.gui.widgets.")
    if hasattr(importlib.import_module(name), "_sample")
]


def test_most_modules_have_a_sample() -> None:
    assert len(MODULES) >= 14


@pytest.mark.parametrize("name", MODULES)
def test_it_draws_itself_in_both_themes(qapp: QApplication, tmp_path: Path, name: str) -> None:
    factory = importlib.import_module(name)._sample
    pictures = []
    for theme in ("dark", "light"):
        file = tmp_path / f"{theme}.png"
        assert show_alone(factory, ["--shot", str(file), "--theme", theme, "--size", "400x320"]) == 0
        pictures.append(np.asarray(Image.open(file).convert("RGB")).astype(int))
    apply_theme(qapp, DARK)
    dark, light = pictures
    assert dark.shape[1] >= 400
    assert dark[2, 2].tolist() == [0x1C, 0x1F, 0x25]
    assert light[2, 2].tolist() == [255, 255, 255]
    assert dark.std() > 4


def test_no_widget_needs_torch() -> None:
    import subprocess

    code = f"import sys; [__import__(name) for name in {MODULES!r}]; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
