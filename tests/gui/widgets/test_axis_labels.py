"""Numbers of an axis that are not written over each other."""

from __future__ import annotations

import pytest

from aestudio.gui.widgets.axis_labels import labelled_ticks


@pytest.mark.parametrize(("step", "every"), [(100, 1), (44, 1), (43, 2), (22, 2), (21, 3), (1, 5)])
def test_numbers_of_the_horizontal_axis_never_overlap(step: int, every: int) -> None:
    """Five ticks `step` pixels apart with texts of 40 pixels, and a gap of 4."""
    assert labelled_ticks([step * number for number in range(5)], [40] * 5, 4) == every


def test_without_ticks_there_is_nothing_to_label() -> None:
    assert labelled_ticks([], [], 4) == 1
