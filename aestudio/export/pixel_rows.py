"""One image in the layout of image files: grey (H, W), or (H, W, 3) in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def pixel_rows(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Image uint8 (C, H, W) -> (H, W) if C = 1, else (H, W, C); its rows lie one after another."""
    return np.ascontiguousarray(image[0] if len(image) == 1 else np.moveaxis(image, 0, 2))
