"""Names at the ends of curves do not overlap."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.plots.end_labels import spread


@given(wanted=st.lists(st.floats(-50, 450), max_size=8).map(sorted))
def test_spread_keeps_apart_in_order_and_inside(wanted):
    positions = spread(wanted, 40, 20, 380)
    assert len(positions) == len(wanted)
    assert all(20 - 1e-9 <= place <= 380 + 1e-9 for place in positions)
    assert (np.diff(positions) >= 40 - 1e-9).all()


def test_labels_with_enough_space_do_not_move():
    assert spread([100, 200, 300], 40, 20, 380) == [100, 200, 300]
