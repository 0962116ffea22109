"""Axes, scales and cross of a grid that is of an earlier step than the map."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from aestudio.analysis.grid_cells import CellGrid, GridWindow, scales_of
from aestudio.analysis.projections import Plane
from aestudio.gui.views.latent.grid.drawn_plane import cross_on, drawn_plane, fits


def plane(turn: float, size: int = 3) -> Plane:
    """A plane of the first two of `size` numbers, turned by an angle in radians."""
    axes = np.zeros((2, size))
    axes[:, :2] = [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    limits = np.array([[-2.0, 2.0], [-1.0, 3.0]])
    return Plane("components", (0, 1), np.zeros(size), axes, limits, (f"PC {turn}", "PC 2"))


def map_of(shown: Plane) -> Any:
    return SimpleNamespace(plane=shown)


def grid_on(shown: Plane) -> Any:
    cells = CellGrid.under(GridWindow(), scales_of(shown, "even"), 10)
    return SimpleNamespace(plane=shown, cell_grid=cells)


def state_with(code: np.ndarray, advances: bool, set_by_user: bool) -> Any:
    exploration = SimpleNamespace(decoded_code=code, set_by_user=set_by_user)
    return SimpleNamespace(exploration=exploration, step_advances=advances, value=lambda channel: None)


def test_an_earlier_grid_keeps_its_own_axes() -> None:
    earlier, later = plane(0.3), plane(0.5)
    drawn = drawn_plane(grid_on(earlier), map_of(later), "even")
    assert drawn.plane is earlier
    assert drawn.scales == scales_of(earlier, "even")
    assert not drawn.of_map
    assert drawn_plane(grid_on(later), map_of(later), "even").of_map


def test_a_grid_of_a_model_with_other_codes_is_not_drawn() -> None:
    other = grid_on(plane(0, size=5))
    shown = map_of(plane(0.5))
    assert not fits(other, shown)
    assert drawn_plane(other, shown, "even").plane is shown.plane


@pytest.mark.parametrize("set_by_user", [True, False])
def test_the_cross_on_an_earlier_plane(set_by_user: bool) -> None:
    """A point that the user set is at its place on that plane; the newest code of an image is on none yet."""
    earlier, code, last = plane(0.3), np.array([0.5, 1.0, 7.0], np.float32), (0.1, 0.9)
    drawn = drawn_plane(grid_on(earlier), map_of(plane(0.5)), "even")
    state = state_with(code, advances=True, set_by_user=set_by_user)
    cross = cross_on(drawn, GridWindow(), code, state, map_of(plane(0.5)), last)
    if not set_by_user:
        assert cross == last
        return
    x = 0.5 * np.cos(0.3) + np.sin(0.3)
    y = -0.5 * np.sin(0.3) + np.cos(0.3)
    assert cross == pytest.approx(((x + 2) / 4, (y + 1) / 4), abs=1e-6)


def test_a_code_of_another_length_has_no_place() -> None:
    drawn = drawn_plane(None, map_of(plane(0.5)), "even")
    code = np.zeros(2, np.float32)
    state = state_with(code, advances=False, set_by_user=False)
    assert cross_on(drawn, GridWindow(), code, state, None, (0.1, 0.1)) is None
