"""Checks what is given to a run from Python: images and codes that mean what the model takes them for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.code_limit import LARGEST, too_large
from aestudio.datasets.dataset import SIDE
from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEVELS = "uint8 from 0 to 255, or floats from 0 to 1"


def given_images(images: ArrayLike) -> NDArray[Any]:
    """Images (N, 1, 28, 28) or (N, 28, 28) -> (N, 1, 28, 28), uint8 or float32 in [0, 1].

    Raises BadChoice for other shapes and types, for floats outside 0 to 1 (grey levels up to 255 as floats
    would be taken for ink 255 times too strong) and for floats that are no numbers.
    """
    try:
        given = np.asarray(images)
    except (TypeError, ValueError, RuntimeError):  # rows of different lengths, a tensor with gradients
        raise BadChoice("images", type(images).__name__, f"an array of {LEVELS}") from None
    if given.shape[1:] not in ((SIDE, SIDE), (1, SIDE, SIDE)):
        raise BadChoice("shape of the images", given.shape, "(N, 28, 28) or (N, 1, 28, 28)")
    given = given.reshape(-1, 1, SIDE, SIDE)
    if given.dtype == np.uint8:
        return np.ascontiguousarray(given)  # torch takes no array that runs backwards
    if given.dtype.kind != "f":
        raise BadChoice("type of the images", str(given.dtype), LEVELS)
    if not np.isfinite(given).all():
        raise BadChoice("images", "floats that are not finite (NaN or infinity)", LEVELS)
    if given.size and not (given.min() >= 0 and given.max() <= 1):
        raise BadChoice("images", f"floats from {given.min():g} to {given.max():g}", LEVELS)
    return np.ascontiguousarray(given, np.float32)


def given_codes(codes: ArrayLike, size: int) -> NDArray[np.float32]:
    """Codes (N, size) -> the same as float32; raises BadChoice for other shapes and for what is no number.

    Numbers so large that no decoder can compute with them are refused, too.
    """
    try:
        given = np.asarray(codes)
        if given.dtype.kind not in "fiub":
            raise TypeError(given.dtype)
        with np.errstate(over="ignore"):
            given = np.ascontiguousarray(given, np.float32)
    except (TypeError, ValueError, RuntimeError):
        raise BadChoice("codes", type(codes).__name__, "an array of numbers") from None
    if given.ndim != 2 or given.shape[1] != size:
        raise BadChoice("shape of the codes", given.shape, f"(N, {size})")
    if not np.isfinite(given).all():
        raise BadChoice("codes", "floats that are not finite (NaN or infinity)", "finite numbers")
    if too_large(given):
        largest = np.abs(given).max()
        raise BadChoice("codes", f"numbers as far from 0 as {largest:g}", f"from -{LARGEST:g} to {LARGEST:g}")
    return given
