"""Layers of a map check their shapes and know the limits of their scale."""

import numpy as np
import pytest

from aestudio.gui.plots.map_layers import FieldImage, PointValues, Trail, limits_of

FLAT = np.zeros((2, 3), np.float32)


def test_ends_of_a_scale_leave_outliers_out():
    values = np.append(np.linspace(0, 1, 999), [1000, np.nan]).astype(np.float32)
    low, high = limits_of(values)
    assert 0 <= low < 0.02
    assert 0.97 < high < 1.01
    assert limits_of(values, -3, 7) == (-3, 7)


@pytest.mark.parametrize("values", [[], [np.nan], [4.0, 4.0], [0.0]])
def test_a_scale_is_never_empty(values):
    low, high = limits_of(np.array(values, np.float32))
    assert low < high


def test_wrong_shapes_are_errors():
    with pytest.raises(ValueError, match="values"):
        PointValues(FLAT, "Loss")
    with pytest.raises(ValueError, match="field"):
        FieldImage(FLAT, (1, 1, 0, 2), "Density")
    with pytest.raises(ValueError, match="trail"):
        Trail(np.zeros((0, 2), np.float32), "A")
    assert FieldImage(FLAT, (0, 1, 0, 2), "Density", low=-12, high=0).limits == (-12, 0)
