"""Codes of a whole set, encoded in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.inference.chunks import chunks
from aestudio.inference.frozen_model import Codes, FrozenModel
from aestudio.progress import silent

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress


def encode_set(frozen_model: FrozenModel, image_set: ImageSet, progress: Progress = silent) -> Codes:
    """Encode all images: codes float32 (N, L) in the set's order; class logits (N, C) for a classifier.

    Raises what `progress` raises.
    """
    parts = [
        frozen_model.encode(image_set.images[part])
        for part in chunks(len(image_set), progress, "Encoding the images")
    ]
    if not parts:
        return frozen_model.encode(image_set.images)
    stds = [part.std for part in parts if part.std is not None]
    return Codes(np.concatenate([part.mean for part in parts]), np.concatenate(stds) if stds else None)
