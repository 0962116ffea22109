"""Layers of a map besides its points: their values, a field or images under them, trails over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    ImagesOf = Callable[[NDArray[np.int64]], NDArray[np.uint8]]
    """Indices of points (n,) -> their images, uint8 (n, C, H, W)."""


PointStyle = Literal["full", "faint", "hidden"]
"""How a map draws its points: opaque, half transparent, or not at all."""


@dataclass(frozen=True, eq=False)
class PointValues:
    """One number for each point, shown as a colour.

    values: float32 (N,), NaN if unknown
    title:  translated: "Loss"; unit: "nats", or "" without one
    """

    values: NDArray[np.float32]
    title: str
    unit: str = ""

    def __post_init__(self) -> None:
        if self.values.ndim != 1:
            raise ValueError(f"values must be (N,), not {self.values.shape}")


@dataclass(frozen=True, eq=False)
class FieldImage:
    """A scalar field over the plane, drawn under the points.

    values: float32 (rows, columns), row 0 on top; NaN if unknown, which is not drawn
    rect:   x0, x1, y0, y1 in the map's coordinates: its left, right, bottom and top edge
    title, unit: translated, for the scale; low, high: the values at the scale's ends, from the data if None
    """

    values: NDArray[np.float32]
    rect: tuple[float, float, float, float]
    title: str
    unit: str = ""
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        x0, x1, y0, y1 = self.rect
        if self.values.ndim != 2 or not (x0 < x1 and y0 < y1):
            raise ValueError(f"a field is (rows, columns) on a box, not {self.values.shape} on {self.rect}")

    @property
    def limits(self) -> tuple[float, float]:
        """The values at the ends of the scale, low < high."""
        return limits_of(self.values, self.low, self.high)


@dataclass(frozen=True, eq=False)
class ImagesOnPlane:
    """Images side by side over a part of the plane, each at the place that it belongs to.

    mosaic: uint8 (C, rows * H, columns * W), C = 1 (255 = ink) or 3, the top row first
    rect:   x0, x1, y0, y1 in the map's coordinates: left, right, bottom and top edge of all of them
    """

    mosaic: NDArray[np.uint8]
    rect: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        x0, x1, y0, y1 = self.rect
        if self.mosaic.ndim != 3 or not (x0 < x1 and y0 < y1):
            raise ValueError(f"images are (C, H, W) on a box, not {self.mosaic.shape} on {self.rect}")


@dataclass(frozen=True, eq=False)
class Trail:
    """The path of one point over the map, its newest position last.

    xy: float32 (M, 2), M >= 1; name: short, written beside the end; ellipse: covariance (2, 2) there
    """

    xy: NDArray[np.float32]
    name: str
    ellipse: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if self.xy.ndim != 2 or self.xy.shape[1] != 2 or not len(self.xy):
            raise ValueError(f"a trail is (M, 2) with M >= 1, not {self.xy.shape}")


def limits_of(
    values: NDArray[Any], low: float | None = None, high: float | None = None
) -> tuple[float, float]:
    """The ends of a scale for values of any shape: as given, else the 1 and 99 % quantiles; low < high."""
    usable = values[np.isfinite(values)]
    ends = np.quantile(usable, (0.01, 0.99)) if len(usable) else np.array([0.0, 1.0])
    bottom = float(ends[0]) if low is None else low
    top = float(ends[1]) if high is None else high
    return (bottom, top) if top > bottom else (bottom, bottom + max(1e-6, abs(bottom) * 1e-3))
