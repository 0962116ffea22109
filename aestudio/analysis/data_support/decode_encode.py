"""Decode-encode error: how far a code is from the code of its decoded image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.inference.conditions import some_of
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.data_support.scale import CodeScale
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.types import Condition

# Codes per batch: so few that a more urgent request does not wait noticeably.
BATCH = 64


def decode_encode_errors(
    frozen_model: FrozenModel,
    codes: NDArray[np.float32],
    scale: CodeScale,
    progress: Progress = silent,
    condition: Condition | None = None,
) -> NDArray[np.float32]:
    """Distance of codes float32 (N, L) from the codes of their decoded images: float32 (N,).

    Root mean square over the active dimensions, each in standard deviations of the data: the Mahalanobis
    distance with the diagonal covariance of the codes, per dimension, so that codes of different lengths
    can be compared. (A full covariance is singular if a dimension has collapsed.) 1 is a distance of one
    standard deviation of the data in each dimension.
    condition: float32 (N, K), what a conditional model is told, both when it decodes and when it encodes
    Raises TypeError if the model has no decoder, and what `progress` raises.
    """
    errors = np.empty(len(codes), np.float32)
    for start in range(0, len(codes), BATCH):
        progress(start, len(codes), "Decode-encode error")
        batch = codes[start : start + BATCH]
        told = some_of(condition, slice(start, start + BATCH))
        reencoded = frozen_model.encode(frozen_model.decode_exactly(batch, told), told).mean
        difference = scale.scaled(reencoded) - scale.scaled(batch)
        errors[start : start + BATCH] = np.sqrt(np.square(difference).mean(axis=1))
    return errors
