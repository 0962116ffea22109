"""Nearest entries, the codebook as a moving average, and the prior of the codes.

van den Oord et al. 2017, "Neural discrete representation learning", sections 3.2 and 3.3, appendix A.1.
Entries that are not used begin again at what the encoder gives (Dhariwal et al. 2020, "Jukebox", section 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.codebook.config import AUTOENCODER, Codebook
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

DECAY = 0.99
SMALLEST = 1e-5
UNUSED = 0.03
"""An entry with a smaller share of the places than this, times that of an even use, begins again."""
TRIED = 1.2


class CodebookModule(ObjectiveModule):
    """Shapes: maps (B, D, h, w), codes (B, P) with P = h w places, each the number of one of K entries.

    entries: the codebook (K, D); counts (K,), sums (K, D): moving averages of how many places are nearest to
    an entry, and of the sum of what is there
    """

    prior: nn.Sequential
    entries: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        settings = cast("Codebook", architecture.recipe.objective)
        entries = torch.randn(settings.entries, architecture.decoder_input[0])
        self.register_buffer("entries", entries)
        # Averages of nothing: what the first batch gives is the codebook.
        self.register_buffer("counts", torch.zeros(settings.entries))
        self.register_buffer("sums", torch.zeros_like(entries))
        self._members: tuple[Tensor, Tensor, Tensor] | None = None

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        """Maps (B, F, h, w) -> the entry of each place, whole numbers (B, P)."""
        return Code(self._nearest(_rows(self.head(features))).view(len(features), -1).float())

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:  # noqa: ARG002
        """Entries (B, P) -> maps (B, D, h, w)."""
        return self._maps(self.entries[codes.long()])

    def points(self, codes: Tensor) -> Tensor:
        """Entries (B, P) -> what they stand for, place by place (B, P D)."""
        return self.entries[codes.long()].flatten(1)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == AUTOENCODER:
            return self._autoencoder(batch, network)
        with torch.no_grad():
            codes = self.code(network.features(batch.images)).mean
        return {"prior_loss": -self._log_probabilities(codes).sum() / len(codes)}

    def _autoencoder(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        maps = self.head(network.features(batch.images))
        rows = _rows(maps)
        nearest = self._nearest(rows.detach())
        quantised = self._maps(self.entries[nearest].view(len(maps), -1, maps.shape[1]))
        distance = likelihood.cross_entropy(network.logits(maps + (quantised - maps).detach()), batch.images)
        commitment = likelihood.squared_error(maps, quantised.detach())
        members = self._one_hot(nearest)
        shares = members.mean(0)
        if self.training:
            drawn = torch.randint(len(rows), (len(self.entries),), generator=batch.noise, device=rows.device)
            self._members = members, rows.detach(), rows.detach()[drawn]
        return {
            "loss": distance + batch.live["commitment"] * commitment,
            "reconstruction": distance,
            "commitment": commitment,
            "perplexity": torch.exp(-torch.xlogy(shares, shares).sum()),
        }

    def after_step(self) -> None:
        """Each entry follows the mean of what is nearest to it; one that is hardly used begins again."""
        if self._members is None:
            return
        members, rows, others = self._members
        self.counts.lerp_(members.sum(0), 1 - DECAY)
        self.sums.lerp_(members.T @ rows, 1 - DECAY)
        least = UNUSED * self.counts.mean()
        unused = self.counts < least
        # A little more than the least: if nothing comes near in some twenty steps, it begins elsewhere.
        first = TRIED * least
        self.counts.copy_(torch.where(unused, first, self.counts))
        self.sums.copy_(torch.where(unused[:, None], first * others, self.sums))
        self.entries.copy_(self.sums / self.counts.clamp(min=SMALLEST)[:, None])

    # ---- the prior --------------------------------------------------------------------------------------

    def _log_probabilities(self, codes: Tensor) -> Tensor:
        """The logarithm of each entry's probability given those before it: codes (B, P) -> (B, P)."""
        known = codes.long()
        given = self._one_hot(known)
        before = torch.cat([torch.zeros_like(given[:, :1]), given[:, :-1]], 1)  # (B, P, K)
        logs = self.prior(before).log_softmax(2)
        return logs.gather(2, known[:, :, None]).squeeze(2)

    def prior_log_density(self, codes: Tensor) -> Tensor:
        return self._log_probabilities(codes).sum(1)

    def sample_prior(self, count: int, generator: torch.Generator, temperature: float) -> Tensor:
        """temperature: divides the logits of each place: near 0, the most probable entry is always taken."""
        first, cell, last = self.prior
        size, places = len(self.entries), self.architecture.latent.size
        given = torch.zeros(count, 1, size, device=self.entries.device, dtype=self.entries.dtype)
        state: Tensor | None = None
        codes: list[Tensor] = []
        for _ in range(places):
            # Place by place with the state before: all places at once would be repeated for each.
            passed = cast("Any", nn.GRU).forward(cell, first(given), state)
            output, state = cast("tuple[Tensor, Tensor]", passed)
            chances = (last(output)[:, 0] / max(temperature, SMALLEST)).softmax(1)
            drawn = torch.multinomial(chances, 1, generator=generator)  # (count, 1)
            codes.append(drawn)
            given = self._one_hot(drawn)
        return torch.cat(codes, 1).float()

    # ---- shapes -----------------------------------------------------------------------------------------

    def _maps(self, entries: Tensor) -> Tensor:
        """(B, P, D) -> (B, D, h, w)."""
        return cast("Tensor", entries.transpose(1, 2).unflatten(2, self.architecture.latent.shape))

    def _one_hot(self, numbers: Tensor) -> Tensor:
        """Entries (...) -> (..., K). Torch's own function looks at the values, which waits for a device."""
        every = torch.arange(len(self.entries), device=numbers.device)
        return (numbers[..., None] == every).to(self.entries.dtype)

    def _nearest(self, rows: Tensor) -> Tensor:
        """(M, D) -> the number of the nearest entry (M,)."""
        return (self.entries.square().sum(1) - 2 * rows @ self.entries.T).argmin(1)


def _rows(maps: Tensor) -> Tensor:
    """(B, D, h, w) -> (B h w, D)."""
    return maps.permute(0, 2, 3, 1).flatten(0, 2)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return CodebookModule(architecture)
