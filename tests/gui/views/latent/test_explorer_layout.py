"""Where the image of the Latent view is, and how large: pure numbers, and what must hold for all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.views.latent.explorer_layout import ControlsSize, Division, divide, whole

CONTROLS = ControlsSize(240, 172, 110, 70)
TEN_SLIDERS, TWO_SLIDERS = 315, 91


def division(width: int, height: int, below: int, controls: ControlsSize = CONTROLS) -> Division:
    return divide((width, height), controls, below, gap=8, pixels=28, least=140)


def test_many_sliders_have_the_controls_beside_the_image_and_few_below_it() -> None:
    assert division(556, 651, TEN_SLIDERS) == Division(True, 280)
    assert division(556, 651, TWO_SLIDERS) == Division(False, 448)


def test_in_a_small_window_the_image_gives_way_and_stays_beside_the_controls() -> None:
    assert division(446, 470, TEN_SLIDERS) == Division(True, 140)
    assert division(300, 430, TEN_SLIDERS) == Division(True, 112), "rather a little smaller than below"
    assert division(280, 430, TEN_SLIDERS) == Division(False, 140)


def test_an_image_is_a_multiple_of_its_pixels() -> None:
    assert whole(300, 28) == 280
    assert whole(20, 28) == 20
    assert whole(-5, 28) == 0


@given(
    width=st.integers(300, 2000),
    height=st.integers(300, 1400),
    below=st.integers(60, 1200),
    pixels=st.integers(8, 64),
    least_width=st.integers(100, 300),
    more=st.integers(0, 80),
)
def test_nothing_overlaps_where_there_is_room(
    width: int, height: int, below: int, pixels: int, least_width: int, more: int
) -> None:
    controls = ControlsSize(least_width + more, least_width, 110, 70)
    found = divide((width, height), controls, below, gap=8, pixels=pixels, least=140)
    assert found.side <= width
    if found.beside:
        assert found.side + 16 + least_width <= width
    if found.side > 140:
        assert found.side % pixels == 0
        above = found.side + 8 if found.beside else found.side + 16 + controls.height_below
        assert above + below <= height
