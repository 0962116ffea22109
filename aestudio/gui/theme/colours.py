"""Colours of images: the diverging colour map of signed errors, and the two ways to show an image."""

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
    part = np.clip((np.arange(256) - ZERO) / (255 - ZERO), -1, 1)[:, None]  # -> (256, 1)
    table = np.where(part < 0, middle + (low - middle) * -part, middle + (high - middle) * part)
    table = np.rint(table).astype(np.uint8)
    table.setflags(write=False)
    return table


def diverging_table(theme: Theme) -> NDArray[np.uint8]:
    """Lookup table (256, 3) for signed values; entry 128 is zero and has the panel's colour."""
    return _diverging(theme.error_below, theme.panel, theme.error_above)


def error_image(errors: NDArray[np.floating], theme: Theme, limit: float = 1.0) -> NDArray[np.uint8]:
    """Signed errors (..., H, W), reconstruction - original, as colours (..., H, W, 3).

    `limit` is the error that gets the full colour; larger ones are clipped to it.
    """
    index = np.rint(np.clip(errors / limit, -1, 1) * (255 - ZERO)).astype(np.int16) + ZERO
    return diverging_table(theme)[index]


def as_shown(digits: NDArray[np.uint8], ink_on_paper: bool) -> NDArray[np.uint8]:
    """Images (0 = background, 255 = ink) as shown: white on black as they are, or dark ink on white paper."""
    return 255 - digits if ink_on_paper else digits
