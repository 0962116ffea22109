"""A codec of any rate: the model learns how finely its code is rounded, and how probable each cell is."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Reshape
from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, Level
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.network import Network
    from aestudio.recipes.objective import GroupName

SUMMARY, SPREAD, WIDTHS, SUMMARY_PRIOR, DETAIL_PRIOR = "summary", "spread", "widths", "whole_prior", "prior"
KNOTS = 8
"""Finenesses between which widths and the prior of the summary are interpolated."""
GROUP = 4
"""Channels of details that are coded together, given all that come before."""
SPREAD_CHANNELS = 16


class VariableRate(Objective):
    """-log p(cells) + lambda ||x - y||^2, y from the rounded code; lambda is drawn for each image.

    A code is a summary of the image and details at each place of it. Each number is rounded to a cell whose
    width depends on lambda. The summary has a prior of independent logistic distributions; the details have
    logistic ones whose mean and scale follow from the summary and from the channels before (Ballé et al.
    2018; Minnen et al. 2018, 2020; one model for all rates by widths of its own: Cui et al. 2021).
    """

    title: ClassVar[str] = "Codec of any rate"
    summary: ClassVar[str] = "Rounded codes take few bits, at any number of bits that one asks for."
    formula: ClassVar[str] = "bits of the rounded code + λ ‖x − y‖², any λ"
    group: ClassVar[GroupName] = "discrete"

    detail_channels: int = setting(
        16,
        title="Details",
        unit="numbers per place",
        ge=1,
        le=64,
        help="How many numbers the code has at each place of the smallest maps, besides the summary.",
    )
    prior_units: int = setting(
        48,
        title="Units of the prior",
        unit="units",
        ge=1,
        le=512,
        help="Channels of the networks that say what the details are expected to be; four times as many in "
        "those between the summary and the places.",
    )
    coarsest: float = setting(
        2.0,
        title="Smallest λ",
        unit="nats per squared error",
        gt=0.0,
        le=1e6,
        logarithmic=True,
        help="Weight of the error at quality 1. The fewest bits.",
    )
    finest: float = setting(
        1500.0,
        title="Largest λ",
        unit="nats per squared error",
        gt=0.0,
        le=1e6,
        logarithmic=True,
        help="Weight of the error at quality 100. The most bits.",
    )

    @model_validator(mode="after")
    def _finest_is_finer(self) -> VariableRate:
        if self.finest < self.coarsest:
            context = {"name": "finest", "allowed": "at least as large as coarsest"}
            raise PydanticCustomError("combination", "{name} must be {allowed}", context)
        return self

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", "weighted by quality"),
            self.image_loss(),
            Term("rate", "Rate", "bits per image"),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        details = self.detail_channels * prod(features[1:])
        levels = Level("Summary", latent_size), Level("Details", details)
        return Latent("vector", (latent_size + details,), levels=levels, rounds_itself=True)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return (Convolution(self.detail_channels, 1),)

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:  # noqa: ARG002
        return (SPREAD_CHANNELS + head[0], *head[1:])

    def networks(
        self,
        features: Shape,
        latent_size: int,
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        places = features[1:]
        hidden = Activation("leaky_relu")
        wide = SPREAD_CHANNELS * prod(places)
        networks: dict[str, tuple[Shape, tuple[Layer, ...]]] = {
            SUMMARY: (features, (*flat_code(features, 4 * self.prior_units), hidden, Dense(latent_size))),
            SPREAD: (
                (latent_size,),
                (Dense(4 * self.prior_units), hidden, Dense(wide), Reshape((SPREAD_CHANNELS, *places))),
            ),
            WIDTHS: ((KNOTS,), (Dense(latent_size + self.detail_channels),)),
            SUMMARY_PRIOR: ((KNOTS,), (Dense(2 * latent_size),)),
        }
        for number, (first, last) in enumerate(self.groups()):
            known = SPREAD_CHANNELS + 1 + first  # a map of the fineness
            layers = Convolution(self.prior_units, 3, padding=1), hidden, Convolution(2 * (last - first), 1)
            networks[f"{DETAIL_PRIOR}{number}"] = ((known, *places), layers)
        return networks

    def groups(self) -> tuple[tuple[int, int], ...]:
        """First and last channel, exclusive, of the details that are coded together."""
        return tuple(
            (first, min(first + GROUP, self.detail_channels))
            for first in range(0, self.detail_channels, GROUP)
        )

    @property
    def draws_codes(self) -> bool:
        return True

    def refuses(self, network: Network) -> str:
        return "" if network.spatial else "a codec of any rate needs a network whose features are maps"
