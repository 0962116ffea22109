"""Measures of handwriting in pictures of digits, as defined for Morpho-MNIST.

Castro, Tan, Kainz, Konukoglu & Glocker 2019, "Morpho-MNIST: Quantitative assessment and diagnostics for
representation learning", JMLR 20. A picture is brought to four times its size (cubic spline, then smoothed)
and everything is measured there, in pixels of the original:

area       pixels² of the inked part: grey levels above the middle between the darkest and the brightest
length     pixels along the skeleton of the inked part, diagonal steps counting sqrt(2)
thickness  pixels, twice the mean distance from the skeleton to the background
slant      radians, arctan of the shear -u11 / u02 of the grey levels' central moments; positive leans right
width      pixels between the slanted lines that leave 1 % of the grey levels on either side
height     pixels between the level lines that leave 1 % of the grey levels above and below

One thing differs from the authors' program: the skeleton is that of thinning (Zhang & Suen 1984), not the
medial axis, which takes a hundred times as long here and grows spurs into the corners.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import SIDE
from aestudio.inference.chunks import chunks
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress

MEASURES = ("area", "length", "thickness", "slant", "width", "height")
SCALE = 4
OUTSIDE = 0.01  # share of the ink that each side of the bounding parallelogram leaves out
FAINTEST = 26  # a picture whose brightest pixel is darker (a tenth of white) shows no ink
_LARGE = SIDE * SCALE
_MANY_PAIRS = 200_000  # a digit has about 60,000
_PART = 32  # pictures enlarged at a time: two megabytes


def measure_images(pictures: NDArray[np.uint8], progress: Progress = silent) -> NDArray[np.float32]:
    """The measures of pictures uint8 (N, 28, 28), in the order of MEASURES: float32 (N, 6).

    NaN throughout the row of a picture without ink. Raises what `progress` raises.
    """
    table = np.full((len(pictures), len(MEASURES)), np.nan, np.float32)
    for part in chunks(len(pictures), progress, "Measuring the digits", _PART):
        inked = np.flatnonzero(pictures[part].max(axis=(1, 2)) >= FAINTEST)
        if len(inked):
            table[part.start + inked] = _measured(enlarged(pictures[part][inked]))
    return table


def enlarged(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pictures uint8 (N, 28, 28) at four times their size: whole grey levels, float32 (N, 112, 112).

    Cubic spline, cut to the grey levels that occur, then a Gaussian of 4/3 pixels: what scikit-image calls
    `pyramid_expand`, as two products of matrices.
    """
    spline, smooth = _expansion()
    levels = pictures.astype(np.float32)
    large = spline @ levels @ spline.T
    np.clip(large, levels.min(axis=(1, 2), keepdims=True), levels.max(axis=(1, 2), keepdims=True), out=large)
    # A little more than the rounding of single precision, so that a flat area keeps its level.
    return np.floor(smooth @ large @ smooth.T + 1e-3)


