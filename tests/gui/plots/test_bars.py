"""The length of bars, and their texts for screen readers."""

import pytest

from aestudio.gui.plots.bars import Accuracy, AccuracyBars, Size, SizeBars
from aestudio.gui.theme.style import current_theme


def test_accuracies(qtbot):
    bars = AccuracyBars()
    qtbot.addWidget(bars)
    bars.set_accuracies((Accuracy("Pixels", 0.9788, 0.9758, 0.9814), Accuracy("Codes", 0.5, 0.4, 0.6, True)))
    pixels, codes = bars.bars
    assert (pixels.value, pixels.note) == ("97.9 %", "97.6 to 98.1")
    assert codes.length == 0.5
    assert "Pixels: 97.9 % 97.6 to 98.1" in bars.accessibleDescription()


def test_the_length_of_a_bar_is_its_value(qtbot):
    bars = AccuracyBars()
    qtbot.addWidget(bars)
    bars.resize(600, 60)
    bars.set_accuracies((Accuracy("a", 0.5, 0.5, 0.5, True),))
    image = bars.grab().toImage()
    row = [image.pixelColor(x, 14).name() for x in range(600)]
    accent = [x for x, name in enumerate(row) if name == current_theme().accent.lower()]
    raised = [x for x, name in enumerate(row) if name == current_theme().raised.lower()]
    filled = (accent[-1] - accent[0]) / (raised[-1] - accent[0])
    assert filled == pytest.approx(0.5, abs=0.02)


def test_sizes_are_bytes_or_bits(qtbot):
    bars = SizeBars()
    qtbot.addWidget(bars)
    bars.set_sizes((Size("Original", 6272), Size("Code", 32, "8 numbers of 4 bits", True)))
    assert [bar.value for bar in bars.bars] == ["784 bytes", "32 bits"]
    assert bars.bars[0].length == 1
    assert bars.bars[1].length == pytest.approx(32 / 6272)


def test_no_rows(qtbot):
    bars = SizeBars()
    qtbot.addWidget(bars)
    bars.set_empty_text("Train a model first.")
    bars.set_sizes(())
    bars.grab()
    bars.set_sizes((Size("Nothing", 0.0),))
    assert bars.bars[0].length == 0
