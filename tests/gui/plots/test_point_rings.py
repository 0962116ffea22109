"""Rings follow their points, and are drawn around them in the colours and dashes of their meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.point_rings import Ring, RingedPoints
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

XY = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [2, 2]], np.float32)


def ringed(class_map: ClassMap) -> dict[int, tuple[float, float]]:
    return {ring.index: (x, y) for ring, x, y in class_map.plot.rings.places()}


def test_rings_follow_their_points_and_vanish_with_them(qtbot: QtBot) -> None:
    class_map = ClassMap()
    qtbot.addWidget(class_map)
    class_map.set_points(XY, np.array([0, 0, 1, 1, 1]), ("zero", "one"))
    class_map.plot.rings.set_points(RingedPoints((Ring(1, 0), Ring(3, 1), Ring(9, 0))))
    assert ringed(class_map) == {1: (1, 0), 3: (1, 1)}, "there is no point 9"
    class_map.set_points(XY + 5, np.array([0, 0, 1, 1, 1]), ("zero", "one"))
    assert ringed(class_map) == {1: (6, 5), 3: (6, 6)}
    class_map.legend.chips[0].click()
    assert ringed(class_map) == {3: (6, 6)}
    class_map.set_point_style("hidden")
    assert ringed(class_map) == {}


def test_a_ring_is_painted_around_its_point(qtbot: QtBot) -> None:
    class_map = ClassMap()
    qtbot.addWidget(class_map)
    class_map.resize(400, 300)
    class_map.show()
    class_map.set_points(XY, None, ())
    plain = class_map.grab().toImage()
    class_map.plot.rings.set_points(RingedPoints((Ring(1, 0),)))
    image = class_map.grab().toImage()
    changed = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y) != plain.pixelColor(x, y)
    ]
    at = class_map.plot.mapTo(class_map, class_map.plot.pixel_of(1.0, 0.0).toPoint())
    far = [max(abs(x - at.x()), abs(y - at.y())) for x, y in changed]
    assert 3 < max(far) < 20
    wanted = QColor(current_theme().bad)
    assert any(image.pixelColor(*place) == wanted for place in changed)
