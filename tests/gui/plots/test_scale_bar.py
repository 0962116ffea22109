"""A scale has a title and numbers for its colours."""

import pytest

from aestudio.gui.plots.scale_bar import ScaleBar


@pytest.mark.parametrize(
    ("low", "high", "numbers"),
    [
        (82.31, 214.9, ("82", "149", "215")),
        (-12.0, 0.0, ("−12", "−6", "0")),
        (0.0, 0.0124, ("0", "0.0062", "0.0124")),
        (1e6, 3e6, ("10⁶", "2×10⁶", "3×10⁶")),
    ],
)
def test_numbers_have_enough_digits_to_differ(qtbot, low, high, numbers):
    bar = ScaleBar()
    qtbot.addWidget(bar)
    bar.set_scale("Loss", "nats", low, high)
    assert bar.numbers() == numbers
    assert bar.full_title() == "Loss (nats)"
    assert numbers[0] in bar.accessibleName()
    assert "Loss (nats)" in bar.toolTip()


def test_both_kinds_are_painted(qtbot):
    seen = []
    for under in (False, True):
        bar = ScaleBar(under)
        qtbot.addWidget(bar)
        bar.set_scale("Density", "", 0, 1)
        bar.resize(300, bar.sizeHint().height())
        seen.append(bar.grab().toImage())
    assert seen[0] != seen[1]
