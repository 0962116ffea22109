"""The layout of the grid: no overlap, largest scale, cell at a point."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from aestudio.gui.widgets.grid_layout import GridSpace, capacity, fit

SPACES = st.builds(
    GridSpace,
    width=st.integers(200, 2000),
    height=st.integers(200, 1500),
    gap=st.integers(1, 20),
    seam=st.integers(0, 6),
    caption=st.integers(0, 30),
)


@given(st.integers(1, 300), st.integers(1, 3), SPACES)
def test_cells_are_inside_and_apart(count: int, images: int, space: GridSpace) -> None:
    assume(capacity(images, (28, 28), 1, space) >= 1)
    layout = fit(count, images, (28, 28), space)
    corners = [layout.corner(index) for index in range(layout.count)]
    for left, top in corners:
        assert left >= 0
        assert top >= 0
        assert left + layout.cell_width <= space.width
        assert top + layout.tile_height + space.caption <= space.height
    right, down = layout.pitch
    assert right >= layout.cell_width + space.gap
    assert down >= layout.tile_height + space.caption + space.gap


@given(st.integers(1, 300), st.integers(1, 3), SPACES)
def test_the_scale_is_the_largest_at_which_all_fit(count: int, images: int, space: GridSpace) -> None:
    layout = fit(count, images, (28, 28), space)
    if capacity(images, (28, 28), 1, space) >= count:
        assert layout.count == count
        assert capacity(images, (28, 28), layout.scale, space) >= count
        assert capacity(images, (28, 28), layout.scale + 1, space) < count


@given(st.integers(1, 300), st.integers(1, 3), SPACES, st.integers(0, 10_000))
def test_a_point_in_a_cell_finds_it(count: int, images: int, space: GridSpace, number: int) -> None:
    layout = fit(count, images, (28, 28), space)
    index = number % layout.count
    left, top = layout.corner(index)
    assert layout.index_at(left, top) == index
    assert layout.index_at(left + layout.cell_width - 1, top + layout.tile_height - 1) == index
    assert layout.index_at(left - 1, top) == -1
    assert layout.index_at(left, top - 1) == -1


def test_fixed_columns_and_neighbours() -> None:
    layout = fit(10, 1, (28, 28), GridSpace(1000, 600, 8, 2, 0), columns=4)
    assert (layout.columns, layout.rows) == (4, 3)
    assert layout.neighbour(-1, 1, 0) == 0
    assert layout.neighbour(5, 0, 1) == 9
    assert layout.neighbour(9, 1, 0) == 9
    assert layout.neighbour(2, 0, -1) == 2


def test_too_many_are_cut_off() -> None:
    space = GridSpace(100, 100, 8, 2, 0)
    assert capacity(1, (28, 28), 1, space) == 4
    assert fit(50, 1, (28, 28), space).count == 4
