"""What the read-out beside the mouse says of a point: its class or its number, and its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.plots.numbers import short_number
from aestudio.gui.plots.overlay import table
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.plots.point_colours import PointColours

translate = QCoreApplication.translate
_LONGEST = 40  # characters of a class's name


def text_of_point(points: PointColours, index: int) -> str:
    """Rich text about the point with this index; names in it are escaped."""
    theme = current_theme()
    number = translate("ClassMap", "index {}").format(index)
    rows = [(theme.muted, number, "")]
    label = -1 if points.labels is None else int(points.labels[index])
    if 0 <= label < len(points.names):
        name = one_line(points.names[label], _LONGEST)
        rows = [(theme.class_colours[label % len(theme.class_colours)], name, number)]
    if points.values is not None:
        value = f"{short_number(float(points.values.values[index]))} {points.values.unit}".strip()
        rows.append((theme.muted, points.values.title, value))
    return table(rows)
