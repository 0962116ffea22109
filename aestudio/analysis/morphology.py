"""Measures of handwriting in images of digits, as defined for Morpho-MNIST.

Castro, Tan, Kainz, Konukoglu & Glocker 2019, "Morpho-MNIST: Quantitative assessment and diagnostics for
representation learning", JMLR 20. An image is enlarged (cubic spline, then smoothed) and measured, in pixels
of the original:

area       pixels² of the inked part: grey levels above the middle between the darkest and the brightest
length     pixels along the skeleton of the inked part, diagonal steps counting sqrt(2)
thickness  pixels, twice the mean distance from the skeleton to the background
slant      radians, arctan of the shear -u11 / u02 of the grey levels' central moments; positive leans right
width      pixels between the slanted lines that leave 1 % of the grey levels on either side
height     pixels between the level lines that leave 1 % of the grey levels above and below

They are enlarged four times, as by the authors, and images of more than 32 pixels less, down to twice: the
lines are then smooth enough, and thinning takes no longer. Strokes are measured only where there can be some:
`not_measurable` says why others are refused.

One more thing differs from the authors' program: the skeleton is that of thinning (Zhang & Suen 1984), not
the medial axis, which takes a hundred times as long here and grows spurs into the corners.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import size_text
from aestudio.errors import StudioError
from aestudio.inference.chunks import chunks
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress

MEASURES = ("area", "length", "thickness", "slant", "width", "height")
LARGEST_SCALE, SMALLEST_SCALE = 4, 2
SMALLEST_SIDE = 16
"""Pixels; a line in smaller images is no wider than its own blur."""
OUTSIDE = 0.01  # share of the ink that each side of the bounding parallelogram leaves out
FAINTEST = 26  # an image with a darker brightest pixel (a tenth of white) has no ink
_LARGE_SIDE = 112  # pixels of an enlarged image that thinning is quick on
_MANY_PAIRS = 200_000  # a digit has about 60,000
_CHUNK = 32  # images enlarged at a time: 2 MB


def not_measurable(images: NDArray[np.uint8]) -> str:
    """Why images (N, C, H, W) have no measures, words that follow a colon; "" if they have some."""
    channels, height, width = images.shape[1:]
    if channels > 1:
        return "not for these pictures: strokes are measured in grey pictures, and these are in colour"
    if min(height, width) < SMALLEST_SIDE:
        return (
            f"not for these pictures: strokes are measured in pictures of at least "
            f"{size_text(SMALLEST_SIDE, SMALLEST_SIDE)} pixels, and these have {size_text(height, width)}"
        )
    return ""


def measure_images(images: NDArray[np.uint8], progress: Progress = silent) -> NDArray[np.float32]:
    """The measures of images uint8 (N, 1, H, W), in the order of MEASURES: float32 (N, 6).

    NaN in the whole row of an image without ink. Raises StudioError for images in colour or too small, see
    `not_measurable`, and what `progress` raises.
    """
    reason = not_measurable(images)
    if reason:
        raise StudioError(
            f"Strokes cannot be measured: {reason}", advice="Choose a data set of grey handwriting."
        )
    table = np.full((len(images), len(MEASURES)), np.nan, np.float32)
    for chunk in chunks(len(images), progress, "Measuring the images", _CHUNK):
        inked = np.flatnonzero(images[chunk, 0].max(axis=(1, 2)) >= FAINTEST)
        if len(inked):
            grey = images[chunk, 0][inked]
            table[chunk.start + inked] = _measured(enlarged(grey), scale_of(*grey.shape[1:]))
    return table


def scale_of(height: int, width: int) -> int:
    """How many times images of this size are enlarged."""
    return min(max(round(_LARGE_SIDE / max(height, width)), SMALLEST_SCALE), LARGEST_SCALE)


def enlarged(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Grey levels uint8 (N, H, W) enlarged s = `scale_of` times: whole levels, float32 (N, s * H, s * W).

    Cubic spline, clipped to the range of the image, then a Gaussian of s/3 pixels: `pyramid_expand` of
    scikit-image as two matrix products.
    """
    height, width = images.shape[1:]
    scale = scale_of(height, width)
    rows, smooth_rows = _expansion(height, scale)
    columns, smooth_columns = _expansion(width, scale)
    levels = images.astype(np.float32)
    large = rows @ levels @ columns.T
    np.clip(large, levels.min(axis=(1, 2), keepdims=True), levels.max(axis=(1, 2), keepdims=True), out=large)
    # More than the rounding error of single precision, so that a constant area keeps its level.
    return np.floor(smooth_rows @ large @ smooth_columns.T + 1e-3)


