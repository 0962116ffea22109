"""A classifier as a probe: how much of the class is left in pixels, codes and reconstructions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from aestudio.datasets.dataset import part_of
from aestudio.errors import StudioError
from aestudio.inference.chunks import chunks
from aestudio.inference.codes import encode_set
from aestudio.inference.conditions import condition_of_set, some_of
from aestudio.inference.frozen_model import FrozenModel
from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.layers.dropout import Dropout, lend_generator
from aestudio.layers.sequence import build_sequence
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.progress import silent
from aestudio.recipes.library import find_recipe
from aestudio.recipes.phase import SINGLE
from aestudio.recipes.requirements import require_encoder
from aestudio.training.batches import EVALUATION_BATCH, epoch_order, to_unit
from aestudio.training.initial_weights import initialise
from aestudio.training.optimisers import build_optimisers, clip, gradients_of, rate_factor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.layers.layer import Layer
    from aestudio.progress import Progress
    from aestudio.recipes.objective import ConditionKind
    from aestudio.recipes.training_settings import Training
    from aestudio.training.events import Snapshot

RECIPE = "digit-classifier"
PROGRESS_EVERY = 20
NORMAL_95 = 1.959964

InputKind = Literal["pixels", "codes", "reconstructions"]


@dataclass(frozen=True)
class Score:
    """Test accuracy with its 95 % interval (Wilson 1927)."""

    correct: int
    images: int

    @property
    def accuracy(self) -> float:
        """Share of the test images that are classified correctly."""
        return self.correct / self.images

    @property
    def interval(self) -> tuple[float, float]:
        """(low, high): the 95 % confidence interval of the accuracy."""
        return wilson_interval(self.correct, self.images)


def wilson_interval(correct: int, images: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); images > 0."""
    share, squared = correct / images, NORMAL_95**2
    centre = (share + squared / (2 * images)) / (1 + squared / images)
    spread = math.sqrt(share * (1 - share) / images + squared / (4 * images**2))
    half = NORMAL_95 * spread / (1 + squared / images)
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class ProbeReport:
    """The same classifier, trained and tested on each kind of input.

    scores: by the kind of input; a recipe without a decoder has no reconstructions
    told:   what the model was told of each image besides: its reconstructions contain that, codes may
    """

    scores: dict[InputKind, Score]
    training_images: int
    epochs: int
    seed: int
    told: ConditionKind = "none"

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        scores = {
            kind: {
                "accuracy": score.accuracy,
                "interval_95": list(score.interval),
                "correct": score.correct,
                "images": score.images,
            }
            for kind, score in self.scores.items()
        }
        return {
            "scores": scores,
            "training_images": self.training_images,
            "epochs": self.epochs,
            "seed": self.seed,
            "told": self.told,
        }


def probe(
    snapshot: Snapshot,
    dataset: Dataset,
    progress: Progress = silent,
    images: int | None = None,
    epochs: int | None = None,
    seed: int | None = None,
) -> ProbeReport:
    """Train the digit classifier on pixels, on codes and on reconstructions; test on the test set.

    images: the number of training images, the first ones (None: all); epochs, seed: the recipe's if None
    Codes (a Gaussian code's mean, the entries of a codebook themselves) are standardised by the mean and
    standard deviation of the training codes.
    Raises StudioError without labels or if images have no codes, and what `progress` raises.
    """
    require_encoder(snapshot.architecture)
    settings = probe_settings(epochs, seed)
    train_labels, test_labels = _labels(dataset.train), _labels(dataset.test)
    count = len(dataset.train) if images is None else min(images, len(dataset.train))
    scores: dict[InputKind, Score] = {}
    for kind, (train, test) in _inputs(snapshot, dataset, count, progress).items():
        labelled = Labelled(train, train_labels[:count]), Labelled(test, test_labels)
        scores[kind] = train_and_test(*labelled, settings, progress, f"Probing {kind}")
    told = snapshot.recipe.objective.condition
    return ProbeReport(scores, count, settings.training.epochs, settings.training.seed, told)


def _labels(image_set: ImageSet) -> NDArray[np.int64]:
    if image_set.labels is None or not len(image_set):
        raise StudioError(
            "A probe needs labelled images to train and to test on",
            where="dataset",
            advice="Choose a data set with labels.",
        )
    return image_set.labels


def _inputs(
    snapshot: Snapshot, dataset: Dataset, count: int, progress: Progress
) -> dict[InputKind, tuple[Tensor, Tensor]]:
    """The classifier's inputs for (training, test) images: uint8 (N, C * H * W) or float32 (N, L)."""
    frozen_model = FrozenModel(snapshot)
    splits = part_of(dataset.train, slice(count)), dataset.test
    inputs: dict[InputKind, tuple[Tensor, Tensor]] = {
        "pixels": (_flat(splits[0].images), _flat(splits[1].images)),
        "codes": _standardised(*(encode_set(frozen_model, split, progress).points for split in splits)),
    }
    if frozen_model.decodes:
        train, test = (_reconstructed(frozen_model, split, progress) for split in splits)
        inputs["reconstructions"] = _flat(train), _flat(test)
    return inputs


