"""A model with the weights of one snapshot: numpy in, numpy out, separate from the model in training."""

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
    """The codes of N images.

    mean: float32 (N, L); std: float32 (N, L), the posterior's standard deviations, None for point codes
    """

    mean: CodeArray
    std: CodeArray | None = None

    def __len__(self) -> int:
        return len(self.mean)


class FrozenModel:
    """Encodes and decodes with one snapshot, on the CPU, without gradients. Not shared between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot: Snapshot = snapshot
        self.model = build_model(snapshot.architecture).eval().requires_grad_(False)
        load_weights(self.model, snapshot.weights)

    def show(self, snapshot: Snapshot) -> None:
        """Change to another snapshot. A new module is built only if the recipe differs."""
        if snapshot is self.snapshot:
            return
        if (snapshot.recipe, snapshot.data) != (self.snapshot.recipe, self.snapshot.data):
            self.model = build_model(snapshot.architecture).eval().requires_grad_(False)
        load_weights(self.model, snapshot.weights)
        self.snapshot = snapshot

    @property
    def decodes(self) -> bool:
        """Whether the model has a decoder; a classifier has none."""
        return self.model.decoder is not None

    def encode(self, images: Images | UnitImages) -> Codes:
        """Images (N, C, H, W), uint8 or float32 in [0, 1] -> codes, mean and std float32 (N, L)."""
        means: list[CodeArray] = []
        stds: list[CodeArray] = []
        with torch.inference_mode():
            for batch in _batches(images):
                code = self.model.encode(_to_batch(batch))
                means.append(code.mean.numpy())
                if code.log_variance is not None:
                    stds.append((0.5 * code.log_variance).exp().numpy())
        return Codes(_concatenated(means), _concatenated(stds) if stds else None)

    def decode(self, codes: CodeArray) -> Reconstructed:
        """Codes float32 (N, L) -> images uint8 (N, C, H, W), pixels rounded to grey levels.

        Raises TypeError if the recipe has no decoder, StudioError if a pixel is NaN.
        """
        return to_bytes(self.decode_exactly(codes))

    def decode_exactly(self, codes: CodeArray) -> UnitImages:
        """Codes float32 (N, L) -> images float32 (N, C, H, W) in [0, 1], not rounded to grey levels.

        Raises TypeError if the recipe has no decoder.
        """
        with torch.inference_mode():
            batches = [
                self.model.decode_images(torch.tensor(batch)).numpy() for batch in _batches(codes)
            ]
        return _concatenated(batches)

    def reconstruct(self, images: Images | UnitImages) -> Reconstructed:
        """Images (N, C, H, W), uint8 or float32 in [0, 1] -> reconstructions uint8 (N, C, H, W).

        The mean of a Gaussian code is decoded, not a sample.

        Raises TypeError if the recipe has no decoder, StudioError if a pixel is NaN.
        """
        return to_bytes(self.reconstruct_exactly(images))

    def reconstruct_exactly(self, images: Images | UnitImages) -> UnitImages:
        """As `reconstruct`, but float32 (N, C, H, W) in [0, 1], not rounded to grey levels.

        Raises TypeError if the recipe has no decoder.
        """
        batches: list[UnitImages] = []
        with torch.inference_mode():
            for batch in _batches(images):
                batches.append(self.model.reconstruct(_to_batch(batch)).numpy())
        return _concatenated(batches)


def to_bytes(images: UnitImages) -> Reconstructed:
    """Images float32 in [0, 1] -> uint8 0..255, same shape; raises StudioError if a pixel is NaN."""
    if np.isnan(images).any():
        raise StudioError(
            "The model gives no image: its numbers grow beyond what can be computed with",
            advice="Choose a code nearer to those of the data, or weights from before they grew so large.",
        )
    return np.rint(images * 255).astype(np.uint8)


def _to_batch(images: NDArray[Any]) -> torch.Tensor:
    tensor = torch.tensor(images)
    return to_unit(tensor) if tensor.dtype == torch.uint8 else tensor


def _batches(array: NDArray[Number]) -> Iterator[NDArray[Number]]:
    # An empty array gives one empty batch, so that the results have the right shapes.
    for start in range(0, max(1, len(array)), EVALUATION_BATCH):
        yield array[start : start + EVALUATION_BATCH]


def _concatenated(batches: list[NDArray[Number]]) -> NDArray[Number]:
    return batches[0] if len(batches) == 1 else np.concatenate(batches)
