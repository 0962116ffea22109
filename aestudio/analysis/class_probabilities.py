"""Class probabilities of images, from the probe's classifier trained for a few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from aestudio.analysis.probe import Labelled, classifier, fit, probe_settings
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn

    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress

IMAGES = 20_000
EPOCHS = 2
"""One second on one core, and 90 % accuracy on the MNIST test set: enough to see a class change."""


@dataclass(frozen=True, eq=False)
class ClassProbabilityModel:
    """A trained classifier. class_names: the C classes, in the order of the probabilities."""

    model: nn.Module
    class_names: tuple[str, ...]

    def __call__(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Images uint8 (N, C, H, W) -> class probabilities float32 (N, C)."""
        rows = Labelled(torch.tensor(images.reshape(len(images), -1)), np.zeros(0, np.int64))
        with torch.inference_mode():
            return self.model(rows.gather(slice(None))).softmax(1).numpy()


def train_class_probabilities(
    image_set: ImageSet, progress: Progress = silent, images: int = IMAGES, epochs: int = EPOCHS
) -> ClassProbabilityModel | None:
    """The probe's classifier, trained on the first `images` images; None without labels of two classes.

    Raises what `progress` raises.
    """
    if image_set.labels is None or len(set(image_set.labels[:images].tolist())) < 2:
        return None
    settings = probe_settings(epochs=epochs)
    labels = image_set.labels[:images]
    inputs = torch.tensor(image_set.images[:images].reshape(len(labels), -1))
    model = classifier(inputs.shape[1], len(image_set.class_names), settings)
    fit(model, Labelled(inputs, labels), settings.training, progress, "Training the classifier")
    return ClassProbabilityModel(model.eval().requires_grad_(False), image_set.class_names)
