"""The factors of variation: their names, and the distributions that they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.synthetic.styles import STYLES

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

FACTOR_NAMES = (
    "style",
    "slant",
    "width",
    "thickness",
    "rotation",
    "size",
    "curvature",
    "jitter",
    "warp",
    "pen softness",
)


@dataclass(frozen=True, eq=False)
class Factors:
    """One value per image of every factor, each (N,); the order is that of FACTOR_NAMES.

    style:     index into STYLES
    slant:     shear, dx / dy; positive leans to the right
    width:     width of the digit relative to its style's drawing
    thickness: pen width in pixels of a digit of average size
    rotation:  radians, clockwise
    size:      height as written relative to the average; all are normalised to 20 pixels afterwards,
               so that a digit written small comes out with a thicker line
    curvature: the spline's tension; 0 is angular, 0.5 smooth, more looping
    jitter:    standard deviation of the control points, in digit heights
    warp:      amplitude of the smooth deformation, in digit heights
    softness:  width of the pen's edge in pixels
    """

    style: NDArray[np.int64]
    slant: NDArray[np.float32]
    width: NDArray[np.float32]
    thickness: NDArray[np.float32]
    rotation: NDArray[np.float32]
    size: NDArray[np.float32]
    curvature: NDArray[np.float32]
    jitter: NDArray[np.float32]
    warp: NDArray[np.float32]
    softness: NDArray[np.float32]

    def table(self) -> NDArray[np.float32]:
        """All factors as one array, (N, len(FACTOR_NAMES))."""
        return np.stack([np.asarray(column, np.float32) for column in vars(self).values()], axis=1)


def sample(labels: NDArray[np.int64], random: Generator) -> Factors:
    """Draw the factors of digits with these labels, int64 (N,)."""
    count = len(labels)

    def normal(mean: float, std: float, low: float, high: float) -> NDArray[np.float32]:
        return np.clip(random.normal(mean, std, count), low, high).astype(np.float32)

    ones = labels == 1
    # Ones and zeros are simple movements: steadier, pressed a little harder, ones leaning more freely.
    slant = normal(0.12, 0.25, -0.6, 1.0)
    pressure = np.where(labels <= 1, 1.1, 1.0).astype(np.float32)
    steadiness = np.select([ones, labels == 0], [0.5, 0.7], 1.0).astype(np.float32)
    return Factors(
        style=_styles(labels, random),
        slant=np.where(ones, slant * 1.25, slant).astype(np.float32),
        width=np.exp(normal(0.06, 0.2, -0.5, 0.6)),
        thickness=pressure * np.exp(normal(np.log(2.5), 0.25, np.log(1.3), np.log(4.6))),
        rotation=normal(0.0, 0.1, -0.35, 0.35),
        size=np.exp(normal(0.0, 0.1, -0.25, 0.25)),
        curvature=normal(0.5, 0.1, 0.15, 0.8),
        jitter=steadiness * np.exp(normal(np.log(0.026), 0.4, np.log(0.008), np.log(0.08))),
        warp=steadiness * np.exp(normal(np.log(0.04), 0.4, np.log(0.005), np.log(0.1))),
        softness=normal(1.2, 0.2, 0.7, 1.8),
    )


def _styles(labels: NDArray[np.int64], random: Generator) -> NDArray[np.int64]:
    chosen = np.zeros(len(labels), np.int64)
    for digit in range(10):
        own = [index for index, style in enumerate(STYLES) if style.digit == digit]
        shares = np.array([STYLES[index].share for index in own])
        members = np.flatnonzero(labels == digit)
        chosen[members] = random.choice(own, len(members), p=shares / shares.sum())
    return chosen
