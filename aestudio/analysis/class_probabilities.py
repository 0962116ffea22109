"""The probe's digit classifier, trained for a moment, tells the class probabilities of pictures."""

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
"""A second on one core, and nine of ten of MNIST's test digits named right: enough to see a digit turn."""


@dataclass(frozen=True, eq=False)
class ClassProbabilityModel:
    """A trained classifier. class_names: of its probabilities, in their order."""

    model: nn.Module
    class_names: tuple[str, ...]

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Pictures uint8 (N, 28, 28) -> probabilities float32 (N, classes)."""
        rows = Labelled(torch.tensor(pictures.reshape(len(pictures), -1)), np.zeros(0, np.int64))
        with torch.inference_mode():
            return self.model(rows.gather(slice(None))).softmax(1).numpy()


def train_class_probabilities(
    digits: ImageSet, progress: Progress = silent, images: int = IMAGES, epochs: int = EPOCHS
) -> ClassProbabilityModel | None:
    """The classifier of the probe, trained on the first images; None without labels of two classes.

    Raises what `progress` raises.
    """
    if digits.labels is None or len(set(digits.labels[:images].tolist())) < 2:
        return None
    settings = probe_settings(epochs=epochs)
    labels = digits.labels[:images]
    pictures = torch.tensor(digits.images[:images].reshape(len(labels), -1))
    model = classifier(pictures.shape[1], len(digits.class_names), settings)
    fit(model, Labelled(pictures, labels), settings.training, progress, "Learning to tell the classes")
    return ClassProbabilityModel(model.eval().requires_grad_(False), digits.class_names)
