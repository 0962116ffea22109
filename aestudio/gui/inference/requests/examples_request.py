"""The codes of examples: images, drawings, bookmarks, class means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import located
from aestudio.errors import StudioError
from aestudio.gui.inference.example_conditions import condition_of_example
from aestudio.inference.conditions import repeated
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.requirements import require_continuous, require_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.workspace import Example
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

# Images used for the mean code of a class.
IMAGES_PER_MEAN = 2_000


def codes_of(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    examples: Sequence[Example],
    progress: Progress,
    chosen: ConditionRow | None = None,
) -> NDArray[np.float32]:
    """Codes float32 (n, L) of n examples.

    image_sets: the sets through which images are numbered; a class's mean is that of its members among the
    first 2,000 images of the first set.
    chosen: what a conditional model is told of drawings; of images it is told their own labels or factors
    Raises StudioError for an unknown image, one of another shape than the model takes, a bookmark of another
    length, an unknown class.
    """
    return np.stack(
        [_code_of(cache, snapshot, image_sets, example, progress, chosen) for example in examples]
    )


def members_of(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    examples: Sequence[Example],
    progress: Progress,
    chosen: ConditionRow | None = None,
) -> NDArray[np.float32]:
    """Codes float32 (m, L) of all members of the n examples, m >= n.

    A class has as members its images among the first 2,000, a set of images all of them, anything else
    itself. Raises as `codes_of` does.
    """
    return np.concatenate(
        [_members(cache, snapshot, image_sets, example, progress, chosen) for example in examples]
    )


def conditions_of(
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    examples: Sequence[Example],
    chosen: ConditionRow | None,
) -> list[ConditionRow | None]:
    """What a conditional model is told of each of n examples when its code is decoded. Raises StudioError."""
    architecture = snapshot.architecture
    return [condition_of_example(architecture, image_sets, example, chosen) for example in examples]


def _members(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    example: Example,
    progress: Progress,
    chosen: ConditionRow | None,
) -> NDArray[np.float32]:
    if example.label is not None:
        return _class_codes(cache, snapshot, image_sets, example, progress)
    if example.numbers is not None:
        return _codes_of_images(cache, snapshot, image_sets, example, progress)
    return _code_of(cache, snapshot, image_sets, example, progress, chosen)[None]


def _code_of(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    example: Example,
    progress: Progress,
    chosen: ConditionRow | None,
) -> NDArray[np.float32]:
    if example.code is not None:
        if len(example.code) != snapshot.architecture.latent.size:
            raise StudioError(
                "This bookmark belongs to a model with codes of another length",
                where=example.name,
                advice="Remove it, or open that model again.",
            )
        return example.code
    if example.label is not None or example.numbers is not None:
        require_continuous(snapshot.architecture, "codes have no mean")
        return _members(cache, snapshot, image_sets, example, progress, chosen).mean(axis=0)
    image = _image_of(image_sets, example) if example.image is None else example.image[None]
    told = condition_of_example(snapshot.architecture, image_sets, example, chosen)
    return cache.frozen_model(snapshot).encode(require_shape(snapshot, image), repeated(told, 1)).mean[0]


def _image_of(image_sets: tuple[ImageSet, ...], example: Example) -> NDArray[np.uint8]:
    found = None if example.number is None else located(image_sets, example.number)
    if found is not None:
        image_set, index = found
        return image_set.images[index : index + 1]
    raise StudioError(
        "This image is not in the current data set",
        where=example.name,
        advice="Choose another image.",
    )


def _codes_of_images(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    example: Example,
    progress: Progress,
) -> NDArray[np.float32]:
    from aestudio.datasets.dataset import take
    from aestudio.inference.codes import encode_set

    assert example.numbers is not None
    if not len(example.numbers):
        raise StudioError("There is no image in this set", where=example.name)
    for number in example.numbers:
        _image_of(image_sets, replace(example, number=int(number)))  # raises if it is not there any more
    images = take(image_sets, example.numbers)
    require_shape(snapshot, images.images)
    return encode_set(cache.frozen_model(snapshot), images, progress).mean


def _class_codes(
    cache: InferenceCache,
    snapshot: Snapshot,
    image_sets: tuple[ImageSet, ...],
    example: Example,
    progress: Progress,
) -> NDArray[np.float32]:
    labels = image_sets[0].labels if image_sets else None
    if labels is None:
        raise StudioError("These images have no labels, so there is no class to take the mean of")
    require_encoder(snapshot.architecture)
    codes = cache.codes(snapshot, image_sets[0], IMAGES_PER_MEAN, progress).mean
    members = codes[labels[: len(codes)] == example.label]
    if not len(members):
        raise StudioError("There is no image of this class", where=example.name)
    return members
