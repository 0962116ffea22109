"""Points as thumbnails: only if there is space, in whole pixels, without overlaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.gui.plots.thumbnails import (
    LARGEST_SIDE,
    Thumbnails,
    factor_for,
    frame_width,
    non_overlapping,
    tile_size,
)

MNIST = (28, 28)
RED = np.array([0xFFFF0000], np.uint32)


@given(
    positions=hnp.arrays(
        np.float32, st.tuples(st.integers(0, 80), st.just(2)), elements=st.floats(-50, 300, width=32)
    ),
    height=st.integers(4, 60),
    width=st.integers(4, 60),
)
def test_thumbnails_do_not_overlap_and_none_can_be_added(positions, height, width):
    kept = non_overlapping(positions[:, 0], positions[:, 1], (height, width))
    apart = (np.abs(positions[:, None].astype(float) - positions[None]) / (width, height)).max(axis=2)
    among = apart[np.ix_(kept, kept)] + np.eye(len(kept))
    assert (among >= 1).all()
    for left_out in set(range(len(positions))) - set(kept.tolist()):
        earlier = kept[kept < left_out]
        assert (apart[left_out, earlier] < 1).any(), "there was space for it"


def test_thumbnails_appear_if_they_fill_the_view_at_most_once():
    space = (1000, 1600)
    assert factor_for(0, space, MNIST) == 0
    assert factor_for(70_000, space, MNIST) == 0
    most = 1600 * 1000 // 32**2
    assert factor_for(most, space, MNIST) == 1
    assert factor_for(most + 30, space, MNIST) == 0
    assert factor_for(1, space, MNIST) == 3
    assert factor_for(most, space, MNIST, least=2) == 0
    assert factor_for(1, space, MNIST, least=2) == 6


@given(
    height=st.integers(8, 64), width=st.integers(8, 64), least=st.integers(1, 3), visible=st.integers(1, 900)
)
def test_thumbnails_of_any_shape_fill_the_view_at_most_once(height, width, least, visible):
    space = (1000, 1600)
    factor = factor_for(visible, space, (height, width), least)
    tile = tile_size((height, width), factor)
    assert visible * tile[0] * tile[1] <= 1000 * 1600
    assert factor % least == 0
    assert max(tile) <= LARGEST_SIDE * least
    larger = tile_size((height, width), factor + least)
    assert visible * larger[0] * larger[1] > 1000 * 1600 or max(larger) > LARGEST_SIDE * least


@pytest.mark.parametrize("factor", [1, 2])
@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 28, 20), (3, 32, 32), (3, 8, 40)])
def test_every_pixel_of_the_image_is_a_square_in_a_frame(shape, factor):
    image = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    thumbnails = Thumbnails()
    thumbnails.set_lookup(lambda which: image[None].repeat(len(which), axis=0))
    assert thumbnails.factor(np.array([3]), (1000, 1600), 1) > 0
    page = np.zeros((100, 120), np.uint32)
    thumbnails.paste(page, np.array([[5, 7]]), np.array([3]), RED, factor)
    (height, width), rim = tile_size(shape[1:], factor), frame_width(shape[1:]) * factor
    tile = page[5 : 5 + height, 7 : 7 + width]
    assert (np.count_nonzero(page), np.count_nonzero(tile)) == (height * width,) * 2
    inside = tile[rim:-rim, rim:-rim]
    for channel, shift in zip(image, (16, 8, 0) if len(image) == 3 else (0,), strict=True):
        np.testing.assert_array_equal((inside[::factor, ::factor] >> shift) & 0xFF, channel)
    assert (inside == np.kron(inside[::factor, ::factor], np.ones((factor, factor), np.uint32))).all()
    assert (tile[:rim] == RED).all()
    assert (tile[:, -rim:] == RED).all()


def test_the_frame_of_a_small_image_is_thinner():
    assert [frame_width(size) for size in ((28, 28), (28, 20), (64, 16), (8, 64), (8, 8))] == [2, 2, 2, 1, 1]


def test_parts_beyond_the_edge_are_cut_off():
    thumbnails = Thumbnails()
    thumbnails.set_lookup(lambda which: np.full((len(which), 1, 28, 28), 9, np.uint8))
    assert thumbnails.factor(np.arange(4), (40, 40), 1) == 0
    page = np.zeros((40, 40), np.uint32)
    corners = np.array([[-20, -20], [30, 30], [100, 0], [0, -99]])
    thumbnails.paste(page, corners, np.arange(4), RED.repeat(4), 1)
    assert np.count_nonzero(page) == 12 * 12 + 10 * 10


def test_each_image_is_requested_once():
    requested = []

    def look_up(which):
        requested.extend(which.tolist())
        return np.zeros((len(which), 1, 28, 28), np.uint8)

    thumbnails = Thumbnails()
    assert not thumbnails.available
    thumbnails.set_lookup(look_up)
    page = np.zeros((50, 50), np.uint32)
    for _ in range(2):
        thumbnails.paste(page, np.zeros((2, 2), np.intp), np.array([4, 9]), RED.repeat(2), 1)
    assert requested == [4, 9]
    thumbnails.set_lookup(lambda which: np.ones((len(which), 1, 28, 28), np.uint8))
    thumbnails.paste(page, np.zeros((1, 2), np.intp), np.array([4]), RED, 1)
    assert page[10, 10] == 0xFF010101
