"""Aliases of the arrays that pass between the layers, with their shapes. numpy only, no torch.

N is the number of images or codes; C, H, W are channels, height and width; L is the size of a code.
A checker sees dtypes, not shapes: the shape is part of the meaning of the name, and functions repeat it in
their docstrings (tests/test_shapes.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
"""(N, C, H, W): grey levels 0..255 of 1 or 3 channels, as a data set holds them and an encoder takes them."""

Reconstructed = NDArray[np.uint8]
"""(N, C, H, W): decoded images, grey levels 0..255."""

UnitImages = NDArray[np.float32]
"""(N, C, H, W): pixels in [0, 1], not rounded to grey levels."""

Labels = NDArray[np.int64]
"""(N,): the class of each image, from 0."""

Indices = NDArray[np.int64]
"""(N,): positions of images within a set, from 0."""

CodeArray = NDArray[np.float32]
"""(N, L): codes, one row for each image."""

Condition = NDArray[np.float32]
"""(N, K): what a model is told of each image or code: 1 for its class and 0 for the others, or factors."""

Weights = Mapping[str, NDArray[np.float32]]
"""Weights by parameter name, each in the shape of its parameter."""
