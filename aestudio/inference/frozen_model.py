"""A module of the viewer's own, filled from a snapshot: what is shown never touches weights in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch

from aestudio.errors import StudioError
from aestudio.training.batches import EVALUATION_BATCH, to_unit
from aestudio.training.model import build_model, load_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot


Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Codes:
    """What the encoder says of N images. mean, deviation: float32 (N, latent); deviation None for points."""

    mean: NDArray[np.float32]
    std: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.mean)


class FrozenModel:
    """Encodes and decodes with one snapshot, on the CPU, without gradients. Not shared between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.model = build_model(snapshot.recipe).eval().requires_grad_(False)
        load_weights(self.model, snapshot.weights)

    def show(self, snapshot: Snapshot) -> None:
        """Take over another snapshot, building a new module only where the recipe differs."""
        if snapshot is self.snapshot:
            return
        if snapshot.recipe != self.snapshot.recipe:
            self.model = build_model(snapshot.recipe).eval().requires_grad_(False)
        load_weights(self.model, snapshot.weights)
        self.snapshot = snapshot

    @property
    def decodes(self) -> bool:
        """Whether there is a decoder: a classifier has none."""
        return self.model.decoder is not None

    def encode(self, images: NDArray[np.uint8] | NDArray[np.float32]) -> Codes:
        """Images (N, 1, 28, 28), uint8 or in [0, 1] -> codes."""
        means, stds = [], []
        with torch.inference_mode():
            for part in _batches(images):
                code = self.model.encode(_seen(part))
                means.append(code.mean.numpy())
                if code.log_variance is not None:
                    stds.append((0.5 * code.log_variance).exp().numpy())
        return Codes(_joined(means), _joined(stds) if stds else None)

    def decode(self, codes: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Codes (N, latent) -> pictures (N, 28, 28).

        Raises TypeError where nothing is decoded, StudioError where no picture comes out.
        """
        return to_bytes(self.decode_exactly(codes))

    def decode_exactly(self, codes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Codes (N, latent) -> pictures (N, 28, 28) in [0, 1], not rounded to grey levels."""
        with torch.inference_mode():
            parts = [self.model.picture(torch.tensor(part)).squeeze(1).numpy() for part in _batches(codes)]
        return _joined(parts)

    def reconstruct(self, images: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.uint8]:
        """Images (N, 1, 28, 28), uint8 or in [0, 1] -> pictures (N, 28, 28) through the mean of the code.

        Raises StudioError where no picture comes out.
        """
        return to_bytes(self.reconstruct_exactly(images))

    def reconstruct_exactly(self, images: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Images (N, 1, 28, 28), uint8 or in [0, 1] -> pictures (N, 28, 28) in [0, 1], not rounded."""
        parts = []
        with torch.inference_mode():
            for part in _batches(images):
                parts.append(self.model.reconstruct(_seen(part)).squeeze(1).numpy())
        return _joined(parts)


def to_bytes(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pictures in [0, 1] -> grey levels 0..255, same shape; raises StudioError for what is no picture."""
    if np.isnan(pictures).any():
        raise StudioError(
            "The model makes no picture: its numbers grow beyond what can be computed with",
            advice="Choose a code nearer to those of the data, or weights from before they grew so large.",
        )
    return np.rint(pictures * 255).astype(np.uint8)


def _seen(images: NDArray[Any]) -> torch.Tensor:
    batch = torch.tensor(images)
    return to_unit(batch) if batch.dtype == torch.uint8 else batch


def _batches(array: NDArray[Number]) -> Iterator[NDArray[Number]]:
    # An empty array still makes one batch, so that the shapes come out right.
    for start in range(0, max(1, len(array)), EVALUATION_BATCH):
        yield array[start : start + EVALUATION_BATCH]


def _joined(parts: list[NDArray[Number]]) -> NDArray[Number]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
