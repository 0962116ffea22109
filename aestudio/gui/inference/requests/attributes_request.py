"""Requests for attribute vectors: difference of two groups, a - b + c, an image in other classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.inference.requests.subjects import OfImageSets
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_image, repeated, row_of_class, stacked
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.attributes import AttributeVector
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.workspace import Decoded, Example
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

NO_MEANS = "a mean of codes, or the difference of two, is no code"
Terms = tuple["Example | None", "Example | None", "Example | None"]


@dataclass(frozen=True, eq=False)
class Separation:
    """B minus A. attribute_vector: None while a group is empty; decoded: images of mean codes."""

    attribute_vector: AttributeVector | None
    decoded: Decoded


@dataclass(frozen=True)
class GroupDifference(OfImageSets):
    """mean(B) - mean(A) of the codes of all members of the examples.

    condition: what a conditional model is told of examples that have no class of their own
    """

    channel: ClassVar[str] = "difference"
    urgent: ClassVar[bool] = False
    a: tuple[Example, ...]
    b: tuple[Example, ...]
    condition: ConditionRow | None = None

    def compute(self, cache: InferenceCache, progress: Progress) -> Separation:
        """Vector float32 (L,) from A to B, and images uint8 (C, H, W) of the examples that have none."""
        from aestudio.analysis.attributes import attribute_vector
        from aestudio.gui.inference.requests.examples_request import members_of

        require_continuous(self.snapshot.architecture, NO_MEANS)
        decoded = _decoded(
            cache, self.snapshot, self.image_sets, (*self.a, *self.b), self.condition, progress
        )
        if not self.a or not self.b:
            return Separation(None, decoded)
        first, second = (
            members_of(cache, self.snapshot, self.image_sets, group, progress, self.condition)
            for group in (self.a, self.b)
        )
        return Separation(attribute_vector(first, second), decoded)


@dataclass(frozen=True)
class DifferencePreview:
    """The current code minus the vector, alone, and plus the vector: images uint8 (3, C, H, W).

    condition: what a conditional model is told of all three
    """

    channel: ClassVar[str] = "attribute vector preview"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    base: tuple[float, ...]
    vector: tuple[float, ...]
    image_sets: tuple[ImageSet, ...] = ()  # the sets that the groups are from
    condition: ConditionRow | None = None

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, self.image_sets)

    def codes(self) -> NDArray[np.float32]:
        """The codes of the three images, float32 (3, L), in this order."""
        base, vector = np.asarray(self.base, np.float32), np.asarray(self.vector, np.float32)
        return np.stack([base - vector, base, base + vector])

    def compute(self, cache: InferenceCache, progress: Progress) -> NDArray[np.uint8]:
        """Images uint8 (3, C, H, W), in this order."""
        codes = self.codes()
        return cache.frozen_model(self.snapshot).decode(codes, repeated(self.condition, len(codes)))


@dataclass(frozen=True, eq=False)
class Combined:
    """a - b + c. code: float32 (L,) and image: uint8 (C, H, W), or None while a term is missing."""

    code: NDArray[np.float32] | None
    image: NDArray[np.uint8] | None
    decoded: Decoded


@dataclass(frozen=True)
class Combination(OfImageSets):
    """The code a - b + c of three examples.

    condition: what a conditional model is told of it, and of examples that have no class of their own
    """

    channel: ClassVar[str] = "combination"
    urgent: ClassVar[bool] = False
    terms: Terms
    condition: ConditionRow | None = None

    def compute(self, cache: InferenceCache, progress: Progress) -> Combined:
        """Code float32 (L,) and image uint8 (C, H, W); neither while an example is missing."""
        from aestudio.analysis.attributes import analogy
        from aestudio.gui.inference.requests.examples_request import codes_of

        require_continuous(self.snapshot.architecture, NO_MEANS)
        terms = tuple(term for term in self.terms if term is not None)
        decoded = _decoded(cache, self.snapshot, self.image_sets, terms, self.condition, progress)
        if len(terms) < len(self.terms):
            return Combined(None, None, decoded)
        codes = codes_of(cache, self.snapshot, self.image_sets, terms, progress, self.condition)
        code = analogy(*codes)
        image = cache.frozen_model(self.snapshot).decode(code[None], repeated(self.condition, 1))[0]
        return Combined(code, image, decoded)


@dataclass(frozen=True, eq=False)
class Swapped:
    """An image's code moved to the means of the classes, for the classes that the set contains.

    codes: float32 (k, L); images: uint8 (k, C, H, W); names: of the k classes; own: index of its class
    conditions: what a conditional model was told of each of them: that class; () for another model
    """

    codes: NDArray[np.float32]
    images: NDArray[np.uint8]
    names: tuple[str, ...]
    own: int
    conditions: tuple[ConditionRow, ...] = ()


@dataclass(frozen=True)
class OtherClasses:
    """The selected image with the mean of its class replaced by that of each class.

    image_set, index: the image; known: the set whose first images give the means of the classes
    """

    channel: ClassVar[str] = "other classes"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    image_set: ImageSet
    index: int
    known: ImageSet

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, (self.image_set, self.known))

    def compute(self, cache: InferenceCache, progress: Progress) -> Swapped:
        """Codes float32 (k, L) and images. Raises StudioError without labels or a class mean."""
        from aestudio.analysis.attributes import class_means, with_other_class
        from aestudio.errors import StudioError
        from aestudio.gui.inference.requests.examples_request import IMAGES_PER_MEAN

        require_continuous(self.snapshot.architecture, NO_MEANS)
        labels = self.known.labels
        if labels is None or self.image_set.labels is None:
            raise StudioError("These images have no labels, so there are no classes to swap")
        codes = cache.codes(self.snapshot, self.known, IMAGES_PER_MEAN, progress).mean
        means = class_means(codes, labels[: len(codes)], len(self.known.class_names))
        frozen_model = cache.frozen_model(self.snapshot)
        image = require_shape(self.snapshot, self.image_set.images[self.index : self.index + 1])
        architecture = self.snapshot.architecture
        told = condition_of_image(architecture, self.image_set, self.index)
        code = frozen_model.encode(image, repeated(told, 1)).mean[0]
        own = int(self.image_set.labels[self.index])
        present = np.flatnonzero(np.isfinite(means[:, 0]))
        if own not in present:
            raise StudioError("There are too few images of this class to know its mean")
        swapped = with_other_class(code, own, means)[present]
        names = tuple(self.known.class_names[label] for label in present)
        # A model that is told classes decodes each as its class; factors stay those of the image.
        rows = [row_of_class(architecture, int(label)) or told for label in present]
        conditions = tuple(row for row in rows if row is not None)
        images = frozen_model.decode(swapped, stacked(rows))
        return Swapped(swapped, images, names, int(np.flatnonzero(present == own)[0]), conditions)


def _decoded(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    examples: tuple[Example, ...],
    chosen: ConditionRow | None,
    progress: Progress,
) -> Decoded:
    """Decoded images of the examples that have no image of their own."""
    from aestudio.gui.inference.requests.examples_request import codes_of, conditions_of

    bare = [example for example in examples if example.number is None and example.image is None]
    if not bare:
        return {}
    codes = codes_of(cache, snapshot, image_sets, bare, progress, chosen)
    condition = stacked(conditions_of(snapshot, image_sets, bare, chosen))
    images = cache.frozen_model(snapshot).decode(codes, condition)
    return dict(zip(bare, images, strict=True))
