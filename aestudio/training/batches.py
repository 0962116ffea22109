"""Images kept on the device as uint8; batches are gathered there by their indices."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet

# Small enough for the cache: a fifth faster than 1,000 at a time (measured). A multiple of 16: torch draws
# its normal numbers by sixteen, and draws others at the end of a batch that does not come out even, so that
# losses with a sampled code would depend on how the images are cut into batches.
EVALUATION_BATCH = 256


def to_tensor(array: NDArray[np.generic], device: torch.device) -> Tensor:
    """The array as a tensor on the device, same shape and dtype.

    On the CPU it shares the array's memory: do not write to it.
    """
    if device.type != "cpu" or array.size == 0 or not array.flags.c_contiguous:
        return torch.tensor(array, device=device)
    # `torch.from_numpy` warns about read-only arrays. A copy would avoid the warning, and costs 47 MB for
    # 60,000 images.
    memory = (ctypes.c_char * array.nbytes).from_address(array.ctypes.data)
    memory.owner = array  # type: ignore[attr-defined]  # the tensor holds the memory, and this the array
    kind = torch.as_tensor(np.empty(0, array.dtype)).dtype
    return torch.frombuffer(memory, dtype=kind).view(array.shape)


class Examples(NamedTuple):
    """A batch as it is gathered.

    images:  (B, C, H, W) float32 in [0, 1]; labels: (B,) int64 or None
    factors: (B, F) float32, factors of variation, or None
    """

    images: Tensor
    labels: Tensor | None = None
    factors: Tensor | None = None


class ResidentImages:
    """One split on the device.

    images: uint8 (N, C, H, W); labels: int64 (N,) or None; factors: float32 (N, F) or None
    """

    def __init__(self, images: Tensor, labels: Tensor | None, factors: Tensor | None = None) -> None:
        self.images = images
        self.labels = labels
        self.factors = factors

    @classmethod
    def of(cls, images: ImageSet, device: torch.device) -> ResidentImages:
        """The images on the device; on the CPU they share the memory of the arrays."""
        labels = None if images.labels is None else to_tensor(images.labels, device)
        factors = None if images.factors is None else to_tensor(images.factors, device)
        return cls(to_tensor(images.images, device), labels, factors)

    def __len__(self) -> int:
        return len(self.images)

    def split(self, count: int) -> tuple[ResidentImages, ResidentImages]:
        """The first N - count images, and the last count."""
        boundary = len(self) - count
        return self._selected(slice(None, boundary)), self._selected(slice(boundary, None))

    def _selected(self, chosen: slice) -> ResidentImages:
        labels = None if self.labels is None else self.labels[chosen]
        return ResidentImages(
            self.images[chosen], labels, None if self.factors is None else self.factors[chosen]
        )

    def gather(self, indices: Tensor) -> Examples:
        """The examples at the indices (B,)."""
        labels = None if self.labels is None else self.labels.index_select(0, indices)
        factors = None if self.factors is None else self.factors.index_select(0, indices)
        return Examples(to_unit(self.images.index_select(0, indices)), labels, factors)

    def in_order(self, batch_size: int = EVALUATION_BATCH) -> Iterator[Examples]:
        """Every image once, in order, in batches."""
        for start in range(0, len(self), batch_size):
            chosen = self._selected(slice(start, start + batch_size))
            yield Examples(to_unit(chosen.images), chosen.labels, chosen.factors)

    def mixed(self, seed: int, batch_size: int = EVALUATION_BATCH) -> Iterator[Examples]:
        """Every image once, in an order that the seed fixes, in batches."""
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        for start in range(0, len(self), batch_size):
            yield self.gather(order[start : start + batch_size].to(self.images.device))


def to_unit(images: Tensor) -> Tensor:
    """uint8 0..255 -> float32 in [0, 1], same shape."""
    return images.to(torch.float32).mul_(1 / 255)


def epoch_order(count: int, seed: int, epoch: int, device: torch.device) -> Tensor:
    """The order of the training images in an epoch: a permutation int64 (count,), fixed by seed and epoch.

    Drawn on the CPU, so that every device sees the images in the same order.
    """
    generator = torch.Generator().manual_seed((seed + 1) * 1_000_003 + epoch)
    return torch.randperm(count, generator=generator).to(device)
