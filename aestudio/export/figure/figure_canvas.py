"""What a figure consists of, in points of the paper: `figure_pdf`, `figure_svg` and `figure_png` write it.

The origin is the upper left corner, y goes down. Colours are "#rrggbb".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POINTS_PER_INCH = 72
INK, FAINT, GRID = "#181818", "#606060", "#d9dde2"

Anchor = Literal["left", "middle", "right"]


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points (N, 2). dash: lengths of dashes and gaps in turns; () for none"""

    points: NDArray[np.float64]
    colour: str = INK
    width: float = 0.8
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Dots:
    """Filled circles around points (N, 2)."""

    points: NDArray[np.float64]
    colour: str
    diameter: float


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Words:
    """A line of text whose base line begins, is centred or ends at a point. upright: read from below"""

    x: float
    y: float
    text: str
    size: float
    colour: str = INK
    anchor: Anchor = "left"
    upright: bool = False


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels uint8 (H, W, 3), each a rectangle with sharp edges."""

    left: float
    top: float
    width: float
    height: float
    pixels: NDArray[np.uint8]


Shape = Line | Dots | Box | Words | Picture


@dataclass
class Canvas:
    """A page of this size, and what is drawn on it, in this order."""

    width: float
    height: float
    title: str = ""
    shapes: list[Shape] = field(default_factory=list[Shape])

    def add(self, *shapes: Shape) -> None:
        """Draw these on top."""
        self.shapes.extend(shapes)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of "#rrggbb", 0 to 255."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue
