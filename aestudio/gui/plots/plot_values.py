"""What plots show as tables of numbers, for CSV files: units are in the header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.widgets.offer import ValueTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aestudio.gui.plots.curves import Curve
    from aestudio.gui.plots.point_colours import PointColours


def curve_values(curves: tuple[Curve, ...], x: str, y: str) -> ValueTable:
    """A row for each x at which one of the curves has a point; empty where another curve has none.

    x, y: what the axes show, with their units; y is written behind the name of each curve
    """
    unit = y[y.index("[") :] if "[" in y else ""
    header = (x, *(f"{curve.name} {unit}".strip() for curve in curves))
    every = np.unique(np.concatenate([curve.x for curve in curves] or [np.empty(0)]))
    columns: list[list[object]] = [every.tolist()]
    for curve in curves:
        known = dict(zip(curve.x.tolist(), curve.y.tolist(), strict=True))
        columns.append([known.get(at, "") for at in columns[0]])
    return ValueTable(header, list(zip(*columns, strict=True)))


def map_values(
    xy: NDArray[np.float32],
    colours: PointColours,
    titles: tuple[str, str],
    tags: Mapping[int, str] | None = None,
) -> ValueTable:
    """A row for each visible point of xy (N, 2): its index, place, class and value, as far as it has them.

    tags: of single points, by index
    """
    header, columns = ["index", *titles], [np.arange(len(xy)), *xy.T]
    texts: list[list[object]] = [column[colours.visible].tolist() for column in columns]
    if colours.labels is not None:
        header.append("class")
        known = dict(enumerate(colours.names))
        texts.append([known.get(label, "") for label in colours.labels[colours.visible].tolist()])
    if colours.values is not None:
        shown = colours.values
        header.append(f"{shown.title} [{shown.unit}]" if shown.unit else shown.title)
        texts.append(shown.values[colours.visible].tolist())
    if tags:
        header.append("tags")
        texts.append([tags.get(index, "") for index in np.flatnonzero(colours.visible).tolist()])
    return ValueTable(tuple(header), list(zip(*texts, strict=True)))
