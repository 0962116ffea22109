"""States of the window with results for images of any shape, without computing them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.compression import Compressed
from aestudio.analysis.reconstructions import Reconstructions
from aestudio.gui.inference.requests.compression_request import CompressedImage
from aestudio.gui.inference.requests.exploration_request import Inspected
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState, Result
from tests.gui.conftest import tiny_snapshot
from tests.images import colour_32, grey_28x20

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot

OTHER_SETS = {"colour 32x32": colour_32, "grey 28x20": grey_28x20}
"""Functions that make the data sets whose images are not MNIST's."""


def state_for(state: StudioState, dataset: Dataset, **results: Any) -> StudioState:
    """The state with this data set, a model for its images, and results by channel ("_" for a space)."""
    assert state.snapshot is not None
    snapshot = tiny_snapshot(data=dataset.shape)
    by_channel = {
        channel.replace("_", " "): Result(CannedRequest(dataset.test, snapshot), value)
        for channel, value in results.items()
    }
    return replace(
        state,
        data=DataState(dataset.name, "ready", dataset=dataset),
        model=ExploredModel(snapshot, "canned", "kept"),
        results=MappingProxyType(by_channel),
    )


class CannedRequest:
    """What views ask of the request of a result."""

    def __init__(self, image_set: ImageSet, snapshot: Snapshot) -> None:
        from aestudio.gui.state.subject import Subject

        self.image_set, self.snapshot, self.index = image_set, snapshot, 0
        self.subject = Subject.of(snapshot, (image_set,))
        self.condition, self.conditions = None, ()


def blurred(images: NDArray[np.uint8], seed: int = 0) -> NDArray[np.uint8]:
    """Images (N, C, H, W) that differ from the given ones, by up to 60 grey levels in each channel."""
    noise = np.random.default_rng(seed).integers(-60, 61, images.shape)
    return np.clip(images + noise, 0, 255).astype(np.uint8)


def triples(image_set: ImageSet, count: int) -> Reconstructions:
    """The first images with made-up reconstructions."""
    originals = image_set.images[:count]
    reconstructed = blurred(originals)
    errors = reconstructed.astype(np.int16) - originals
    squared = ((errors / 255.0) ** 2).sum(axis=(1, 2, 3))
    return Reconstructions(
        np.arange(count, dtype=np.int64), originals, reconstructed, errors, squared, squared, "squared error"
    )


def inspected(image_set: ImageSet, index: int = 0) -> Inspected:
    """One image with a made-up reconstruction."""
    triple = triples(image_set, index + 1)
    label = "" if image_set.labels is None else image_set.class_names[int(image_set.labels[index])]
    return Inspected(
        index,
        triple.originals[index],
        label,
        triple.reconstructed[index],
        (triple.errors[index] / 255).astype(np.float32),
        float(triple.squared_error[index]),
        np.zeros(6, np.float32),
        None,
        None,
    )


def compressed(image_set: ImageSet) -> CompressedImage:
    """The first image as 6 numbers of 6 bits, with made-up sizes of files."""
    triple = triples(image_set, 1)
    raw = 8 * triple.originals[0].size
    code = Compressed(np.zeros((1, 6), np.int64), triple.reconstructed, triple.squared_error, 36, raw)
    return CompressedImage(triple.originals[0], "a", code, png_bits=raw // 2, jpeg_bits=raw // 4)
