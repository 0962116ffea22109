"""Sequential colour scales that colour-blind people can read: lightness alone orders the values.

`sequential_table` is for points: the part of viridis (S. van der Walt and N. Smith 2015, CC0) that contrasts
with the theme's panel; larger values differ more from the panel's lightness. `field_table` is for a scalar
field under points: one hue, close to the panel's colour, so that the points stay prominent. Colours between
the anchors are interpolated in OKLab (B. Ottosson 2020), where equal steps look equal.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.theme.tokens import channels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.theme.tokens import Theme

STEPS = 256
_VIRIDIS = (
    "#440154",
    "#472d7b",
    "#3b528b",
    "#2c728e",
    "#21918c",
    "#28ae80",
    "#5ec962",
    "#addc30",
    "#fde725",
)
_VIRIDIS_RANGE = {"dark": (0.2, 1.0), "light": (0.76, 0.0)}
_FIELD_STRENGTH = {"dark": 0.5, "light": 0.42}

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def sequential_table(theme: Theme) -> NDArray[np.uint8]:
    """Lookup table, uint8 (256, 3): entry 0 for the smallest value, 255 for the largest."""
    return _between(_VIRIDIS, *_VIRIDIS_RANGE[theme.name])


def field_table(theme: Theme) -> NDArray[np.uint8]:
    """Lookup table, uint8 (256, 3), from the panel's colour to a faint tint of the accent."""
    return _between((theme.panel, theme.accent), 0.0, _FIELD_STRENGTH[theme.name])


def to_steps(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.intp]:
    """Table indices 0 ... 255, in the shape of the values, for the range [low, high].

    Values outside get the index of the nearest end; NaN gets 0.
    """
    share = np.nan_to_num((values - low) / (high - low), nan=0.0)
    return np.rint(np.clip(share, 0, 1) * (STEPS - 1)).astype(np.intp)


@lru_cache(maxsize=16)
def _between(anchors: tuple[str, ...], start: float, end: float) -> NDArray[np.uint8]:
    known = np.array([oklab(np.array(channels(anchor)) / 255) for anchor in anchors])
    positions = np.linspace(start, end, STEPS) * (len(anchors) - 1)
    mixed = np.stack([np.interp(positions, np.arange(len(anchors)), column) for column in known.T], axis=1)
    table = np.rint(np.clip(_from_oklab(mixed), 0, 1) * 255).astype(np.uint8)
    table.setflags(write=False)
    return table


def oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convert sRGB (..., 3), float64 in [0, 1], to OKLab (lightness, green-red, blue-yellow)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T


def _from_oklab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T
    linear = np.clip(linear, 0, None)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
