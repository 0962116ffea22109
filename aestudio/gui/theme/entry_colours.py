"""Colours of the entries of a codebook: as many as needed, each always the same. Never without a number."""

from __future__ import annotations

import colorsys
from functools import cache

from aestudio.gui.theme.tokens import contrast

# Each next hue is as far from all earlier ones as it can be: steps by the golden ratio.
_STEP = 0.618033988749895
_LIGHTNESS = (0.42, 0.58, 0.72)
_SATURATION = 0.5


@cache
def entry_colour(entry: int) -> str:
    """The colour of an entry, "#rrggbb": hues by the golden ratio, in three lightnesses."""
    hue = (0.55 + entry * _STEP) % 1.0
    lightness = _LIGHTNESS[entry % len(_LIGHTNESS)]
    return "#" + "".join(
        f"{round(255 * channel):02x}" for channel in colorsys.hls_to_rgb(hue, lightness, _SATURATION)
    )


@cache
def text_on(colour: str) -> str:
    """Black or white, whichever is read better on this colour."""
    return max("#000000", "#ffffff", key=lambda text: contrast(text, colour))
