"""The point under the mouse, compared with a search of all points."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.gui.plots.nearest import PointIndex

coordinates = st.floats(-10, 10, width=32)
clouds = hnp.arrays(np.float32, st.tuples(st.integers(0, 60), st.just(2)), elements=coordinates)


@given(xy=clouds, x=coordinates, y=coordinates, reach=st.tuples(st.floats(0.1, 5), st.floats(0.1, 5)))
def test_agrees_with_trying_all(xy, x, y, reach):
    found = PointIndex(xy).nearest(x, y, reach)
    distance = (((xy.astype(float) - (x, y)) / reach) ** 2).sum(axis=1)
    assume(not len(xy) or abs(distance.min() - 1) > 1e-6)
    if not len(xy) or distance.min() > 1:
        assert found is None
    else:
        assert found is not None
        assert distance[found] == pytest.approx(distance.min())


def test_hidden_and_missing_points_are_not_found():
    xy = np.array([[0, 0], [0.1, 0], [np.nan, 0]], np.float32)
    index = PointIndex(xy)
    assert index.nearest(0, 0, (1, 1)) == 0
    assert index.nearest(0, 0, (1, 1), np.array([False, True, True])) == 1
    assert index.nearest(0, 0, (1, 1), np.array([False, False, True])) is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reach", [(0, 1), (1, 0), (0, 0), (np.nan, 1), (1, np.nan)])
def test_a_plot_without_width_or_height_has_no_point_under_the_mouse(reach):
    assert PointIndex(np.array([[0, 0], [1, 0]], np.float32)).nearest(0, 0, reach) is None
