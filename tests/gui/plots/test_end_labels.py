"""Names at the ends of curves do not lie on each other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.plots.end_labels import spread


@given(wanted=st.lists(st.floats(-50, 450), max_size=8).map(sorted))
def test_spread_keeps_apart_in_order_and_inside(wanted):
    places = spread(wanted, 40, 20, 380)
    assert len(places) == len(wanted)
    assert all(20 - 1e-9 <= place <= 380 + 1e-9 for place in places)
    assert (np.diff(places) >= 40 - 1e-9).all()


def test_labels_with_room_stay_where_they_are():
    assert spread([100, 200, 300], 40, 20, 380) == [100, 200, 300]
