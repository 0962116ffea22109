"""Codes of a whole set, encoded in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.inference.chunks import chunks
from aestudio.inference.conditions import condition_of_set
from aestudio.inference.frozen_model import Codes, FrozenModel
from aestudio.progress import silent

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress
    from aestudio.types import CodeArray


def encode_set(frozen_model: FrozenModel, image_set: ImageSet, progress: Progress = silent) -> Codes:
    """Encode all images: codes float32 (N, L) in the set's order; class logits (N, C) for a classifier.

    A conditional model is told the set's labels or factors. Raises StudioError if the set lacks them, and
    what `progress` raises.
    """
    condition = condition_of_set(frozen_model.snapshot.architecture, image_set)
    parts = [
        frozen_model.encode(image_set.images[part], None if condition is None else condition[part])
        for part in chunks(len(image_set), progress, "Encoding the images")
    ]
    if not parts:
        return frozen_model.encode(image_set.images, condition)
    return Codes(
        np.concatenate([part.mean for part in parts]),
        _joined([part.std for part in parts]),
        _joined([part.entries for part in parts]),
    )


def _joined(parts: list[CodeArray | None]) -> CodeArray | None:
    present = [part for part in parts if part is not None]
    return np.concatenate(present) if present else None
