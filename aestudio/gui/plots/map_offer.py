"""What a map offers to its context menu: its points for a paper and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.plots.figure import Dots, Figure
from aestudio.gui.plots.plot_values import map_values
from aestudio.gui.theme.tokens import LIGHT
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.plots.map_plot import MapPlot
    from aestudio.gui.plots.point_cloud import Points
    from aestudio.gui.plots.point_colours import PointColours

_MOST_NAMES = 30  # of a legend


def offer_of_map(plot: MapPlot, xy: Points, colours: PointColours) -> Offer:
    """The figure and the table of points (N, 2), as far as they are shown; neither without a point."""
    if not len(xy) or not colours.visible.any():
        return Offer()
    titles = plot.titles if any(plot.titles) else ("x", "y")  # a turned map has no axes

    def figure() -> Callable[[str], bytes]:
        from functools import partial

        from aestudio.gui.plots.figure_of_curves import figure_data  # imports what only files need

        shown = sorted(label for label in colours.shown if label < len(colours.names))
        named = colours.values is None and len(shown) <= _MOST_NAMES
        inks = LIGHT.class_colours
        names = tuple((one_line(colours.names[one]), inks[one % len(inks)]) for one in shown if named)
        rings = tuple((x, y, ring.look, ring.place) for ring, x, y in plot.rings.places())
        dots = Dots(xy, colours.colours(LIGHT), names, rings, plot.rings.points.names if rings else ())
        return partial(figure_data, figure=Figure((), *titles, dots=dots))

    return Offer(figure=figure, values=lambda: map_values(xy, colours, titles, plot.rings.points.texts))
