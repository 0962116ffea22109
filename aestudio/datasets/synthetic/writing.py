"""From factors to pen paths: style, mixture of drawings, jitter, slant, and MNIST's normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.synthetic.styles import STYLES

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from aestudio.datasets.synthetic.factors import Factors

SIDE = MNIST.image.height  # pixels: the built-in digits are as large as MNIST's
BOX = 20.0  # pixels: the square that MNIST's digits were scaled to
SAMPLES = 120  # points along the strokes of one digit: at most half a pixel apart
_UNEVENNESS = 0.1  # standard deviation of the pen's width along a stroke, relative


@dataclass(frozen=True, eq=False)
class Paths:
    """Pen positions on the 28x28 image.

    points:  (N, SAMPLES, 2) x and y in pixels, pixel centres at whole numbers
    steps:   (N, SAMPLES) length of path that each point represents, in pixels
    ends:    (N, SAMPLES) whether the pen touched down or was lifted there
    radii:   (N, SAMPLES) half the pen's width there, in pixels
    """

    points: NDArray[np.float32]
    steps: NDArray[np.float32]
    ends: NDArray[np.bool_]
    radii: NDArray[np.float32]


def write(factors: Factors, random: Generator) -> Paths:
    """Write one digit per row of the factors."""
    count = len(factors.style)
    points = np.empty((count, SAMPLES, 2), np.float32)
    joined = np.empty((count, SAMPLES - 1), bool)
    for index in np.unique(factors.style):
        rows = np.flatnonzero(factors.style == index)
        points[rows] = _pen_path(int(index), factors.curvature[rows], factors.jitter[rows], random)
        joined[rows] = _sampling(int(index))[2]
    points = _warp(points, factors.warp, random)
    points = _lean(points, factors)
    return _normalise(points, joined, _radii(factors, random), factors.softness)


@cache
def _sampling(index: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """A style's (line, bend) matrices, each (SAMPLES, K), and which neighbouring samples are joined."""
    strokes = STYLES[index].drawings[0]
    lengths = np.array([stroke.length for stroke in strokes])
    shares: NDArray[np.float64] = SAMPLES * lengths / lengths.sum()
    counts = np.maximum(np.round(shares).astype(np.int64), 8)
    counts[np.argmax(counts)] += SAMPLES - counts.sum()
    total = sum(len(stroke.points) for stroke in strokes)
    line, bend = np.zeros((2, SAMPLES, total), np.float32)
    joined = np.ones(SAMPLES - 1, bool)
    row = column = 0
    for stroke, samples in zip(strokes, counts, strict=True):
        block = np.s_[row : row + samples, column : column + len(stroke.points)]
        line[block], bend[block] = stroke.sampling(int(samples))
        row, column = row + int(samples), column + len(stroke.points)
        if row < SAMPLES:
            joined[row - 1] = False
    return line, bend, joined


def _pen_path(
    index: int, curvature: NDArray[np.float32], jitter: NDArray[np.float32], random: Generator
) -> NDArray[np.float32]:
    """Samples of one style's digits, (n, SAMPLES, 2), in digit heights."""
    style = STYLES[index]
    count = len(curvature)
    drawings = style.control_points
    mixture = random.dirichlet(np.full(len(drawings), 0.8), count)
    # A little beyond the drawings: a mixture alone never leaves their hull.
    mixture = (1.25 * mixture - 0.25 / len(drawings)).astype(np.float32)
    points: NDArray[np.float32] = np.einsum("nd,dkc->nkc", mixture, drawings)
    strokes = len(style.drawings[0])
    scale = jitter[:, None, None]
    points += scale * random.standard_normal(points.shape, np.float32)
    if strokes > 1:
        shift = scale * random.standard_normal((count, strokes, 2), np.float32)
        points += shift[:, style.stroke_of_point]
    line, bend, _ = _sampling(index)
    path = bend @ points
    path *= curvature[:, None, None]
    path += line @ points
    return path


def _warp(
    points: NDArray[np.float32], amplitude: NDArray[np.float32], random: Generator
) -> NDArray[np.float32]:
    """Bend the page: each coordinate moves by low-frequency waves of the position."""
    count = len(points)
    for _ in range(2):
        frequency = random.uniform(-6.0, 6.0, (count, 2, 2)).astype(np.float32)  # radians per height
        phase = random.uniform(0.0, 2 * np.pi, (count, 1, 2)).astype(np.float32)
        points = points + amplitude[:, None, None] * np.sin(points @ frequency + phase)
    return points


def _lean(points: NDArray[np.float32], factors: Factors) -> NDArray[np.float32]:
    """Width, rotation, then slant, as one 2x2 matrix per digit."""
    cosine, sine = np.cos(factors.rotation), np.sin(factors.rotation)
    slant, width = factors.slant, factors.width
    # rows: images of the x and of the y axis; y points down, so a slant to the right is -dx / dy
    x_axis = np.stack([width * (cosine - slant * sine), width * sine], axis=1)
    y_axis = np.stack([-sine - slant * cosine, cosine], axis=1)
    return points @ np.stack([x_axis, y_axis], axis=1)


def _radii(factors: Factors, random: Generator) -> NDArray[np.float32]:
    """Half the pen's width along the path, (N, SAMPLES): slow waves around the thickness."""
    count = len(factors.style)
    position = np.linspace(0.0, 2 * np.pi, SAMPLES, dtype=np.float32)
    waves = np.zeros((count, SAMPLES), np.float32)
    for cycles in (0.5, 1.0, 2.0):
        phase = random.uniform(0.0, 2 * np.pi, (count, 1)).astype(np.float32)
        waves += np.sin(cycles * position + phase)
    mean = 0.5 * factors.thickness / factors.size
    waves *= _UNEVENNESS
    waves += 1
    waves *= mean[:, None]
    return waves


def _normalise(
    points: NDArray[np.float32],
    joined: NDArray[np.bool_],
    radii: NDArray[np.float32],
    softness: NDArray[np.float32],
) -> Paths:
    """Fit the ink into a 20x20 box in the middle of the image, keeping its proportions."""
    low, high = points.min(axis=1), points.max(axis=1)
    margin = 2 * radii.mean(axis=1) + 0.5 * softness
    scale = (BOX - margin) / np.maximum((high - low).max(axis=1), 1e-3)
    points = (points - ((low + high) / 2)[:, None]) * scale[:, None, None] + np.float32((SIDE - 1) / 2)
    gaps = np.linalg.norm(np.diff(points, axis=1), axis=2) * joined
    steps = np.zeros(radii.shape, np.float32)
    steps[:, 1:] += gaps / 2
    steps[:, :-1] += gaps / 2
    ends = np.ones(radii.shape, bool)
    ends[:, 1:-1] = ~(joined[:, 1:] & joined[:, :-1])
    return Paths(points, steps, ends, radii)
