"""A variational autoencoder (Kingma & Welling 2013): the loss is the negative evidence lower bound."""

from __future__ import annotations

from typing import ClassVar, Literal

from aestudio.recipes.layer import Layer
from aestudio.recipes.objective import CodeKind, Objective, Term
from aestudio.recipes.setting import setting

NATS = "nats per image"


class Variational(Objective):
    """-E[log p(x|z)] + beta KL(q(z|x) || N(0, I)), with a Gaussian posterior of diagonal covariance."""

    title: ClassVar[str] = "Variational autoencoder (beta-VAE)"
    summary: ClassVar[str] = "Codes follow a prior, so that new images can be sampled."
    code: ClassVar[CodeKind] = "gaussian"

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
            Term("reconstruction", "Reconstruction", NATS),
            Term("kl", "KL", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def code_layer(self, features: int, latent_size: int) -> Layer:
        return Layer("code", (latent_size,), 2 * (features * latent_size + latent_size))
