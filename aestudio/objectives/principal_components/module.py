"""Principal components of the training images, from sums over batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from torch import Tensor

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.architecture import Architecture

# Of the largest variance: a component with less is an error of rounding, and its number of the code is 0.
SMALLEST = 1e-9

# All eigenvectors of larger matrices take many seconds, and they are computed whenever the images have
# doubled: from here on only the first ones are computed, if they are few.
LARGE, FEW = 2000, 8

_eigh = cast("Any", torch.linalg).eigh  # untyped in torch


class PrincipalComponentsModule(ObjectiveModule):
    """Minimises sum |x - m - V V^T (x - m)|^2 over orthonormal V (D, L), with m the mean of the images.

    The minimum is known: V holds the eigenvectors of the covariance C (D, D) with the largest eigenvalues
    (Hotelling 1933); the least error is the sum of the others. Codes are z = V^T (x - m), the reconstruction
    is m + V z. `fit` sums 1, x and x x^T in double precision, so the result is that of all images at once in
    any order, to its rounding. Directions have the sign that makes their largest pixel positive.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        size = architecture.data.image.size
        # No buffers: they stay on the CPU, and not every device has double precision.
        self._count = torch.zeros((), dtype=torch.float64)
        self._sum = torch.zeros(size, dtype=torch.float64)
        self._products = torch.zeros(size, size, dtype=torch.float64)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        return Code(self.head(features))

    def to_images(self, logits: Tensor) -> Tensor:
        return logits.clamp(0, 1)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.squared_error_of_images(self.to_images(logits), images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        codes = self.code(network.features(batch.images)).mean
        error = likelihood.squared_error(network.logits(codes), batch.images)
        # The code of the mean is 0.
        mean = network.logits(torch.zeros_like(codes[:1])).expand_as(batch.images)
        explained = 1 - error / likelihood.squared_error(mean, batch.images)
        return {"loss": error, "reconstruction": error, "explained_variance": explained}

    def fit_state(self) -> dict[str, Tensor]:
        return {"count": self._count, "sum": self._sum, "products": self._products}

    def fit(self, phase: str, batch: Batch, parameters: Mapping[str, Tensor], complete: bool) -> None:  # noqa: ARG002
        """Add the images; compute the components whenever their number has doubled, and of all images."""
        before = int(self._count)
        images = batch.images.detach().flatten(1).cpu().double()  # (B, D)
        self._count += len(images)
        self._sum += images.sum(0)
        self._products += images.T @ images
        if complete or before.bit_length() < int(self._count).bit_length():
            self._write(parameters)

    def _write(self, parameters: Mapping[str, Tensor]) -> None:
        """Both matrices and biases from the sums."""
        mean = self._sum / self._count
        covariance = self._products / self._count - torch.outer(mean, mean)
        size = self.architecture.latent.size
        components = principal_components(covariance, size)  # (D, L)
        values = {
            ("objective", 2): components.T,
            ("objective", 1): -components.T @ mean,
            ("decoder", 2): components,
            ("decoder", 1): mean,
        }
        # One matrix and its biases in each half, whatever their layers are called.
        for name, parameter in parameters.items():
            parameter.copy_(values[name.partition(".")[0], parameter.dim()])


def principal_components(covariance: Tensor, count: int) -> Tensor:
    """Covariance (D, D) -> directions (D, L) as columns, that of the largest variance first; float64.

    A direction without variance is 0, and so is one beyond the pixels.
    """
    large = len(covariance) > LARGE and count * FEW <= len(covariance)
    values, vectors = _first(covariance, count) if large else _all(covariance, count)
    kept = values > SMALLEST * values[0]
    largest = vectors.abs().argmax(0, keepdim=True)
    vectors = vectors * vectors.gather(0, largest).sign() * kept
    missing = count - len(values)
    return torch.cat([vectors, vectors.new_zeros(len(vectors), missing)], 1) if missing > 0 else vectors


def _all(covariance: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The largest variances (L,) and their directions (D, L), of all that there are."""
    values, vectors = cast("tuple[Tensor, Tensor]", _eigh(covariance))
    return values.flip(0)[:count], vectors.flip(1)[:, :count]


def _first(covariance: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The same to the precision of the numbers, by Lanczos iteration (ARPACK) from a fixed start."""
    from scipy.sparse.linalg import ArpackError, eigsh

    start = np.random.default_rng(0).standard_normal(len(covariance))
    try:
        values, vectors = eigsh(covariance.numpy(), k=count, which="LA", v0=start)
    except ArpackError:  # many directions without variance, of fewer images than components for instance
        return _all(covariance, count)
    return torch.tensor(values[::-1].copy()), torch.tensor(vectors[:, ::-1].copy())


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return PrincipalComponentsModule(architecture)
