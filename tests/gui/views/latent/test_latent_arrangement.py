"""Where map and panel of the Latent view are: for all sizes, and in a window that is dragged."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.views.latent.latent_arrangement import (
    GAP,
    LEAST_MAP,
    LEAST_PANEL,
    MAP_SQUARE,
    SPLIT,
    Arrangement,
    arrange,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

EXPLORER, TABS = 288, 45
AXIS, AROUND = 62, 130  # beside the data of the map; above and below them
TOOLS, LOW = 133, 52  # beside a map that lacks height; what is then above and below its data


def square(found: Arrangement, height: int) -> int:
    """The side of the largest square of data, as the panel leaves it."""
    beside = found.panel + SPLIT if found.beside else 0
    below = 0 if found.beside or not found.panel else found.panel + SPLIT
    across, down = (AXIS + TOOLS, LOW) if found.corner else (AXIS, AROUND)
    return min(found.right - beside - across, height - TABS - down - below)


def test_at_1280_by_800_a_panel_is_beside_a_large_map() -> None:
    found = arrange(1144, 651, explorer=EXPLORER, tabs=TABS, is_open=True)
    assert found.beside
    assert square(found, 651) >= MAP_SQUARE
    assert 1144 - GAP - found.right >= EXPLORER


def test_with_a_sidebar_beside_it_a_panel_is_below_and_low_before_the_map_is_small() -> None:
    found = arrange(872, 630, explorer=EXPLORER, tabs=TABS, is_open=True)
    assert (found.beside, found.corner) == (False, True)
    assert square(found, 630) >= 320
    assert found.panel > LEAST_PANEL[1]
    found = arrange(840, 730, explorer=EXPLORER, tabs=TABS, is_open=True)
    assert not found.beside
    assert square(found, 730) >= MAP_SQUARE - 40


def test_in_a_low_window_the_tools_of_a_map_are_beside_it() -> None:
    """The view at 1024x640: the map had a square of 180 below its tools."""
    found = arrange(888, 491, explorer=EXPLORER, tabs=TABS, is_open=True)
    assert (found.beside, found.corner) == (False, True)
    assert square(found, 491) >= 205
    assert not arrange(888, 491, explorer=EXPLORER, tabs=TABS, is_open=False).corner


def test_without_room_for_both_the_map_is_below_image_and_sliders() -> None:
    for is_open in (False, True):
        found = arrange(600, 500, explorer=EXPLORER, tabs=TABS, is_open=is_open)
        assert (found.stacked, found.right, found.beside) == (True, 600, False)


@given(
    width=st.integers(400, 4000),
    height=st.integers(300, 2200),
    explorer=st.integers(240, 420),
    is_open=st.booleans(),
    was_beside=st.booleans(),
)
def test_every_part_has_its_least_size(
    width: int, height: int, explorer: int, is_open: bool, was_beside: bool
) -> None:
    found = arrange(width, height, explorer=explorer, tabs=TABS, is_open=is_open, was_beside=was_beside)
    if found.stacked:
        assert found.right == width
        return
    assert width - GAP - found.right >= explorer
    map_width = found.right - (SPLIT + found.panel if found.beside else 0)
    assert map_width >= LEAST_MAP[0]
    assert bool(found.panel) == is_open
    if is_open:
        assert found.panel >= LEAST_PANEL[0 if found.beside else 1]


def changes(widths: Iterable[int], height: int, *, beside: bool) -> int:
    """How often the panel changes its place while the width does."""
    places = []
    for width in widths:
        found = arrange(width, height, explorer=EXPLORER, tabs=TABS, is_open=True, was_beside=beside)
        beside = found.beside
        places.append(beside)
    return sum(before != after for before, after in itertools.pairwise(places))


@pytest.mark.parametrize("height", [470, 560, 651, 730, 931, 1200])
def test_a_panel_changes_its_place_once_while_the_window_is_dragged(height: int) -> None:
    wider = range(680, 3000)
    assert changes(wider, height, beside=False) == 1
    assert changes(reversed(wider), height, beside=True) == 1


@pytest.mark.parametrize("height", [470, 651, 931])
def test_a_hand_that_trembles_moves_nothing(height: int) -> None:
    widths = range(680, 3000)
    places = [arrange(width, height, explorer=EXPLORER, tabs=TABS, is_open=True).beside for width in widths]
    turn = 680 + places.index(True)
    trembling = [turn + step for step in (0, -3, 1, -5, 2, -4, 0)]
    assert changes(trembling, height, beside=True) == 0
    assert changes([width - 6 for width in trembling], height, beside=False) == 0


@pytest.mark.parametrize("height", [651, 931])
@pytest.mark.parametrize("is_open", [False, True])
def test_the_map_does_not_jump_while_the_window_is_dragged(height: int, is_open: bool) -> None:
    """From one pixel of width to the next, its square changes by a pixel, or by the margin of the turn."""
    sizes, beside = [], False
    for width in range(680, 2600):
        found = arrange(width, height, explorer=EXPLORER, tabs=TABS, is_open=is_open, was_beside=beside)
        beside = found.beside
        sizes.append(square(found, height))
    steps = [after - before for before, after in itertools.pairwise(sizes)]
    assert sorted(steps)[-2] <= 2
    assert max(steps) <= 16
    assert min(steps) >= -1