@cache
def _expansion() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The spline (112, 28) and the smoothing (112, 112) along one side."""
    from scipy import ndimage

    spline = ndimage.zoom(np.eye(SIDE), (SCALE, 1), order=3, mode="mirror", grid_mode=True)
    smooth = ndimage.gaussian_filter1d(np.eye(_LARGE), 2 * SCALE / 6, axis=0)
    return np.asarray(spline, np.float32), np.asarray(smooth, np.float32)


def _measured(large: NDArray[np.float32]) -> NDArray[np.float32]:
    """Measures (N, 6) of enlarged pictures (N, 112, 112), each with some ink."""
    low, high = large.min(axis=(1, 2), keepdims=True), large.max(axis=(1, 2), keepdims=True)
    inked = large >= (low + high) / 2
    strokes = np.array([_stroke(picture) for picture in inked])
    shear, middle = _shear(large)
    width = [_width(*picture) for picture in zip(large, shear, middle, strict=True)]
    rows = large.sum(axis=2, dtype=np.float64)
    height = [_spread(np.concatenate([[0.0], row.cumsum()[:-1]]) / row.sum()) for row in rows]
    columns = (
        inked.sum(axis=(1, 2)) / SCALE**2,
        strokes[:, 0] / SCALE,
        strokes[:, 1] / SCALE,
        np.arctan(-shear),
        np.array(width) / SCALE,
        np.array(height) / SCALE,
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _stroke(inked: NDArray[np.bool_]) -> tuple[float, float]:
    """(length, mean thickness) of an inked part (H, W), in its own pixels."""
    from skimage.morphology import skeletonize

    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    around = np.pad(inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1)
    skeleton = skeletonize(around)
    straight = np.count_nonzero(skeleton[1:] & skeleton[:-1]) + np.count_nonzero(
        skeleton[:, 1:] & skeleton[:, :-1]
    )
    oblique = np.count_nonzero(skeleton[1:, 1:] & skeleton[:-1, :-1]) + np.count_nonzero(
        skeleton[1:, :-1] & skeleton[:-1, 1:]
    )
    return straight + np.sqrt(2) * oblique, 2 * float(_to_background(around, skeleton).mean())


def _to_background(inked: NDArray[np.bool_], skeleton: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distances (S,) of the skeleton's pixels to the nearest pixel that is not inked; the border is not.

    For a digit twice as fast as a distance transform of the whole part: the nearest one always touches the
    inked part. For noise, which is all edge, it would be slower.
    """
    touches = np.zeros_like(inked)
    touches[1:] |= inked[:-1]
    touches[:-1] |= inked[1:]
    touches[:, 1:] |= inked[:, :-1]
    touches[:, :-1] |= inked[:, 1:]
    edge = np.argwhere(touches & ~inked).astype(np.float32)
    inside = np.argwhere(skeleton).astype(np.float32)
    if len(edge) * len(inside) > _MANY_PAIRS:
        from scipy import ndimage

        return np.asarray(ndimage.distance_transform_edt(inked), np.float32)[skeleton]
    squared = (edge * edge).sum(axis=1) - 2 * inside @ edge.T  # (S, E), but for the skeleton's own squares
    return np.sqrt(squared.min(axis=1) + (inside * inside).sum(axis=1))


def _shear(large: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(horizontal shear u11 / u02, height of the centroid) of pictures (N, H, W), each (N,)."""
    along = np.arange(_LARGE, dtype=np.float64)
    rows = large.sum(axis=2, dtype=np.float64)  # (N, H)
    by_row = large @ along.astype(np.float32)  # (N, H): first moments along x
    total = rows.sum(axis=1)
    x, y = by_row.sum(axis=1, dtype=np.float64) / total, rows @ along / total
    mixed = by_row.astype(np.float64) @ along / total - x * y
    upright = rows @ along**2 / total - y**2
    # A single level line has no shear.
    return np.divide(mixed, upright, out=np.zeros_like(mixed), where=upright > 1e-6), y


def _width(large: NDArray[np.float32], shear: float, middle: float) -> float:
    """Width (pixels of the enlarged picture) across the slanted lines."""
    columns = np.arange(_LARGE, dtype=np.float32) + 0.5
    leaning = (shear * (np.arange(_LARGE) - middle)).astype(np.float32)
    places = np.clip(np.floor(columns[None] - leaning[:, None]), -1, _LARGE - 1).astype(np.int32) + 1
    mass = np.bincount(places.ravel(), large.ravel(), minlength=_LARGE + 1)
    return _spread(mass.cumsum()[:_LARGE] / mass.sum())


def _spread(below: NDArray[np.float64]) -> float:
    """Between where 1 % and where 99 % of the mass lie below; below: (112,), shares at whole pixels."""
    first, last = np.interp([OUTSIDE, 1 - OUTSIDE], below, np.arange(len(below)))
    return float(last - first)
