"""A mixture of Gaussians that follows codes while a model is trained. Needs torch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable

# Of the averages that each batch moves: about 1 / RATE batches count.
RATE = 0.02
# Added to the variances, as a share of the mean one: a component of few codes would have none.
SMALLEST = 1e-3
_FEWEST = 1e-4

_linalg = cast("Any", torch.linalg)
_cholesky: Callable[[Tensor], Tensor] = _linalg.cholesky
_solve: Callable[..., Tensor] = _linalg.solve_triangular


class Components(NamedTuple):
    """Logarithms of the shares (K,), means (K, L), factors (K, L, L): lower triangular, covariance F F^T."""

    log_shares: Tensor
    means: Tensor
    factors: Tensor

    def log_densities(self, codes: Tensor) -> Tensor:
        """log share_k N(z; mean_k, covariance_k) of codes (B, L): (B, K), in nats."""
        differences = (codes[None] - self.means[:, None]).transpose(1, 2)  # (K, L, B)
        scaled = _solve(self.factors, differences, upper=False)
        size = self.means.shape[1]
        logs = self.factors.diagonal(dim1=1, dim2=2).log().sum(1)  # of the root of the determinant
        constants = self.log_shares - logs - size / 2 * math.log(2 * math.pi)
        return (constants[:, None] - scaled.square().sum(1) / 2).T


class GaussianMixture(nn.Module):
    """sum_k share_k N(mean_k, covariance_k), fitted by EM in steps (Cappé & Moulines 2009).

    What EM sums up over all codes is here an average that each batch moves by RATE: shares (K,), weighted
    codes (K, L) and weighted squares (K, L, L). It begins as components of variance 1 around random means.
    """

    shares: Tensor
    sums: Tensor
    squares: Tensor

    def __init__(self, count: int, size: int) -> None:
        super().__init__()
        means = torch.randn(count, size)
        self.register_buffer("shares", torch.full((count,), 1 / count))
        self.register_buffer("sums", means / count)
        self.register_buffer("squares", (torch.eye(size) + means[:, :, None] * means[:, None, :]) / count)

    def components(self) -> Components:
        """The maximum of the expected likelihood, given the averages; in double precision."""
        shares, sums, squares = (each.double() for each in (self.shares, self.sums, self.squares))
        shares = shares.clamp(min=_FEWEST)
        means = sums / shares[:, None]
        covariances = squares / shares[:, None, None] - means[:, :, None] * means[:, None, :]
        variances = covariances.diagonal(dim1=1, dim2=2)
        size = means.shape[1]
        least = SMALLEST * (shares @ variances.clamp(min=0).mean(1) / shares.sum()) + 1e-6
        unit = torch.eye(size, dtype=means.dtype, device=means.device)
        return Components((shares / shares.sum()).log(), means, _cholesky(covariances + least * unit))

    def follow(self, codes: Tensor, rate: float = RATE) -> None:
        """One step of EM with the codes of a batch (B, L)."""
        known = codes.detach().double()
        memberships = self.components().log_densities(known).softmax(1)  # (B, K)
        count = len(known)
        self.shares.lerp_(memberships.mean(0).float(), rate)
        self.sums.lerp_((memberships.T @ known / count).float(), rate)
        weighted = (memberships.T[:, :, None] * known[None]).transpose(1, 2)  # (K, L, B)
        self.squares.lerp_((weighted @ known / count).float(), rate)

    def sample(self, count: int, generator: torch.Generator, temperature: float = 1.0) -> Tensor:
        """`count` codes (count, L), float32. temperature: factor of the standard deviations."""
        mixture = self.components()
        chosen = torch.multinomial(mixture.log_shares.exp(), count, replacement=True, generator=generator)
        drawn = torch.randn(
            (count, mixture.means.shape[1], 1),
            generator=generator,
            device=mixture.means.device,
            dtype=mixture.means.dtype,
        )
        moved = (mixture.factors[chosen] @ drawn).squeeze(2)
        return (mixture.means[chosen] + temperature * moved).float()

    def log_density(self, codes: Tensor) -> Tensor:
        """Codes (B, L) -> the natural logarithm of the density (B,), float64."""
        return self.components().log_densities(codes.double()).logsumexp(1)
