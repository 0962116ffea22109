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
_PIXELS_AT_ONCE = 1 << 17  # of enlarged images: half a megabyte, so that they stay in the cache


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


def measure_images(
    images: NDArray[np.uint8], progress: Progress = silent, scale: int | None = None
) -> NDArray[np.float32]:
    """The measures of images uint8 (N, 1, H, W), in the order of MEASURES: float32 (N, 6).

    scale: how many times they are enlarged, `scale_of` them if it is not given; with `SMALLEST_SCALE` they
           take a third of the time, and lengths and thicknesses are rougher
    NaN in the whole row of an image without ink. Raises StudioError for images in colour or too small, see
    `not_measurable`, and what `progress` raises.
    """
    reason = not_measurable(images)
    if reason:
        raise StudioError(
            f"Strokes cannot be measured: {reason}", advice="Choose a data set of grey handwriting."
        )
    scale = scale_of(*images.shape[2:]) if scale is None else scale
    table = np.full((len(images), len(MEASURES)), np.nan, np.float32)
    at_once = max(1, _PIXELS_AT_ONCE // (images[0].size * scale**2)) if len(images) else 1
    for chunk in chunks(len(images), progress, "Measuring the images", at_once):
        inked = np.flatnonzero(images[chunk, 0].max(axis=(1, 2)) >= FAINTEST)
        if len(inked):
            grey = images[chunk, 0][inked]
            table[chunk.start + inked] = _measured(enlarged(grey, scale), scale)
    return table


def scale_of(height: int, width: int) -> int:
    """How many times images of this size are enlarged."""
    return min(max(round(_LARGE_SIDE / max(height, width)), SMALLEST_SCALE), LARGEST_SCALE)


def enlarged(images: NDArray[np.uint8], scale: int | None = None) -> NDArray[np.float32]:
    """Grey levels uint8 (N, H, W) enlarged s times, `scale_of` if not given: float32 (N, s * H, s * W).

    Cubic spline, clipped to the range of the image, then a Gaussian of s/3 pixels: `pyramid_expand` of
    scikit-image as two matrix products, in whole levels.
    """
    height, width = images.shape[1:]
    scale = scale_of(height, width) if scale is None else scale
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
    length, thickness = _strokes(inked)
    shear, middle = _shear(large)
    rows = large.sum(axis=2, dtype=np.float64)
    above = np.pad(rows.cumsum(axis=1)[:, :-1], ((0, 0), (1, 0)))
    columns = (
        inked.sum(axis=(1, 2)) / scale**2,
        length / scale,
        thickness / scale,
        np.arctan(-shear),
        _widths(large, shear, middle) / scale,
        _quantile_ranges(above / rows.sum(axis=1, keepdims=True)) / scale,
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _strokes(inked: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(length, mean thickness), each (N,), of inked parts (N, H, W), in their own pixels.

    All images are thinned at once, one below the other: a frame of background keeps them apart.
    """
    from skimage.morphology import skeletonize

    rows, columns = (np.flatnonzero(inked.any(axis=axes)) for axes in ((0, 2), (0, 1)))
    cropped = inked[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    framed = np.pad(cropped, ((0, 0), (1, 1), (1, 1)))
    count, height, width = framed.shape
    skeleton = skeletonize(framed.reshape(-1, width)).ravel()
    at = np.flatnonzero(skeleton)
    image = at // (height * width)
    straight = skeleton[at + 1] * 1.0 + skeleton[at + width]
    oblique = skeleton[at + width + 1] * 1.0 + skeleton[at + width - 1]
    length = np.bincount(image, straight + np.sqrt(2) * oblique, count)
    distances = np.bincount(image, _to_background(framed, at), count)
    pixels = np.bincount(image, minlength=count)
    return np.asarray(length, np.float64), np.asarray(2 * distances / pixels, np.float64)


def _to_background(framed: NDArray[np.bool_], at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Distances (S,) of inked pixels to the nearest pixel of their image that is not inked.

    framed: (N, H, W), inked parts that touch no border; at: (S,), the flat indices of the pixels

    First the distance within each row, then that to pixels of more and more distant rows, as long as one of
    them can be nearer: a distance transform of the few pixels that need it.
    """
    columns = np.arange(framed.shape[2], dtype=np.int16)
    left = np.maximum.accumulate(np.where(framed, np.int16(0), columns), axis=2)
    right = np.minimum.accumulate(np.where(framed, columns[-1], columns)[..., ::-1], axis=2)[..., ::-1]
    across = np.minimum(columns - left, right - columns).ravel()
    squares = np.square(across[at].astype(np.int32))
    some, rows = np.arange(len(at)), 0
    while len(some):
        rows += 1
        some = some[squares[some] > rows * rows]
        for step in (-rows * len(columns), rows * len(columns)):
            there = np.square(across.take(at[some] + step, mode="clip").astype(np.int32))
            squares[some] = np.minimum(squares[some], there + rows * rows)
    return np.sqrt(squares)


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


def _widths(
    large: NDArray[np.float32], shear: NDArray[np.float64], middle: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Widths (N,), in pixels of the enlarged images (N, H, W), across the slanted lines."""
    count, height, width = large.shape
    rows, columns = np.arange(height, dtype=np.int64), np.arange(width, dtype=np.int64)
    leaning = shear[:, None] * (rows - middle[:, None])  # (N, H)
    # A row is moved by whole pixels, at most out of the image.
    moved = np.clip(np.floor(0.5 - leaning), -width - 1, width).astype(np.int64) + width + 1
    bins = 3 * width + 1
    first = np.arange(count, dtype=np.int64)[:, None] * bins + moved
    mass = np.bincount((first[:, :, None] + columns).ravel(), large.ravel(), count * bins)
    mass = mass.reshape(count, bins)
    outside = mass[:, : width + 1].sum(axis=1, keepdims=True)  # to the left of the image
    before = outside + np.pad(mass[:, width + 1 : 2 * width], ((0, 0), (1, 0))).cumsum(axis=1)
    return _quantile_ranges(before / mass.sum(axis=1, keepdims=True))


def _quantile_ranges(cumulative: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances (N,) of the 1 % and 99 % quantiles; cumulative: (N, side), shares of the mass before each."""
    first, last = (_positions_of(cumulative, share) for share in (OUTSIDE, 1 - OUTSIDE))
    return last - first


def _positions_of(cumulative: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Where each ascending row (N, side) reaches this share, between two pixels by a straight line: (N,)."""
    images, last = np.arange(len(cumulative)), cumulative.shape[1] - 1
    before = np.maximum((cumulative <= share).sum(axis=1) - 1, 0)
    low, high = cumulative[images, before], cumulative[images, np.minimum(before + 1, last)]
    part = np.divide(share - low, high - low, out=np.zeros_like(low), where=high > low)
    return before + np.maximum(part, 0.0)
