"""Critic, generator and recogniser of an InfoGAN (Chen et al. 2016, sections 5 and 6)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import torch
from torch.nn import functional

from aestudio.objectives.adversarial.module import AdversarialModule
from aestudio.objectives.adversarial_losses import generator_loss
from aestudio.objectives.info_adversarial.config import RECOGNISER

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.objectives.info_adversarial.config import InfoAdversarial
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture

ENTROPY = 0.5 * math.log(2 * math.pi * math.e)
"""Of a number of N(0, 1), in nats."""
LEAST, MOST = -5.0, 2.0
"""Bounds of a log-variance: what can be read off exactly has a density without bound."""


class InfoAdversarialModule(AdversarialModule):
    """`recogniser`: critic's features -> logits of the categories, means, log-variances (B, K + 2 C)."""

    recogniser: nn.Module

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.settings = cast("InfoAdversarial", architecture.recipe.objective)

    def category(self, codes: Tensor) -> Tensor:
        """Codes (B, L) -> the category of each, int64 (B,): floor(K Phi(u)) of the first number u."""
        count = self.settings.categories
        below = 0.5 * (1 + torch.erf(codes[:, 0] / math.sqrt(2)))  # Phi(u)
        return (below * count).long().clamp(0, count - 1)

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:  # noqa: ARG002 - takes none
        """Codes (B, L) -> (B, K + L - 1): K numbers, of which that of the category is 1, and the others."""
        numbers = torch.arange(self.settings.categories, device=codes.device)
        chosen = (self.category(codes)[:, None] == numbers).to(codes.dtype)
        return torch.cat((chosen, codes[:, 1:]), dim=1)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        """The GAN's phases and the recogniser's, of images (B, C, H, W) made of the same codes (B, L)."""
        if phase == "critic":
            return super().phase_terms(phase, batch, network)
        codes = self.drawn(batch)
        if phase == RECOGNISER:
            with torch.no_grad():
                made = self.made_of(codes, network)
            return self._recogniser(codes, network.features(made))
        features = network.features(self.made_of(codes, network))
        deception = generator_loss(self.head(features))
        missed, unread = self._unread(codes, features)[:2]
        live = batch.live
        loss = deception + live["information_weight"] * missed + live["number_weight"] * unread
        return {"generator_loss": loss, "deception": deception}

    def _recogniser(self, codes: Tensor, features: Tensor) -> dict[str, Tensor]:
        """The recogniser's terms, scalars, for codes (B, L) and features (B, F)."""
        missed, unread, right = self._unread(codes, features)
        told = self.settings.told_numbers
        terms = {
            "recogniser_loss": missed + unread,
            "category_information": math.log(self.settings.categories) - missed,
            "category_accuracy": right,
        }
        return {**terms, "number_information": told * ENTROPY - unread} if told else terms

    def _unread(self, codes: Tensor, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """-log Q of the category, -log Q of the told numbers, in nats, and the share of right categories."""
        told = self.settings.told_numbers
        sizes = self.settings.categories, told, told
        logits, mean, log_variance = self.recogniser(features).split(sizes, 1)
        category = self.category(codes)
        log_variance = log_variance.clamp(LEAST, MOST)
        squares = (codes[:, 1 : 1 + told] - mean).square() / log_variance.exp()
        unread = 0.5 * (squares + log_variance + math.log(2 * math.pi)).sum(1).mean()
        right = (logits.argmax(1) == category).to(logits.dtype).mean()
        return functional.cross_entropy(logits, category), unread, right


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return InfoAdversarialModule(architecture)
