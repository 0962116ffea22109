"""Which classes many samples of a model show, as a classifier names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.analysis.mode_coverage import SAMPLES, mode_coverage
from aestudio.gui.inference.requests.subjects import OfImageSets

if TYPE_CHECKING:
    from aestudio.analysis.mode_coverage import ModeCoverage
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress


@dataclass(frozen=True)
class CountClasses(OfImageSets):
    """The classes of `count` samples of the prior, always of the same codes.

    image_sets: the test images, which the classifier must know, and the training images, if there are any
    """

    channel: ClassVar[str] = "mode coverage"
    urgent: ClassVar[bool] = False
    count: int = SAMPLES

    def compute(self, cache: InferenceCache, progress: Progress) -> ModeCoverage | None:
        """None if the images have no classes to name."""
        from aestudio.runs.sample_classifier import sample_classifier

        test, *others = self.image_sets
        train = others[0] if others else None
        classifier = cache.get_or_make(
            "sample classifier", (test, train), lambda: sample_classifier(test, train, progress)
        )
        if classifier is None:
            return None
        frozen_model, random = cache.frozen_model(self.snapshot), np.random.default_rng(0)
        images = frozen_model.decode(frozen_model.sample_prior(self.count, random))
        return mode_coverage(classifier(images), test.class_names)
