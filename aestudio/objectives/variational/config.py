"""A variational autoencoder (Kingma & Welling 2013): the loss is the negative evidence lower bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

NATS = "nats per image"


class Variational(Objective):
    """-E[log p(x|z)] + beta KL(q(z|x) || N(0, I)), with a Gaussian posterior of diagonal covariance."""

    title: ClassVar[str] = "Variational autoencoder (beta-VAE)"
    summary: ClassVar[str] = "Codes follow a prior, so that new images can be sampled."

    likelihood: Literal["bernoulli", "gaussian"] = setting(
        "bernoulli",
        title="Likelihood",
        help="What the decoder's output means: the probability of ink, or the mean of a Gaussian.",
    )
    pixel_variance: float = setting(
        0.05,
        title="Pixel variance σ²",
        unit="grey level², 0 to 1",
        gt=0.0,
        le=10.0,
        logarithmic=True,
        applies_if=("likelihood", ("gaussian",)),
        help="Variance of the Gaussian likelihood. A smaller one gives the reconstruction more weight.",
    )
    beta: float = setting(
        1.0,
        title="β",
        unit="× KL",
        ge=0.0,
        le=100.0,
        live=True,
        help="Weight of the KL term (Higgins et al. 2017). 1 is the evidence lower bound itself.",
    )
    warmup_epochs: float = setting(
        0.0,
        title="KL warm-up",
        unit="epochs",
        ge=0.0,
        le=1000.0,
        help="The weight of the KL term grows from 0 to β in these epochs; the negative ELBO is at weight 1.",
    )
    free_bits: float = setting(
        0.0,
        title="Free bits λ",
        unit="nats per dimension",
        ge=0.0,
        le=10.0,
        live=True,
        help="The KL of each dimension counts only above λ (Kingma et al. 2016).",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("kl", "KL", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def image_loss(self) -> Term:
        return Term("reconstruction", "Reconstruction", NATS)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("gaussian", (latent_size,), prior=NormalPrior(latent_size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        # Mean and log-variance in one matrix: one product instead of two per step.
        return flat_code(features, 2 * latent_size)

    @property
    def draws_codes(self) -> bool:
        return True

    @property
    def likelihood_text(self) -> str:
        return "grey pixels, evidence lower bound from one posterior sample per image, nats per image"
