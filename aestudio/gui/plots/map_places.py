"""Puts the parts of a map where `class_map_layout` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.plots.class_map_layout import MapParts, boxes_of
from aestudio.gui.plots.scale_lines import place_scales, scales_height
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.plots.class_legend import ClassLegend
    from aestudio.gui.plots.map_plot import MapPlot
    from aestudio.gui.plots.scale_bar import ScaleBar


def place_parts(
    whole: QWidget,
    plot: MapPlot,
    legend: ClassLegend | None,
    scales: list[ScaleBar],
    corner: QWidget | None,
    *,
    square: bool,
) -> None:
    """Place what is shown: the plot, the legend, the colour scales, and what is right of the plot.

    square: whether the data have a square
    """
    theme = current_theme()
    size = None if corner is None else corner.sizeHint()
    parts = MapParts(
        whole.width(),
        whole.height(),
        theme.px(theme.padding),
        plot.margins() if square else None,
        scales_height(scales, whole.width()),
        legend,
        None if size is None else (size.width(), size.height()),
    )
    plot_box, legend_box, below = boxes_of(parts)
    plot.setGeometry(plot_box)
    if legend is not None:
        legend.setGeometry(legend_box)
    place_scales(scales, below)
    if corner is not None and size is not None:
        corner.setGeometry(legend_box.left(), 0, legend_box.width(), size.height())
