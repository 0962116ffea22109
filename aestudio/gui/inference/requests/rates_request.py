"""Bits against error of the model's files, beside principal components and the usual picture formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_set
from aestudio.inference.taken_images import require_shape

if TYPE_CHECKING:
    from aestudio.codec.rate_distortion import MeasuredRate, Recogniser
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

COUNT = 48  # images that are measured: as many while a training runs, because the others' curves stay


@dataclass(frozen=True)
class RatesOfFormats:
    """Every codec over the first `COUNT` images; those that have nothing to do with the model are kept.

    reference: the training images, by whose first `reference_count` codes codes are rounded, and of which
    the principal components are
    """

    channel: ClassVar[str] = "rates of formats"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    image_set: ImageSet
    reference: ImageSet
    reference_count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, (self.image_set, self.reference))

    def compute(self, cache: InferenceCache, progress: Progress) -> tuple[MeasuredRate, ...]:
        """The settings of the model first. Raises StudioError if it cannot be a codec."""
        from aestudio.codec.rate_distortion import rates_of_model, rates_of_others
        from aestudio.codec.rounded_codes import require_codec
        from aestudio.datasets.dataset import part_of

        require_codec(self.snapshot.architecture)
        part = part_of(self.image_set, slice(COUNT))
        require_shape(self.snapshot, part.images)
        known = cache.codes(self.snapshot, self.reference, self.reference_count, progress)
        recogniser = self._recogniser(cache, progress)
        told = condition_of_set(self.snapshot.architecture, part)
        own = rates_of_model(
            cache.frozen_model(self.snapshot), known, part.images, told, recogniser, progress
        )
        training = self.reference.images[:_COMPONENTS_OF]
        others = cache.get_or_make(
            "rates of others",
            (self.image_set, self.reference),
            lambda: rates_of_others(training, part.images, recogniser, progress),
        )
        return own + others

    def _recogniser(self, cache: InferenceCache, progress: Progress) -> Recogniser | None:
        from aestudio.codec.rate_distortion import Recogniser
        from aestudio.runs.sample_classifier import sample_classifier

        labels = self.image_set.labels
        if labels is None:
            return None
        classify = cache.get_or_make(
            "sample classifier",
            (self.image_set, self.reference),
            lambda: sample_classifier(self.image_set, self.reference, progress),
        )
        return None if classify is None else Recogniser(classify, labels[:COUNT])


_COMPONENTS_OF = 2_000  # training images of which the principal components are
