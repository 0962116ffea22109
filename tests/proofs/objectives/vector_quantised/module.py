"""Nearest entries, the straight-through gradient, and the codebook as a moving average.

van den Oord et al. 2017, "Neural discrete representation learning", section 3 and appendix A.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

    from .config import VectorQuantised  # noqa: TID252 - the folder lies in the user's own

DECAY = 0.99
SMALLEST = 1e-5


class VectorQuantisedModule(ObjectiveModule):
    """entries: the codebook (K, D); counts (K,) and sums (K, D): moving averages of its members."""

    entries: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        settings = cast("VectorQuantised", architecture.recipe.objective)
        self.commitment = settings.commitment
        entries = 0.5 * torch.randn(settings.entries, architecture.decoder_input[0])
        self.register_buffer("entries", entries)
        self.register_buffer("counts", torch.ones(settings.entries))
        self.register_buffer("sums", entries.clone())
        self._members: tuple[Tensor, Tensor] | None = None

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        """Maps (B, F, h, w) -> the entry of each place, whole numbers (B, h * w)."""
        return Code(self._nearest(self._rows(self.head(features))).view(len(features), -1).float())

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        """Entries (B, h * w) -> maps (B, D, h, w)."""
        return self._maps(self.entries[codes.long()])

    def points(self, codes: Tensor) -> Tensor:
        """Entries (B, h * w) -> what they stand for, place by place (B, h * w * D)."""
        return self.entries[codes.long()].flatten(1)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        maps = self.head(network.features(batch.images))
        rows = self._rows(maps)
        nearest = self._nearest(rows)
        quantised = self._maps(self.entries[nearest].view(len(maps), -1, maps.shape[1]))
        logits = network.logits(maps + (quantised - maps).detach())
        distance = likelihood.cross_entropy(logits, batch.images)
        commitment = likelihood.squared_error(maps, quantised.detach())
        members = self._one_hot(nearest)
        shares = members.mean(0)
        perplexity = torch.exp(-(shares * (shares + 1e-10).log()).sum())
        if self.training:
            self._members = members, rows.detach()
        loss = distance + self.commitment * commitment
        return {"loss": loss, "reconstruction": distance, "commitment": commitment, "perplexity": perplexity}

    def after_step(self) -> None:
        """Each entry follows the mean of its members."""
        assert self._members is not None
        members, rows = self._members
        self.counts.lerp_(members.sum(0), 1 - DECAY)
        self.sums.lerp_(members.T @ rows, 1 - DECAY)
        self.entries.copy_(self.sums / self.counts.clamp(min=SMALLEST)[:, None])

    def _rows(self, maps: Tensor) -> Tensor:
        """(B, D, h, w) -> (B * h * w, D)."""
        return maps.permute(0, 2, 3, 1).flatten(0, 2)

    def _maps(self, entries: Tensor) -> Tensor:
        """(B, h * w, D) -> (B, D, h, w)."""
        return entries.transpose(1, 2).unflatten(2, self.architecture.latent.shape)

    def _nearest(self, rows: Tensor) -> Tensor:
        """(M, D) -> the number of the nearest entry (M,)."""
        squares = self.entries.square().sum(1) - 2 * rows @ self.entries.T
        return squares.argmin(1)

    def _one_hot(self, nearest: Tensor) -> Tensor:
        return (nearest[:, None] == torch.arange(len(self.entries), device=nearest.device)).float()


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return VectorQuantisedModule(architecture)
