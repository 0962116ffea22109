"""What a figure for a paper shows; `figure_of_curves` draws it. Light to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.plots.change_marks import ChangeMark
    from aestudio.gui.plots.curves import Curve


@dataclass(frozen=True, eq=False)
class Dots:
    """The points of a map: xy (N, 2), and their colours uint32 (N,) 0xAARRGGBB, 0 for a hidden one.

    names: of the legend, each with its colour ("#rrggbb")
    rings: around points: x, y, look and place as in `point_rings`
    ring_names: of the legend, each with its look
    """

    xy: NDArray[np.float32]
    colours: NDArray[np.uint32]
    names: tuple[tuple[str, str], ...] = ()
    rings: tuple[tuple[float, float, int, int], ...] = ()
    ring_names: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Figure:
    """x, y: what the axes show, with units; curves: in the order of the legend.

    dots: points besides the curves; a figure with them has the same scale along both axes
    marked: whether each point of a curve has a dot of its own
    marks: where settings were changed, in the order of their x
    """

    curves: tuple[Curve, ...]
    x: str
    y: str
    dots: Dots | None = None
    marked: bool = False
    marks: tuple[ChangeMark, ...] = ()
