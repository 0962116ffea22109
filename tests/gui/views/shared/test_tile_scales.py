"""How large images of a grid may be drawn."""

from __future__ import annotations

import pytest

from aestudio.gui.views.shared.tile_scales import least_side, tile_scales


def test_digits_have_the_factors_of_always() -> None:
    assert tile_scales((1, 28, 28), 168, 56) == (6, 5, 4, 3, 2)
    assert tile_scales((1, 28, 28), 140, 56) == (5, 4, 3, 2)


@pytest.mark.parametrize("side", range(8, 65))
def test_every_image_has_a_factor_and_none_is_drawn_too_large(side: int) -> None:
    scales = tile_scales((3, side, 8), 168, 56)
    assert scales == tile_scales((8, side), 168, 56)
    assert list(scales) == sorted(set(scales), reverse=True)
    assert scales[-1] >= 1
    assert 168 - side < scales[0] * side <= 168
    assert scales[-1] * side >= 56


@pytest.mark.parametrize("side", range(8, 65))
def test_the_least_square_holds_a_whole_multiple(side: int) -> None:
    square = least_side((1, side, 8), 56)
    factor = square // side
    assert factor >= 1
    assert square == max(56, factor * side)
    assert all(abs(factor * side - 56) <= abs(other * side - 56) for other in range(1, 9))


def test_the_least_square_of_digits_is_twice_their_size() -> None:
    assert least_side((1, 28, 28), 56) == 56
    assert least_side((3, 32, 32), 56) == 64
