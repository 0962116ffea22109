"""How much better than the mean image a snapshot is: asked by the data support and by the names of axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import take
from aestudio.inference.conditions import condition_of_set

if TYPE_CHECKING:
    from aestudio.analysis.data_support.mean_image import MeanImageComparison
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

RECONSTRUCTED, RECONSTRUCTED_QUICKLY = 200, 64
"""Images whose reconstructions are compared with the mean image; the error of 64 is known to 5 %."""


def against_mean_image(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_set: ImageSet,
    train: ImageSet | None,
    progress: Progress,
    *,
    quick: bool,
    codes: Codes | None = None,
) -> MeanImageComparison | None:
    """The comparison over some of the images; None for a model that reconstructs none.

    train: the images of which the mean is; None for `image_set`
    quick: whether other steps follow soon, so that fewer images are compared
    codes: of the first images of the set, if they are known already

    Both askers get the same answer about a snapshot.
    """
    if not snapshot.architecture.reconstructs:
        return None
    train = image_set if train is None else train
    return cache.get_or_make(
        "against mean image",
        (snapshot, image_set, train, quick),
        lambda: _compared(cache, snapshot, image_set, train, progress, quick, codes),
    )


def _compared(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_set: ImageSet,
    train: ImageSet,
    progress: Progress,
    quick: bool,
    codes: Codes | None,
) -> MeanImageComparison:
    from aestudio.analysis.data_support.mean_image import compare_with_mean_image, mean_by_condition
    from aestudio.inference.codes import encode_set

    architecture = snapshot.architecture
    mean = cache.get_or_make(
        "mean image",
        (train, architecture.recipe.objective.condition, architecture.condition_size),
        lambda: mean_by_condition(train.images, condition_of_set(architecture, train), progress),
    )
    known = len(image_set) if codes is None else len(codes)
    some = np.random.default_rng(0).permutation(known)[: RECONSTRUCTED_QUICKLY if quick else RECONSTRUCTED]
    chosen, frozen_model = take((image_set,), some), cache.frozen_model(snapshot)
    points = encode_set(frozen_model, chosen).mean if codes is None else codes.mean[some]
    told = condition_of_set(architecture, chosen)
    return compare_with_mean_image(frozen_model, chosen.images, points, mean, told)
