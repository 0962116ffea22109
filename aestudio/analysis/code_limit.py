"""How large the numbers of a code may be. Beyond the limit a decoder computes infinity minus infinity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1e9
"""Far beyond every code of an encoder or a slider. The largest float32 is 3.4e38, and a decoder of four
layers multiplies its input by at most 1e12."""


def too_large(codes: NDArray[Any]) -> bool:
    """Whether the codes (any shape) hold NaN or a number beyond the limit."""
    return not bool((np.abs(codes) <= LARGEST).all())
