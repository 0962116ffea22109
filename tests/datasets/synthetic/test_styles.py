"""The table of styles is consistent: a drawing can be mixed with its siblings point by point."""

from __future__ import annotations

import pytest

from aestudio.datasets.synthetic.styles import STYLES, Style


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.digit} {style.name}")
def test_drawings_of_a_style_have_the_same_points_and_corners(style: Style) -> None:
    shapes = {tuple(tuple(stroke.corners.tolist()) for stroke in strokes) for strokes in style.drawings}
    assert len(shapes) == 1
    assert len(style.drawings) >= 2
    assert style.control_points.shape == (len(style.drawings), len(style.stroke_of_point), 2)
    assert 0.8 < style.control_points[..., 1].max() <= 1.02
    assert style.share > 0


def test_every_digit_has_several_ways_of_being_written() -> None:
    for digit in range(10):
        own = [style for style in STYLES if style.digit == digit]
        assert len(own) >= 2
        assert sum(style.share for style in own) == pytest.approx(1.0)
        assert len({style.name for style in own}) == len(own)
