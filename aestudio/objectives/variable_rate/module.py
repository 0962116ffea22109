"""Rounded codes of any rate: their widths, their probabilities, and the loss in bits and squared error.

Rounding has no gradient. Bits are those of the code with uniform noise as wide as a cell, whose density is
the probability of a cell (Ballé et al. 2017); the decoder gets what is rounded, with the gradient of what is
not (Minnen & Singh 2020, section 3.4).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import (
    Batch,
    Code,
    ExpectedNumbers,
    NetworkFunctions,
    ObjectiveModule,
)
from aestudio.objectives.variable_rate.config import DETAIL_PRIOR, KNOTS, VariableRate

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

# Widths before anything is learned: of numbers that are about 1 at first, the coarsest cell holds most. The
# step of the least sum of bits and error is as the root of 1 / lambda.
FIRST_WIDTH = 2.0
# The sum of both terms is about lambda^0.35; divided by that, no quality is learned at the cost of another.
EVEN = 0.35
LEAST = 1e-9  # of a probability in the loss
LEAK = 0.02  # of what is beyond 0 and 1, so that it has a gradient


class VariableRateModule(ObjectiveModule):
    """Shapes: codes (B, L), the summary first (T), then the details (D h w), channel by channel.

    fineness: (B, 1), from 0 for the smallest lambda to 1 for the largest one
    """

    summary: nn.Module
    spread: nn.Module
    widths: nn.Module
    whole_prior: nn.Module

    def __init__(self, settings: VariableRate, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.settings = settings
        self.places = architecture.features[1:]
        self.count = math.prod(self.places)
        self.top = architecture.latent.size - settings.detail_channels * self.count

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        return Code(torch.cat([self.summary(features), self.head(features).flatten(1)], 1))

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:  # noqa: ARG002
        """Codes (B, L) -> what the summary says of each place, beside its details (B, E + D, h, w)."""
        return torch.cat([self.spread(codes[:, : self.top]), self._maps(codes[:, self.top :])], 1)

    def to_images(self, logits: Tensor) -> Tensor:
        return logits.clamp(0, 1)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.squared_error_of_images(self.to_images(logits), images)

    # ---- rounding ---------------------------------------------------------------------------------------

    def rounded_groups(self) -> tuple[int, ...]:
        """How many numbers of the code are coded together: the summary, and each group of details."""
        return self.top, *((last - first) * self.count for first, last in self.settings.groups())

    def expected_numbers(self, known: Tensor, fineness: Tensor) -> ExpectedNumbers:
        knots = _between_knots(fineness)
        widths = self._widths(fineness, knots)  # (B, T + D)
        if not known.shape[1]:
            mean, scale = self.whole_prior(knots).split(self.top, 1)
            return ExpectedNumbers(mean, _scale(scale), widths[:, : self.top])
        details = known[:, self.top :]
        groups = self.settings.groups()
        number = next(at for at, (first, _) in enumerate(groups) if first * self.count == details.shape[1])
        first, last = groups[number]
        plane = fineness[:, :, None, None].expand(-1, 1, *self.places)
        maps = torch.cat([self.spread(known[:, : self.top]), self._maps(details), plane], 1)
        prior = cast("nn.Module", getattr(self, f"{DETAIL_PRIOR}{number}"))
        mean, scale = prior(maps).flatten(1).chunk(2, 1)
        each = widths[:, self.top + first : self.top + last].repeat_interleave(self.count, 1)
        return ExpectedNumbers(mean, _scale(scale), each)

    def _widths(self, fineness: Tensor, knots: Tensor) -> Tensor:
        steps = 0.5 * math.log(self.settings.finest / self.settings.coarsest)
        return FIRST_WIDTH * (self.widths(knots) - steps * fineness).exp()

    def _maps(self, details: Tensor) -> Tensor:
        """(B, D h w) -> (B, D, h, w)."""
        return (
            cast("Tensor", details.unflatten(1, (-1, *self.places)))
            if details.shape[1]
            else (details.view(len(details), 0, *self.places))
        )

    # ---- loss -------------------------------------------------------------------------------------------

    def rounded(
        self, codes: Tensor, fineness: Tensor, noise: torch.Generator | None
    ) -> tuple[Tensor, Tensor]:
        """Codes (B, L) as the decoder gets them, and the nats that each takes, (B,)."""
        known, nats = codes[:, :0], torch.zeros_like(codes[:, 0])
        for own in torch.split(codes, list(self.rounded_groups()), 1):
            expected = self.expected_numbers(known, fineness)
            cells = (own - expected.mean) / expected.width
            drawn = torch.rand(cells.shape, generator=noise, device=cells.device, dtype=cells.dtype) - 0.5
            nats = nats + _nats(cells + drawn, expected.scale / expected.width).sum(1)
            known = torch.cat([known, own + expected.width * (cells.round() - cells).detach()], 1)
        return known, nats

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        codes = self.code(network.features(batch.images)).mean
        fineness = torch.rand((len(codes), 1), generator=batch.noise, device=codes.device, dtype=codes.dtype)
        known, nats = self.rounded(codes, fineness, batch.noise)
        made = network.logits(self.decoder_input(known, None))
        shown = self.to_images(made)
        errors = likelihood.squared_error_of_images(shown + LEAK * (made - shown), batch.images)
        weight = self.settings.coarsest * (self.settings.finest / self.settings.coarsest) ** fineness[:, 0]
        return {
            "loss": ((nats + weight * errors) * weight**-EVEN).mean(),
            "reconstruction": errors.mean(),
            "rate": nats.mean() / math.log(2),
        }


def _nats(cells: Tensor, scale: Tensor) -> Tensor:
    """-log of the probability of the cell around each number, in widths from the mean: same shape.

    Of a logistic distribution. Both ends are taken on the side of the lower tail, where differences are
    exact.
    """
    away = -cells.abs()
    chance = torch.sigmoid((away + 0.5) / scale) - torch.sigmoid((away - 0.5) / scale)
    # Far out the difference is lost in rounding: there the density of the tail is as good.
    tail = functional.logsigmoid((away + 0.5) / scale)
    return -torch.where(chance > LEAST, chance.clamp(min=LEAST).log(), tail)


def _scale(logarithm: Tensor) -> Tensor:
    """The scale of a logistic distribution, kept where neither it nor a quotient by it overflows."""
    return logarithm.clamp(-9, 5).exp()


def _between_knots(fineness: Tensor) -> Tensor:
    """Fineness (B, 1) -> the weights of the two nearest knots, and 0 for all others: (B, KNOTS)."""
    knots = torch.linspace(0, 1, KNOTS, device=fineness.device, dtype=fineness.dtype)
    return (1 - (fineness - knots).abs() * (KNOTS - 1)).clamp(min=0)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return VariableRateModule(cast("VariableRate", architecture.recipe.objective), architecture)
