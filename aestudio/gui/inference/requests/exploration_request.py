"""Requests of every view: the sliders' module, the selected and the hovered image."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.datasets.dataset import located
from aestudio.gui.inference.requests.subjects import OfImageSets, OfSnapshot
from aestudio.inference.conditions import any_condition, condition_of_image, repeated
from aestudio.inference.taken_images import require_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress


# Computed for every snapshot: the large image is decoded by the module from the code of the same step.
OF_EVERY_STEP = frozenset({"slider", "inspect", "hovered"})


class SpareModules:
    """Modules that nobody uses any more; any thread may give one or take one."""

    def __init__(self) -> None:
        self._spare: deque[FrozenModel] = deque(maxlen=1)

    def give(self, frozen_model: FrozenModel) -> None:
        """Leave a module for the next one who needs it."""
        self._spare.append(frozen_model)

    def take(self) -> FrozenModel | None:
        """A module that the caller alone has from now on; None if there is none."""
        try:
            return self._spare.pop()
        except IndexError:
            return None


@dataclass(frozen=True)
class PrepareSlider(OfSnapshot):
    """A module for the window's own thread, filled from a snapshot.

    spare: where an earlier one may lie; to fill it takes a sixth of the time of building one
    """

    channel: ClassVar[str] = "slider"
    urgent: ClassVar[bool] = True
    spare: SpareModules = field(default_factory=SpareModules, compare=False, repr=False)

    def compute(self, cache: InferenceCache, progress: Progress) -> FrozenModel:
        """The module, which has decoded once."""
        from aestudio.inference.frozen_model import FrozenModel

        frozen_model = self.spare.take()
        if frozen_model is not None and frozen_model.snapshot.run_key == self.snapshot.run_key:
            frozen_model.show(self.snapshot)
            return frozen_model
        frozen_model = FrozenModel(self.snapshot)
        if frozen_model.decodes:
            # The first pass chooses kernels; better here than while the user drags a slider.
            architecture = self.snapshot.architecture
            frozen_model.decode_exactly(
                np.zeros((1, architecture.latent.size), np.float32),
                repeated(any_condition(architecture), 1),
            )
        return frozen_model


@dataclass(frozen=True)
class DrawCode(OfSnapshot):
    """A random code of a prior that the model has learned, the same for the same seed.

    A declared prior draws at once. A learned one may draw number by number, a pass of the network for each:
    0.18 s for an image of MADE.
    """

    channel: ClassVar[str] = "random code"
    urgent: ClassVar[bool] = True
    seed: int

    def compute(self, cache: InferenceCache, progress: Progress) -> NDArray[np.float32]:
        """The code, float32 (L,)."""
        del progress
        generator = np.random.default_rng(self.seed)
        return cache.frozen_model(self.snapshot).sample_prior(1, generator)[0]


@dataclass(frozen=True, eq=False)
class Inspected:
    """One image through the model.

    index: within its set; test: whether that is the test set
    original: uint8 (C, H, W)
    reconstruction, error: (C, H, W) uint8 and float32 in [-1, 1] (reconstruction minus original, in each
                           channel), or None
    squared_error: summed over all C * H * W numbers, or None
    code, std: float32 (L,), or None for a classifier; probabilities: float32 (classes,) or None
    point:     float32 (P,), the code as a point whose distances have a meaning; None without a code
    condition: what a conditional model was told of the image
    class_names: those of the images, () without labels, or if they have more or fewer classes
    All but the original is None for a model that does not encode images.
    """

    index: int
    original: NDArray[np.uint8]
    label: str
    reconstruction: NDArray[np.uint8] | None
    error: NDArray[np.float32] | None
    squared_error: float | None
    code: NDArray[np.float32] | None
    std: NDArray[np.float32] | None
    probabilities: NDArray[np.float32] | None
    test: bool = True
    point: NDArray[np.float32] | None = None
    condition: ConditionRow | None = None
    class_names: tuple[str, ...] = ()

    def class_name(self, index: int) -> str:
        """The name of a class that the model predicts; its number for images without labels."""
        return self.class_names[index] if index < len(self.class_names) else str(index)


@dataclass(frozen=True)
class Inspect(OfImageSets):
    """The selected image through the model.

    index: counted through all the sets, the test set first (`StudioState.image_at`)
    """

    channel: ClassVar[str] = "inspect"
    urgent: ClassVar[bool] = True
    index: int

    @property
    def position(self) -> tuple[ImageSet, int]:
        """The set, and the index in it."""
        found = located(self.image_sets, self.index)
        if found is None:
            raise IndexError(self.index)
        return found

    def compute(self, cache: InferenceCache, progress: Progress) -> Inspected:
        """The image, its code, and its reconstruction or class probabilities (C,)."""
        from aestudio.analysis.metrics import squared_error_per_image
        from aestudio.inference.frozen_model import to_bytes

        frozen_model = cache.frozen_model(self.snapshot)
        image_set, index = self.position
        test = image_set is self.image_sets[0]
        image = require_shape(self.snapshot, image_set.images[index : index + 1])
        label = ""
        if image_set.labels is not None:
            label = image_set.class_names[int(image_set.labels[index])]
        if not self.snapshot.architecture.encodes:
            return Inspected(index, image[0], label, None, None, None, None, None, None, test)
        condition = condition_of_image(self.snapshot.architecture, image_set, index)
        told = repeated(condition, 1)
        codes = frozen_model.encode(image, told)
        if not frozen_model.decodes:
            logits = codes.mean[0].astype(np.float64)
            probabilities = np.exp(logits - logits.max())
            probabilities = (probabilities / probabilities.sum()).astype(np.float32)
            names = () if image_set.labels is None else image_set.class_names
            names = names if len(names) == len(probabilities) else ()
            return Inspected(
                index,
                image[0],
                label,
                None,
                None,
                None,
                None,
                None,
                probabilities,
                test,
                class_names=names,
            )
        exact = frozen_model.decode_exactly(codes.mean, told)
        reconstruction = to_bytes(exact)[0]
        error = (reconstruction.astype(np.float32) - image[0]) / 255
        # Of the image before rounding, so that every view shows the same number.
        squared = float(squared_error_per_image(image, exact)[0])
        std = None if codes.std is None else codes.std[0]
        return Inspected(
            index,
            image[0],
            label,
            reconstruction,
            error,
            squared,
            codes.mean[0],
            std,
            None,
            test,
            codes.points[0],
            condition,
        )


@dataclass(frozen=True)
class InspectHovered(Inspect):
    """The image under the pointer, beside the selected one."""

    channel: ClassVar[str] = "hovered"
