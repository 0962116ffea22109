"""Ellipses of a covariance, trails that fade."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTransform

from aestudio.gui.plots.map_layers import Trail
from aestudio.gui.plots.trails import Trails, ellipse_outline
from aestudio.gui.widgets.painting import painting

COVARIANCE = np.array([[4.0, 1.2], [1.2, 1.0]])


@pytest.mark.parametrize("stds", [1, 2])
def test_an_ellipse_has_its_mahalanobis_distance(stds):
    outline = ellipse_outline((3.0, -1.0), COVARIANCE, stds)
    offset = outline - (3.0, -1.0)
    mahalanobis = np.sqrt(np.einsum("ni,ij,nj->n", offset, np.linalg.inv(COVARIANCE), offset))
    np.testing.assert_allclose(mahalanobis, stds)


def test_a_flat_covariance_is_a_line():
    outline = ellipse_outline((0, 0), np.array([[1.0, 0], [0, 0]]), 1)
    np.testing.assert_allclose(outline[:, 1], 0, atol=1e-9)


def test_a_trail_is_stronger_at_its_end(qapp):
    trails = Trails()
    trails.set_trails((Trail(np.array([[x, 50] for x in range(10, 190, 6)], np.float32), "A"),))
    image = QImage(240, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with painting(image) as painter:
        painter.setWorldTransform(QTransform())
        trails.paint(painter, None)  # type: ignore[arg-type]
    alpha = [image.pixelColor(x, 50).alpha() for x in (20, 60, 110, 160)]
    assert alpha == sorted(alpha)
    assert 0 < alpha[0] < alpha[-1] - 80
