"""Signed errors as pictures: one map for each image, of its only channel or of its luminance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.gui.theme.colours import error_image
from aestudio.gui.views.shared.error_scale import ERROR_LIMIT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.gui.theme.tokens import Theme

_CHANNELS = 3
_LARGEST = 255.0


def error_map(errors: NDArray[np.int16], theme: Theme) -> NDArray[np.uint8]:
    """Errors int16 (..., C, H, W), reconstruction minus original, as colours uint8 (..., 3, H, W).

    Of colour images the luminance of the errors is drawn: captions say so.
    """
    from aestudio.analysis.reconstructions import luminance

    return error_image(luminance(errors) / _LARGEST, theme, ERROR_LIMIT)


def in_colour(images: NDArray[Any]) -> bool:
    """Whether images (..., C, H, W) have three channels."""
    return images.shape[-3] == _CHANNELS
