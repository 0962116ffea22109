"""Places colour scales below a plot: beside each other if their titles fit, else one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRect

    from aestudio.gui.plots.scale_bar import ScaleBar

_BETWEEN = 24  # logical pixels between two scales in one line


def in_one_line(scales: Sequence[ScaleBar], width: int) -> bool:
    """Whether the scales fit beside each other with their whole titles."""
    gaps = (len(scales) - 1) * current_theme().px(_BETWEEN)
    return sum(scale.whole_width for scale in scales) + gaps <= width


def scales_height(scales: Sequence[ScaleBar], width: int) -> int:
    """The height of the line or lines, in pixels; 0 without scales."""
    heights = [scale.sizeHint().height() for scale in scales]
    return max(heights, default=0) if in_one_line(scales, width) else sum(heights)


def place_scales(scales: Sequence[ScaleBar], place: QRect) -> None:
    """Give each scale its part of a place that is `scales_height` high."""
    if not in_one_line(scales, place.width()):
        height = place.height() // len(scales)
        for number, scale in enumerate(scales):
            scale.setGeometry(place.left(), place.top() + number * height, place.width(), height)
        return
    gap, left = current_theme().px(_BETWEEN), place.left()
    free = place.width() - (len(scales) - 1) * gap - sum(scale.whole_width for scale in scales)
    for scale in scales:
        width = scale.whole_width + free // len(scales)
        scale.setGeometry(left, place.top(), width, place.height())
        left += width + gap
