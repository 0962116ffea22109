"""Where the image of the Latent view is, and how large: pure numbers, and what must hold for all of them."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.views.latent.explorer_layout import (
    ControlPlaces,
    ControlsSize,
    Division,
    Place,
    divide,
    place,
    whole,
)

CONTROLS = ControlsSize(240, 172, 34, 40, 20, in_one_line=False, column=56, gap=8)
TEN_SLIDERS, TWO_SLIDERS = 315, 91


def division(width: int, height: int, below: int, controls: ControlsSize = CONTROLS) -> Division:
    return divide((width, height), controls, below, pixels=28, least=140, good=220)


def test_many_sliders_have_the_controls_beside_the_image_and_few_below_it() -> None:
    assert division(556, 651, TEN_SLIDERS) == Division("beside", 280)
    assert division(556, 651, TWO_SLIDERS) == Division("below", 420)


def test_in_a_narrow_part_beside_ten_sliders_the_image_is_large_because_the_controls_are_split() -> None:
    assert division(288, 651, TEN_SLIDERS) == Division("split", 224)
    assert division(288, 651, TWO_SLIDERS) == Division("below", 280), "it is large enough as it is"


def test_in_a_small_window_the_image_gives_way_and_stays_beside_the_controls() -> None:
    assert division(446, 470, TEN_SLIDERS) == Division("beside", 140)
    assert division(300, 430, TEN_SLIDERS) == Division("beside", 112), "rather a little smaller than below"
    assert division(280, 430, TEN_SLIDERS) == Division("below", 140)


def test_an_image_is_a_multiple_of_its_pixels() -> None:
    assert whole(300, 28) == 280
    assert whole(20, 28) == 20
    assert whole(-5, 28) == 0


def overlap(first: Place, second: Place) -> bool:
    (x0, y0, w0, h0), (x1, y1, w1, h1) = first, second
    return x0 < x1 + w1 and x1 < x0 + w0 and y0 < y1 + h1 and y1 < y0 + h0


def areas(places: ControlPlaces) -> list[Place]:
    return [area for area in (places.image, places.start, places.gauge, places.rest) if min(area[2:]) > 0]


@given(
    width=st.integers(300, 2000),
    height=st.integers(300, 1400),
    below=st.integers(60, 1200),
    pixels=st.integers(8, 64),
    least_width=st.integers(100, 230),
    more=st.integers(0, 80),
    start=st.sampled_from([0, 34]),
    rest=st.sampled_from([0, 34, 100]),
    in_one_line=st.booleans(),
)
def test_nothing_overlaps_where_there_is_room(
    width: int,
    height: int,
    below: int,
    pixels: int,
    least_width: int,
    more: int,
    start: int,
    rest: int,
    in_one_line: bool,
) -> None:
    controls = ControlsSize(
        least_width + more, least_width, start, 40, rest, in_one_line=in_one_line, column=56, gap=8
    )
    found = divide((width, height), controls, below, pixels=pixels, least=140, good=220)
    places = place(found, controls, width)
    parts = areas(places)
    assert not any(overlap(one, other) for one, other in itertools.combinations(parts, 2))
    assert all(left >= 0 and left + across <= width for left, _, across, _ in parts)
    assert all(top + high <= places.end for _, top, _, high in parts)
    assert places.gauge[3] >= 40
    assert places.rest[3] >= rest
    if found.side > 140:
        assert found.side % pixels == 0
        assert places.end + 8 + below <= height or found.controls == "beside"
        assert found.side + 8 + below <= height
