"""The cells of the decoded layer: whole pixels, fixed on the plane, not too many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.gui.views.latent.map.decoded_layer import cells_of, rect_of

VIEW = QRectF(-4.1, -3.9, 8.0, 8.0)


def image_pixels(view: QRectF, size: tuple[float, float], shape: ImageShape) -> tuple[float, float]:
    """Device pixels per pixel of an image, across and up."""
    cells = cells_of(view, size, shape)
    assert cells is not None
    across, up = cells.step
    return (
        across * size[0] / view.width() / shape.width,
        up * size[1] / view.height() / shape.height,
    )


@given(
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.floats(1e-3, 300),
    st.integers(180, 2400),
    st.sampled_from([MNIST.image, ImageShape(1, 8, 8), ImageShape(3, 32, 32), ImageShape(1, 28, 20)]),
)
def test_cells_cover_the_view_in_whole_pixels(
    left: float, bottom: float, width: float, pixels: int, shape: ImageShape
) -> None:
    view = QRectF(left, bottom, width, width)
    cells = cells_of(view, (pixels, pixels), shape)
    assert cells is not None
    x0, x1, y0, y1 = rect_of(cells)
    slack = width * 1e-6
    assert x0 <= view.left() + slack
    assert x1 >= view.right() - slack
    assert y0 <= view.top() + slack
    assert y1 >= view.bottom() - slack
    across, up = image_pixels(view, (pixels, pixels), shape)
    assert across == pytest.approx(round(across), rel=1e-5)
    assert up == pytest.approx(round(across), rel=1e-5)
    assert round(across) >= 1
    assert cells.count[0] * cells.count[1] <= 2_200


def test_moving_the_map_moves_no_cell() -> None:
    before = cells_of(VIEW, (512, 512), MNIST.image)
    after = cells_of(VIEW.translated(0.37, -1.21), (512, 512), MNIST.image)
    assert before is not None
    assert after is not None
    assert (before.step, before.scales) == (after.step, after.scales), "what is decoded is used again"
    assert before.centre(3, 2) == after.centre(3, 2)


def test_a_cell_is_decoded_at_its_middle() -> None:
    cells = cells_of(VIEW, (512, 512), MNIST.image)
    assert cells is not None
    x0, x1, y0, y1 = rect_of(cells)
    (columns, rows), (column, row) = cells.count, cells.first
    middle = cells.centres([(column, row), (column + columns - 1, row + rows - 1)])
    half = np.array(cells.step) / 2
    ends = np.array([[x0, y0], [x1, y1]])
    np.testing.assert_allclose(middle, [ends[0] + half, ends[1] - half], rtol=1e-9)


def test_large_images_are_smaller_than_life_instead_of_few() -> None:
    shape = ImageShape(3, 64, 64)
    cells = cells_of(VIEW, (420, 420), shape)
    assert cells is not None
    assert 12 <= cells.count[0] <= 20


def test_a_view_without_a_size_has_no_cells() -> None:
    assert cells_of(QRectF(0, 0, 1, 1), (0, 0), MNIST.image) is None
    assert cells_of(QRectF(), (100, 100), MNIST.image) is None