@cache
def _expansion(side: int, scale: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The spline (scale * side, side) and the smoothing (scale * side, scale * side) along one side."""
    from scipy import ndimage

    spline = ndimage.zoom(np.eye(side), (scale, 1), order=3, mode="mirror", grid_mode=True)
    smooth = ndimage.gaussian_filter1d(np.eye(scale * side), 2 * scale / 6, axis=0)
    return np.asarray(spline, np.float32), np.asarray(smooth, np.float32)


def _measured(large: NDArray[np.float32], scale: int) -> NDArray[np.float32]:
    """Measures (N, 6) of images (N, H, W) that were enlarged `scale` times, each with some ink."""
    low, high = large.min(axis=(1, 2), keepdims=True), large.max(axis=(1, 2), keepdims=True)
    inked = large >= (low + high) / 2
    strokes = np.array([_stroke(image) for image in inked])
    shear, middle = _shear(large)
    width = [_width(*image) for image in zip(large, shear, middle, strict=True)]
    rows = large.sum(axis=2, dtype=np.float64)
    height = [_quantile_range(np.concatenate([[0.0], row.cumsum()[:-1]]) / row.sum()) for row in rows]
    columns = (
        inked.sum(axis=(1, 2)) / scale**2,
        strokes[:, 0] / scale,
        strokes[:, 1] / scale,
        np.arctan(-shear),
        np.array(width) / scale,
        np.array(height) / scale,
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

    For a digit twice as fast as a distance transform: only background pixels beside the inked part are
    compared. For noise, which has many of them, it would be slower.
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
    """(horizontal shear u11 / u02, height of the centroid) of images (N, H, W), each (N,)."""
    down, across = (np.arange(length, dtype=np.float64) for length in large.shape[1:])
    rows = large.sum(axis=2, dtype=np.float64)  # (N, H)
    by_row = large @ across.astype(np.float32)  # (N, H): first moments along x
    total = rows.sum(axis=1)
    x, y = by_row.sum(axis=1, dtype=np.float64) / total, rows @ down / total
    mixed = by_row.astype(np.float64) @ down / total - x * y
    upright = rows @ down**2 / total - y**2
    # A single horizontal line has no shear.
    return np.divide(mixed, upright, out=np.zeros_like(mixed), where=upright > 1e-6), y


def _width(large: NDArray[np.float32], shear: float, middle: float) -> float:
    """Width (pixels of the enlarged image (H, W)) across the slanted lines."""
    height, width = large.shape
    columns = np.arange(width, dtype=np.float32) + 0.5
    leaning = (shear * (np.arange(height, dtype=np.int64) - middle)).astype(np.float32)
    positions = np.clip(np.floor(columns[None] - leaning[:, None]), -1, width - 1).astype(np.int32) + 1
    mass = np.bincount(positions.ravel(), large.ravel(), minlength=width + 1)
    return _quantile_range(mass.cumsum()[:width] / mass.sum())


def _quantile_range(cumulative: NDArray[np.float64]) -> float:
    """Distance of the 1 % and 99 % quantiles; cumulative: (side,), shares of the mass before each pixel."""
    first, last = np.interp([OUTSIDE, 1 - OUTSIDE], cumulative, np.arange(len(cumulative)))
    return float(last - first)
