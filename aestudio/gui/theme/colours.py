"""Colours of images: the diverging colour map of signed errors, and light or dark ink."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import CHANNELS
from aestudio.gui.theme.tokens import channels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.theme.tokens import Theme

ZERO = 128
_AXES = {3: "(C, H, W)", 4: "(N, C, H, W)", 5: "(N, k, C, H, W)"}


@lru_cache(maxsize=8)
def _diverging(below: str, zero: str, above: str) -> NDArray[np.uint8]:
    low, middle, high = (np.array(channels(colour), float) for colour in (below, zero, above))
    weight = np.clip((np.arange(256) - ZERO) / (255 - ZERO), -1, 1)[:, None]  # -> (256, 1)
    table = np.where(weight < 0, middle + (low - middle) * -weight, middle + (high - middle) * weight)
    table = np.rint(table).astype(np.uint8)
    table.setflags(write=False)
    return table


def diverging_table(theme: Theme) -> NDArray[np.uint8]:
    """Lookup table for signed values, uint8 (256, 3); entry 128 is zero and has the panel's colour."""
    return _diverging(theme.error_below, theme.panel, theme.error_above)


def require_channels(images: NDArray[Any], axes: int | None = None) -> None:
    """Raise ValueError unless images are (..., C, H, W) with C = 1 or 3.

    axes: 3 for one image, 4 for several, 5 for several of each; None for any of these and more
    """
    if images.ndim < 3 or images.shape[-3] not in CHANNELS or axes not in (None, images.ndim):
        expected = "(..., C, H, W)" if axes is None else _AXES[axes]
        raise ValueError(f"the array should be {expected} with C = 1 or 3 channels, not {images.shape}")


def error_image(errors: NDArray[Any], theme: Theme, limit: float = 1.0) -> NDArray[np.uint8]:
    """Map signed errors (..., H, W), reconstruction minus original, to colour images, uint8 (..., 3, H, W).

    errors: float in [-1, 1], or integers in steps of 1/255, as the difference of two uint8 images is
    limit: the error that gets the full colour; larger ones are clipped to it
    """
    shares = errors / 255.0 if errors.dtype.kind == "i" else errors
    index = np.rint(np.clip(shares / limit, -1, 1) * (255 - ZERO)).astype(np.int16) + ZERO
    return np.moveaxis(diverging_table(theme)[index], -1, -3)


def as_shown(images: NDArray[np.uint8], ink_on_paper: bool) -> NDArray[np.uint8]:
    """Return images, uint8 (..., C, H, W); grey ones (255 = ink) are inverted for dark ink on white paper.

    Colour images are never inverted: they would be negatives. Raises ValueError without an axis of channels.
    """
    require_channels(images)
    return 255 - images if ink_on_paper and images.shape[-3] == 1 else images
