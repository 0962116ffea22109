"""A ladder variational autoencoder of two levels (Sønderby, Raiko, Maaløe, Sønderby & Winther 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.objectives.code_layers import flat_code
from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.objectives.weighted_kl import WeightedKl
from aestudio.recipes.latent import Latent, Level, NormalPrior
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName

UPWARD, DOWNWARD = "upward", "downward"


class Ladder(WeightedKl, GaussianCode):
    """-E[log p(x|z1)] + beta (KL(q(z2|x) || N(0, I)) + E[KL(q(z1|x, z2) || p(z1|z2))]).

    q(z1|x, z2) is the product of what the image says of z1 and of p(z1|z2), by their precisions: the encoder
    corrects what the level above expects. A code is z2, and z1 as its deviation from p(z1|z2) in standard
    deviations, so that the prior of all numbers is N(0, I).
    """

    title: ClassVar[str] = "Ladder VAE of two levels"
    group: ClassVar[GroupName] = "hierarchical"
    summary: ClassVar[str] = "A few numbers decide on the whole image, others on its details."
    formula: ClassVar[str] = "−log p(x|z₁) + β [KL(z₂) + KL(q(z₁|x,z₂) ‖ p(z₁|z₂))]"

    top_size: int = setting(
        4,
        title="Top level",
        unit="numbers",
        ge=1,
        le=256,
        help="How many numbers of the code belong to the level above.",
    )
    level_units: int = setting(
        128,
        title="Units between levels",
        unit="units",
        ge=1,
        le=4096,
        help="Size of the hidden layer of each of the two networks between the levels.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("top_kl", "KL, top level", NATS),
            Term("bottom_kl", "KL, bottom level", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        levels = Level("Top", self.top_size), Level("Bottom", latent_size)
        size = self.top_size + latent_size
        return Latent("levels", (size,), levels=levels, prior=NormalPrior(size))

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:  # noqa: ARG002
        return (latent.levels[1].size,)

    def networks(
        self,
        features: Shape,
        latent_size: int,
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        hidden = Activation("leaky_relu")
        upward = (*flat_code(features, self.level_units), hidden, Dense(2 * self.top_size))
        downward = (Dense(self.level_units), hidden, Dense(2 * latent_size))
        return {UPWARD: (features, upward), DOWNWARD: ((self.top_size,), downward)}
