"""Images in memory, brought to 28x28 as those in a file are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.pixel_conversion import bring_to_28 as bring
from aestudio.datasets.row_reader import rows_of
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress


def bring_to_28(
    images: NDArray[Any], *, where: str = "", progress: Progress = silent
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Images as uint8 (N, 1, 28, 28), and sentences saying what was done."""
    batches: list[NDArray[np.uint8]] = []
    notes = bring([rows_of(images, where)], lambda batch: batches.append(batch.copy()), progress)
    return np.concatenate(batches)[:, None], notes
