"""How many images the grid shows by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.gui.views.latent.grid.grid_geometry import best_side


@given(width=st.integers(160, 3000), height=st.integers(160, 3000))
def test_digits_fill_the_largest_square_as_before(width: int, height: int) -> None:
    size = min(width, height)
    expected = max(range(5, 21), key=lambda side: (size // (side * 28) * side * 28, side))
    assert best_side((width, height), MNIST.image) == expected


@given(
    width=st.integers(320, 3000), height=st.integers(320, 3000), shape=st.sampled_from([(28, 20), (20, 64)])
)
def test_no_other_number_of_narrow_images_fills_more(width: int, height: int, shape: tuple[int, int]) -> None:
    high, wide = shape

    def filled(side: int) -> int:
        return min(width // (side * wide), height // (side * high)) * side

    best = best_side((width, height), ImageShape(1, high, wide))
    assert filled(best) == max(map(filled, range(5, 21)))


@pytest.mark.parametrize(("size", "side"), [((300, 300), 10), ((170, 400), 6), ((160, 120), 5)])
def test_large_images_are_shrunk_and_not_crowded(size: tuple[int, int], side: int) -> None:
    assert best_side(size, ImageShape(3, 64, 64)) == side
