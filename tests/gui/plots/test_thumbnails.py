"""Points as thumbnails: only if there is space, in whole pixels, without overlaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.gui.plots.thumbnails import FRAME, Thumbnails, factor_for, non_overlapping, side_of

RED = np.array([0xFFFF0000], np.uint32)


@given(
    positions=hnp.arrays(
        np.float32, st.tuples(st.integers(0, 80), st.just(2)), elements=st.floats(-50, 300, width=32)
    ),
    side=st.integers(4, 60),
)
def test_thumbnails_do_not_overlap_and_none_can_be_added(positions, side):
    kept = non_overlapping(positions[:, 0], positions[:, 1], side)
    apart = np.abs(positions[:, None].astype(float) - positions[None]).max(axis=2)
    among = apart[np.ix_(kept, kept)] + np.eye(len(kept)) * side
    assert (among >= side).all()
    for left_out in set(range(len(positions))) - set(kept.tolist()):
        earlier = kept[kept < left_out]
        assert (apart[left_out, earlier] < side).any(), "there was space for it"


def test_thumbnails_appear_if_they_fill_the_view_at_most_once():
    assert factor_for(0, 1600, 1000) == 0
    assert factor_for(70_000, 1600, 1000) == 0
    most = 1600 * 1000 // side_of(1) ** 2
    assert factor_for(most, 1600, 1000) == 1
    assert factor_for(most + 30, 1600, 1000) == 0
    assert factor_for(1, 1600, 1000) == 3
    assert factor_for(most, 1600, 1000, least=2) == 0
    assert factor_for(1, 1600, 1000, least=2) == 6


@pytest.mark.parametrize("factor", [1, 2])
def test_every_pixel_of_the_digit_is_a_square_in_a_frame(factor):
    digit = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    thumbnails = Thumbnails()
    thumbnails.set_lookup(lambda which: digit[None].repeat(len(which), axis=0))
    page = np.zeros((100, 120), np.uint32)
    thumbnails.paste(page, np.array([[5, 7]]), np.array([3]), RED, factor)
    side, rim = side_of(factor), FRAME * factor
    tile = page[5 : 5 + side, 7 : 7 + side]
    assert (np.count_nonzero(page), np.count_nonzero(tile)) == (side**2,) * 2
    inside = tile[rim:-rim, rim:-rim]
    np.testing.assert_array_equal(inside[::factor, ::factor] & 0xFF, digit)
    assert (inside == np.kron(inside[::factor, ::factor], np.ones((factor, factor), np.uint32))).all()
    assert (tile[:rim] == RED).all()
    assert (tile[:, -rim:] == RED).all()


def test_parts_beyond_the_edge_are_cut_off():
    thumbnails = Thumbnails()
    thumbnails.set_lookup(lambda which: np.full((len(which), 28, 28), 9, np.uint8))
    page = np.zeros((40, 40), np.uint32)
    corners = np.array([[-20, -20], [30, 30], [100, 0], [0, -99]])
    thumbnails.paste(page, corners, np.arange(4), RED.repeat(4), 1)
    assert np.count_nonzero(page) == 12 * 12 + 10 * 10


def test_each_image_is_requested_once():
    requested = []

    def look_up(which):
        requested.extend(which.tolist())
        return np.zeros((len(which), 28, 28), np.uint8)

    thumbnails = Thumbnails()
    assert not thumbnails.available
    thumbnails.set_lookup(look_up)
    page = np.zeros((50, 50), np.uint32)
    for _ in range(2):
        thumbnails.paste(page, np.zeros((2, 2), np.intp), np.array([4, 9]), RED.repeat(2), 1)
    assert requested == [4, 9]
    thumbnails.set_lookup(lambda which: np.ones((len(which), 28, 28), np.uint8))
    thumbnails.paste(page, np.zeros((1, 2), np.intp), np.array([4]), RED, 1)
    assert page[10, 10] == 0xFF010101