def _reconstructed(frozen_model: FrozenModel, image_set: ImageSet, progress: Progress) -> NDArray[np.uint8]:
    condition = condition_of_set(frozen_model.snapshot.architecture, image_set)
    parts = chunks(len(image_set), progress, "Passing the images through the model")
    return np.concatenate(
        [frozen_model.reconstruct(image_set.images[part], some_of(condition, part)) for part in parts]
    )


def _flat(images: NDArray[np.generic]) -> Tensor:
    return torch.tensor(images.reshape(len(images), -1))


def _standardised(train: NDArray[np.generic], test: NDArray[np.generic]) -> tuple[Tensor, Tensor]:
    training, testing = torch.tensor(train), torch.tensor(test)
    mean, std = training.mean(0), training.std(0, correction=0)
    # A constant dimension has no information; its standard deviation is a rounding error.
    factor = torch.where(std > 1e-6 * (1 + mean.abs()), 1 / std.clamp(min=1e-30), 0.0)
    return (training - mean) * factor, (testing - mean) * factor


@dataclass(frozen=True)
class ProbeSettings:
    """The classifier and how it is trained, from the digit-classifier recipe."""

    hidden: tuple[int, ...]
    dropout: float
    training: Training


def probe_settings(epochs: int | None = None, seed: int | None = None) -> ProbeSettings:
    """The digit-classifier recipe's settings; epochs, seed: the recipe's where None."""
    recipe = find_recipe(RECIPE)
    values = {"epochs": epochs, "seed": seed}
    recipe = recipe.with_settings({name: value for name, value in values.items() if value is not None})
    assert isinstance(recipe.network, FullyConnected)
    return ProbeSettings(recipe.network.hidden, recipe.network.dropout, recipe.training)


@dataclass(frozen=True, eq=False)
class Labelled:
    """Inputs of a classifier: values uint8 (N, D), taken to [0, 1], or float32 (N, D); labels int64 (N,)."""

    values: Tensor
    labels: NDArray[np.int64]

    def gather(self, indices: Tensor | slice) -> Tensor:
        """Float rows (B, D)."""
        rows = self.values[indices]
        return to_unit(rows) if rows.dtype == torch.uint8 else rows


def train_and_test(
    train: Labelled, test: Labelled, settings: ProbeSettings, progress: Progress, what: str
) -> Score:
    """Train the classifier on one set and count the correct classifications of the other."""
    classes = int(max(train.labels.max(), test.labels.max())) + 1
    model = classifier(train.values.shape[1], classes, settings)
    fit(model, train, settings.training, progress, what)
    model.eval()
    correct = 0
    with torch.inference_mode():
        for start in range(0, len(test.labels), EVALUATION_BATCH):
            part = slice(start, start + EVALUATION_BATCH)
            predicted = model(test.gather(part)).argmax(1).numpy()
            correct += int((predicted == test.labels[part]).sum())
    return Score(correct, len(test.labels))


def classifier(inputs: int, classes: int, settings: ProbeSettings) -> nn.Module:
    """Inputs (B, inputs) -> class logits (B, classes); initial weights fixed by the seed."""
    layers: list[Layer] = []
    for size in settings.hidden:
        layers += [Dense(size), Activation(), Dropout(settings.dropout)]
    model = build_sequence((*layers, Dense(classes)), (inputs,))
    initialise(model, settings.training.seed)
    return model


def fit(model: nn.Module, train: Labelled, settings: Training, progress: Progress, what: str) -> None:
    """Train the classifier; it is left in training mode. Raises what `progress` raises."""
    labels = torch.tensor(train.labels)
    lend_generator(model, torch.Generator().manual_seed(settings.seed))
    (optimiser,) = build_optimisers(model, SINGLE, settings)
    steps_per_epoch = math.ceil(len(labels) / settings.batch_size)
    total = steps_per_epoch * settings.epochs
    model.train()
    order = torch.empty(0, dtype=torch.int64)
    for step in range(total):
        epoch, position = divmod(step, steps_per_epoch)
        if position == 0:
            order = epoch_order(len(labels), settings.seed, epoch, torch.device("cpu"))
        if step % PROGRESS_EVERY == 0:
            progress(step, total, what)
        chosen = order[position * settings.batch_size : (position + 1) * settings.batch_size]
        loss = functional.cross_entropy(model(train.gather(chosen)), labels[chosen])
        gradients = gradients_of(loss, optimiser.parameters)
        if settings.gradient_clip > 0:
            clip(gradients, settings.gradient_clip)
        optimiser.step(gradients, settings.learning_rate * rate_factor(settings.schedule, step, total))
    progress(total, total, what)
