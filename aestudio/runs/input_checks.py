"""Checks images and codes that a Python program passes to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.code_limit import LARGEST, too_large
from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aestudio.datasets.image_shape import ImageShape

LEVELS = "uint8 from 0 to 255, or floats from 0 to 1"


def given_images(images: ArrayLike, shape: ImageShape) -> NDArray[Any]:
    """Images (N, C, H, W), in grey also (N, H, W), -> (N, C, H, W), uint8 or float32 in [0, 1].

    shape: that of the run's images
    Raises BadChoice for other shapes and types, for floats outside 0 to 1 (grey levels up to 255 as floats
    would be read as ink 255 times too strong) and for NaN and infinity.
    """
    try:
        array = np.asarray(images)
    except (TypeError, ValueError, RuntimeError):  # rows of different lengths, a tensor with gradients
        raise BadChoice("images", type(images).__name__, f"an array of {LEVELS}") from None
    allowed = (shape.array, shape.array[1:]) if shape.grey else (shape.array,)
    if array.shape[1:] not in allowed:
        shapes = " or ".join(f"(N, {', '.join(map(str, each))})" for each in allowed)
        raise BadChoice("shape of the images", array.shape, f"{shapes}; this run's images are {shape}")
    array = array.reshape(-1, *shape.array)
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)  # torch takes no array that runs backwards
    if array.dtype.kind != "f":
        raise BadChoice("type of the images", str(array.dtype), LEVELS)
    if not np.isfinite(array).all():
        raise BadChoice("images", "floats that are not finite (NaN or infinity)", LEVELS)
    if array.size and not (array.min() >= 0 and array.max() <= 1):
        raise BadChoice("images", f"floats from {array.min():g} to {array.max():g}", LEVELS)
    return np.ascontiguousarray(array, np.float32)


def given_codes(codes: ArrayLike, size: int, choices: int = 0) -> NDArray[np.float32]:
    """Codes (N, size) -> the same as float32; raises BadChoice for other shapes, NaN and infinity,
    for numbers too large for any decoder, and for those that are no entries of a discrete code.

    choices: entries that each number of a discrete code is one of; 0 for continuous codes
    """
    try:
        array = np.asarray(codes)
        if array.dtype.kind not in "fiub":
            raise TypeError(array.dtype)
        with np.errstate(over="ignore"):
            array = np.ascontiguousarray(array, np.float32)
    except (TypeError, ValueError, RuntimeError):
        raise BadChoice("codes", type(codes).__name__, "an array of numbers") from None
    if array.ndim != 2 or array.shape[1] != size:
        raise BadChoice("shape of the codes", array.shape, f"(N, {size})")
    if not np.isfinite(array).all():
        raise BadChoice("codes", "floats that are not finite (NaN or infinity)", "finite numbers")
    if too_large(array):
        largest = np.abs(array).max()
        raise BadChoice("codes", f"numbers as far from 0 as {largest:g}", f"from -{LARGEST:g} to {LARGEST:g}")
    wrong = array[(array != np.rint(array)) | (array < 0) | (array >= choices)] if choices else array[:0]
    if wrong.size:
        raise BadChoice("codes", float(wrong[0]), f"whole numbers from 0 up to {choices - 1}")
    return array
