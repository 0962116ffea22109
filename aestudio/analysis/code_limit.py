"""How large the numbers of a code may be: beyond the limit a decoder computes infinity minus infinity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1e9
"""Far beyond every code of an encoder or a slider. float32 ends at 3.4e38, and a decoder of four
layers multiplies what it is given by 1e12 at the most."""


def too_large(codes: NDArray[Any]) -> bool:
    """Whether a number of the codes, any shape, is beyond the limit or NaN."""
    return not bool((np.abs(codes) <= LARGEST).all())
