"""A model with the weights of one snapshot, numpy in and numpy out, apart from the model in training."""

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
    from aestudio.types import CodeArray, Images, Reconstructed, UnitImages


Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Codes:
    """The codes of N images. mean, std: float32 (N, L); std of the posterior, None for point codes."""

    mean: CodeArray
    std: CodeArray | None = None

    def __len__(self) -> int:
        return len(self.mean)


class FrozenModel:
    """Encodes and decodes with one snapshot, on the CPU, without gradients. Not shared between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.model = build_model(snapshot.recipe).eval().requires_grad_(False)
        load_weights(self.model, snapshot.weights)

    def show(self, snapshot: Snapshot) -> None:
        """Change to another snapshot; a new module is built only if the recipe differs."""
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

    def encode(self, images: Images | UnitImages) -> Codes:
        """Images (N, 1, 28, 28), uint8 or float32 in [0, 1] -> codes, mean and std (N, L)."""
        means, stds = [], []
        with torch.inference_mode():
            for part in _batches(images):
                code = self.model.encode(_to_batch(part))
                means.append(code.mean.numpy())
                if code.log_variance is not None:
                    stds.append((0.5 * code.log_variance).exp().numpy())
        return Codes(_joined(means), _joined(stds) if stds else None)

    def decode(self, codes: CodeArray) -> Reconstructed:
        """Codes (N, L) -> images uint8 (N, 28, 28).

        Raises TypeError if the recipe has no decoder, StudioError if a pixel is NaN.
        """
        return to_bytes(self.decode_exactly(codes))

    def decode_exactly(self, codes: CodeArray) -> UnitImages:
        """Codes (N, L) -> images float32 (N, 28, 28) in [0, 1], not rounded to grey levels.

        Raises TypeError if the recipe has no decoder.
        """
        with torch.inference_mode():
            parts = [
                self.model.decode_images(torch.tensor(part)).squeeze(1).numpy() for part in _batches(codes)
            ]
        return _joined(parts)

    def reconstruct(self, images: Images | UnitImages) -> Reconstructed:
        """Images (N, 1, 28, 28), uint8 or in [0, 1] -> reconstructions uint8 (N, 28, 28) of the mean code.

        Raises TypeError if the recipe has no decoder, StudioError if a pixel is NaN.
        """
        return to_bytes(self.reconstruct_exactly(images))

    def reconstruct_exactly(self, images: Images | UnitImages) -> UnitImages:
        """Images (N, 1, 28, 28), uint8 or in [0, 1] -> reconstructions float32 (N, 28, 28), not rounded."""
        parts = []
        with torch.inference_mode():
            for part in _batches(images):
                parts.append(self.model.reconstruct(_to_batch(part)).squeeze(1).numpy())
        return _joined(parts)


def to_bytes(images: UnitImages) -> Reconstructed:
    """Images in [0, 1] -> grey levels 0..255, same shape; raises StudioError if a pixel is NaN."""
    if np.isnan(images).any():
        raise StudioError(
            "The model gives no image: its numbers grow beyond what can be computed with",
            advice="Choose a code nearer to those of the data, or weights from before they grew so large.",
        )
    return np.rint(images * 255).astype(np.uint8)


def _to_batch(images: NDArray[Any]) -> torch.Tensor:
    batch = torch.tensor(images)
    return to_unit(batch) if batch.dtype == torch.uint8 else batch


def _batches(array: NDArray[Number]) -> Iterator[NDArray[Number]]:
    # An empty array still makes one batch, so that the shapes come out right.
    for start in range(0, max(1, len(array)), EVALUATION_BATCH):
        yield array[start : start + EVALUATION_BATCH]


def _joined(parts: list[NDArray[Number]]) -> NDArray[Number]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
