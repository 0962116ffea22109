"""The name of a curve with its value: the last one, or that at the shown step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.plots.end_labels import EndLabel
from aestudio.gui.plots.numbers import tick_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.plots.curves import CurveLines
    from aestudio.gui.plots.ranges import Range

translate = QCoreApplication.translate

_SAME_X = 0.01  # of the length of the curves: less is not seen


def value_label(
    line: CurveLines,
    colour: str,
    y_of: Callable[[float], float],
    marker_x: float | None,
    extent: Range | None,
) -> EndLabel | None:
    """The label at the end of a curve; None for an empty one.

    y_of: the place of a value on the y axis; marker_x: where the shown step is, None for the newest
    extent: of all curves in x

    A curve that was not measured at the marker shows its value nearest to it, and says where that is from.
    """
    last, drawn = line.last_value(), line.last_finite()
    if line.curve is None or last is None or drawn is None:
        return None
    if marker_x is not None:
        last = line.value_at(marker_x) or last
    value, note = last.texts
    if marker_x is not None and extent is not None:
        far = abs(last.x - marker_x) > _SAME_X * (extent[1] - extent[0])
        note = translate("CurvePlot", "at {}").format(tick_number(last.x, 2)) if far else note
    return EndLabel(line.curve.name, value, colour, y_of(drawn), note)
