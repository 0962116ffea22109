"""FactorVAE (Kim & Mnih 2018): a discriminator measures the dependence between the numbers of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.recipes.objective import Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

VAE, DISCRIMINATOR = "vae", "discriminator"


class FactorVariational(GaussianCode):
    """-E[log p(x|z)] + KL(q(z|x) || N(0, I)) + gamma E[log D(z) - log(1 - D(z))].

    D tells codes of images from codes whose numbers were exchanged between images, each on its own, so that
    they are independent. It minimises -log D(z) / 2 - log(1 - D(exchanged)) / 2; where it is the best
    possible, the last term of the loss is the total correlation KL(q(z) || prod_j q(z_j)).
    """

    title: ClassVar[str] = "FactorVAE"
    summary: ClassVar[str] = "A discriminator finds dependent numbers of a code, and the encoder avoids them."
    formula: ClassVar[str] = "−log p(x|z) + KL(q(z|x) ‖ p(z)) + γ log D(z)/(1 − D(z))"

    tc_weight: float = setting(
        10.0,
        title="Weight of TC γ",
        unit="× total correlation",
        ge=0.0,
        le=100.0,
        live=True,
        help="How much the dependence between the numbers of a code counts, beside that in the KL.",
    )
    discriminator_units: int = setting(
        256,
        title="Discriminator's units",
        unit="units",
        ge=1,
        le=4096,
        help="Size of each of the three hidden layers of the discriminator of codes.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS, VAE),
            Term("reconstruction", "Reconstruction", NATS, VAE),
            Term("kl", "KL", NATS, VAE),
            Term("total_correlation", "Total correlation, as D says", NATS, VAE),
            Term("negative_elbo", "Negative ELBO", NATS, VAE),
            Term("discriminator_loss", "Discriminator's loss", NATS, DISCRIMINATOR),
            Term("discriminator_accuracy", "Discriminator's accuracy", "share of codes", DISCRIMINATOR),
        )

    def phases(self) -> tuple[Phase, ...]:
        return (
            Phase(VAE, "VAE", ("encoder", "objective.head", "decoder"), "loss"),
            Phase(
                DISCRIMINATOR,
                "Discriminator",
                (f"objective.{DISCRIMINATOR}",),
                "discriminator_loss",
                first_beta=0.5,
            ),
        )

    def networks(
        self,
        features: Shape,  # noqa: ARG002 - the discriminator sees codes only
        latent_size: int,
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        hidden = 3 * (Dense(self.discriminator_units), Activation("leaky_relu"))
        return {DISCRIMINATOR: ((latent_size,), (*hidden, Dense(1)))}

    @property
    def compares_batches(self) -> bool:
        return True  # numbers of codes are exchanged within a batch
