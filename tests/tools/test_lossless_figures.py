"""The tool that measures lossless files for docs/numbers.md."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tools import lossless_figures

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def test_pixels_are_drawn_by_their_grey_levels() -> None:
    grey = np.repeat(np.arange(0, 256, 51, np.uint8), 10_000).reshape(6, 1, 100, 100)
    drawn = lossless_figures.as_pixels(grey, "drawn")
    assert set(np.unique(drawn)) == {0, 255}
    assert drawn.mean(axis=(1, 2, 3)) == pytest.approx(grey.mean(axis=(1, 2, 3)), abs=3)
    assert np.array_equal(drawn, lossless_figures.as_pixels(grey, "drawn"))
    assert lossless_figures.as_pixels(grey, "black and white").mean(axis=(1, 2, 3)).tolist() == [
        0,
        0,
        0,
        255,
        255,
        255,
    ]
    assert lossless_figures.as_pixels(grey, "grey") is grey


def test_a_row_of_the_table(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lossless_figures, "load_dataset", lambda _: few_digits)
    monkeypatch.setattr(sys, "argv", ["lossless_figures", "conv-vae", "--count", "20"])
    lossless_figures.main()
    head, _, row = capsys.readouterr().out.splitlines()
    names, values = ([cell.strip() for cell in line.strip("|").split("|")] for line in (head, row))
    found = dict(zip(names, values, strict=True))
    assert found["run"] == "conv-vae"
    assert float(found["file"]) > float(found["without the first message"]) > 0
    assert float(found["without the first message"]) == pytest.approx(float(found["-ELBO"]), rel=0.05)
    assert float(found["PNG"]) > float(found["gzip"]) > 0
