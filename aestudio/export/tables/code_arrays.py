"""The codes of images as arrays of a file, with what they were encoded with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.sabotage.sabotage_list import warning

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


def code_arrays(
    snapshot: Snapshot, image_set: ImageSet, progress: Progress
) -> dict[str, NDArray[np.generic]]:
    """The arrays that every file of codes has; raises StudioError if images have none.

    codes: float32 (N, L), a Gaussian code's mean, whose standard deviations are `deviation`
    entries: int64 (N, *shape), (N, h, w) for a codebook; points: float32 (N, P); choices: int64 (): of
    discrete codes only
    labels, class_names: of the images; recipe: JSON; run, step: of the snapshot
    sabotage: the warning of a snapshot of a sabotaged training; other files have none

    Raises what `progress` raises, too.
    """
    codes, latent = encode_set(FrozenModel(snapshot), image_set, progress), snapshot.architecture.latent
    arrays: dict[str, NDArray[np.generic]] = {
        "codes": codes.mean,
        "class_names": np.array(image_set.class_names, np.str_),
        "recipe": np.array(json.dumps(snapshot.recipe.model_dump(mode="json"), ensure_ascii=False)),
        "run": np.array(snapshot.run),
        "step": np.array(snapshot.step, np.int64),
    }
    if snapshot.sabotage:
        arrays["sabotage"] = np.array(warning(snapshot.sabotage))
    if codes.std is not None:
        arrays["deviation"] = codes.std
    if latent.choices:
        arrays["entries"] = codes.mean.astype(np.int64).reshape(len(codes), *latent.shape)
        arrays["points"] = codes.points
        arrays["choices"] = np.array(latent.choices, np.int64)
    if image_set.labels is not None:
        arrays["labels"] = image_set.labels
    return arrays
