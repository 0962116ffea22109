"""Every sample of the gallery can be created and drawn in both themes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK
from tools.widget_gallery.samples import SAMPLES
from tools.widget_gallery.show import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _dark_afterwards(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, DARK)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_drawn_in_both_themes(qapp: QApplication, tmp_path: Path, name: str) -> None:
    images = []
    for theme in ("dark", "light"):
        file = tmp_path / f"{theme}.png"
        assert main(SAMPLES, [name, "--out", str(file), "--theme", theme, "--size", "400x320"]) == 0
        images.append(np.asarray(Image.open(file).convert("RGB")).astype(int))
    dark, light = images
    assert dark.shape[1] >= 400
    assert dark[2, 2].tolist() == [0x1C, 0x1F, 0x25]
    assert light[2, 2].tolist() == [255, 255, 255]
    assert dark.std() > 4


def test_an_unknown_name_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(SAMPLES, ["no_such_widget"])
    assert "image_view" in capsys.readouterr().err


def test_no_sample_needs_torch() -> None:
    code = "import sys, tools.widget_gallery.samples; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
