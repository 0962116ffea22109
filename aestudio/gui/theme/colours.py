"""Colours of images: the diverging colour map of signed errors, and light or dark ink."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.theme.tokens import channels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.theme.tokens import Theme

ZERO = 128


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


def error_image(errors: NDArray[np.floating], theme: Theme, limit: float = 1.0) -> NDArray[np.uint8]:
    """Map signed errors (..., H, W), float, reconstruction minus original, to uint8 colours (..., 3, H, W).

    limit: the error that gets the full colour; larger ones are clipped to it
    """
    index = np.rint(np.clip(errors / limit, -1, 1) * (255 - ZERO)).astype(np.int16) + ZERO
    return np.moveaxis(diverging_table(theme)[index], -1, -3)


def as_shown(images: NDArray[np.uint8], ink_on_paper: bool) -> NDArray[np.uint8]:
    """Return images, uint8 (..., C, H, W), as they are shown: for dark ink on white paper, grey ones inverted.

    The colours of colour images stay: inverted ones would be other colours.
    """
    return 255 - images if ink_on_paper and images.shape[-3] == 1 else images
