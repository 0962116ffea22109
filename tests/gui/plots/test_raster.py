"""The raster draws the pixels of each point at the computed positions."""

import numpy as np
import pytest

from aestudio.gui.plots.raster import dot_size, rasterise

RED, BLUE = np.uint32(0xFFFF0000), np.uint32(0xFF0000FF)


def draw(xy, colours, dot=2, size=(20, 10), origin=(0.0, 10.0), scale=(1.0, -1.0)):
    points = np.array(xy, np.float32).reshape(-1, 2)
    return rasterise(points, np.array(colours, np.uint32), origin=origin, scale=scale, size=size, dot=dot)


@pytest.mark.parametrize("dot", [1, 2, 3, 4, 6, 9])
def test_a_dot_is_centred_on_its_point(dot):
    image = draw([(8.0, 5.0)], [RED], dot)
    rows, columns = np.nonzero(image)
    assert abs(rows.mean() - dot + 0.5 - 5.0) <= 0.5
    assert abs(columns.mean() - dot + 0.5 - 8.0) <= 0.5
    assert np.ptp(rows) + 1 == dot
    assert np.ptp(columns) + 1 == dot


def test_later_points_lie_over_earlier_ones():
    assert (draw([(5, 5), (5, 5)], [RED, BLUE], 1) == BLUE).sum() == 1
    assert (draw([(5, 5), (5, 5)], [BLUE, RED], 1) == RED).sum() == 1


def test_points_outside_are_not_drawn_and_dots_across_the_edge_are_in_the_border():
    assert not draw([(-50, 5), (5, 500), (70, -30)], [RED] * 3).any()
    image = draw([(0.0, 5.0)], [RED], dot=4)
    assert image.shape == (10 + 8, 20 + 8)
    assert image[:, :4].any()


def test_edges_are_half_transparent_and_premultiplied():
    inks = set(np.unique(draw([(8, 5)], [0xFFC08040], 4)).tolist())
    assert inks == {0, 0xFFC08040, 0x7F604020}


def test_no_points_give_an_empty_image():
    assert not draw([], []).any()


def test_dots_shrink_as_points_become_many():
    assert dot_size(0, 500, 500) == 9
    assert dot_size(70_000, 500, 500) == 2
    assert dot_size(100, 500, 500) > dot_size(10_000, 500, 500)
