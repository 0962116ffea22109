"""The points of a map as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.gui.plots.map_layers import PointValues
from aestudio.gui.plots.map_points import positions_of, selected_points

XY = np.array([[0, 1], [2, 3], [4, 5]], np.float32)


def test_positions_are_those_that_are_given() -> None:
    assert np.array_equal(positions_of(XY, None, None, None), XY)
    strided = np.arange(12, dtype=np.float64).reshape(3, 4)[:, ::2].astype(np.float32)
    found = positions_of(strided, np.zeros(3, np.int64), None, None)
    assert found.flags.c_contiguous
    assert np.array_equal(found, strided)


def test_a_depth_is_the_third_column() -> None:
    depth = np.array([7, 8, 9], np.float32)
    found = positions_of(XY, None, None, depth)
    assert found.dtype == np.float32
    assert np.array_equal(found, [[0, 1, 7], [2, 3, 8], [4, 5, 9]])


@pytest.mark.parametrize(
    ("xy", "labels", "values"),
    [
        (XY[:, :1], None, None),
        (XY[0], None, None),
        (XY, np.zeros(2, np.int64), None),
        (XY, None, PointValues(np.zeros(4, np.float32), "loss", "nats")),
    ],
)
def test_other_shapes_are_refused(
    xy: np.ndarray, labels: np.ndarray | None, values: PointValues | None
) -> None:
    with pytest.raises(ValueError, match="points"):
        positions_of(xy, labels, values, None)


def test_selected_points_are_a_mask_of_those_that_exist() -> None:
    found = selected_points(np.array([2, 0, 5, -1]), 3)
    assert found is not None
    assert found.tolist() == [True, False, True]
    assert selected_points(np.array([], np.int64), 3) is None
    assert selected_points(None, 3) is None
