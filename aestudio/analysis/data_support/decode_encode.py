"""Decode-encode error: how far a code is from the code of its decoded image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.data_support.scale import CodeScale
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress

# Small enough that an urgent request does not wait noticeably.
BATCH = 64


def decode_encode_errors(
    frozen_model: FrozenModel, codes: NDArray[np.float32], spread: CodeScale, progress: Progress = silent
) -> NDArray[np.float32]:
    """Distance of codes (N, L) from the codes of their decoded images, float32 (N,).

    Root of the mean square over the active numbers, each in the data's standard deviations: the
    Mahalanobis distance with the codes' diagonal covariance, per number, so that it can be compared
    between codes of different lengths. (A full covariance is singular if a number has collapsed.)
    1 is a distance of one standard deviation of the data in each number.
    """
    errors = np.empty(len(codes), np.float32)
    for start in range(0, len(codes), BATCH):
        progress(start, len(codes), "Round trip")
        part = codes[start : start + BATCH]
        again = frozen_model.encode(frozen_model.decode_exactly(part)[:, None]).mean
        difference = spread.scaled(again) - spread.scaled(part)
        errors[start : start + BATCH] = np.sqrt(np.square(difference).mean(axis=1))
    return errors
