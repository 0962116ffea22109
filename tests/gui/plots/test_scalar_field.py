"""The colours of a field: its top row on top, unknown values in the colour of the panel."""

import numpy as np

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.map_layers import FieldImage
from aestudio.gui.plots.scalar_field import image_of
from aestudio.gui.theme.scales import field_table
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import LIGHT

VALUES = np.array([[0, 1], [2, np.nan]], np.float32)


def colours(image):
    rows = [
        [image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())] for y in range(image.height())
    ]
    return np.array(rows)


def test_rows_are_reversed_because_y_grows_upward():
    table = field_table(LIGHT)
    found = colours(image_of(FieldImage(VALUES, (0, 1, 0, 1), "Density", low=0, high=2), LIGHT))
    np.testing.assert_array_equal(found, [[table[255], table[0]], [table[0], table[128]]])


def test_the_field_is_drawn_in_its_rectangle(qtbot):
    shown = ClassMap()
    qtbot.addWidget(shown)
    shown.resize(500, 400)
    shown.show()
    qtbot.waitExposed(shown)
    shown.set_points(np.array([[-2, -2], [2, 2]], np.float32), None, ())
    values = np.zeros((8, 8), np.float32)
    values[:4] = 1  # the upper half
    shown.set_field(FieldImage(values, (-1, 1, -1, 1), "Density", "nats", 0, 1))
    assert shown.field_scale.isVisible()
    assert shown.field_scale.full_title() == "Density (nats)"
    image = shown.plot.grab().toImage()
    seen = [image.pixelColor(shown.plot.pixel_of(*at).toPoint()).name() for at in ((0.3, 0.7), (0.3, -0.7))]
    full = "#" + "".join(f"{part:02x}" for part in field_table(current_theme())[255])
    assert seen == [full, current_theme().panel.lower()]
    shown.set_field(None)
    assert not shown.field_scale.isVisible()
