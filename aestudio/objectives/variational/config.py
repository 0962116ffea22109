"""A variational autoencoder (Kingma & Welling 2013): the loss is the negative evidence lower bound."""

from __future__ import annotations

from typing import ClassVar

from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting


class Variational(GaussianCode):
    """-E[log p(x|z)] + beta KL(q(z|x) || N(0, I)), with a Gaussian posterior of diagonal covariance.

    With a capacity C the second term is beta |KL - C|, and C rises from 0 (Burgess et al. 2018).
    """

    title: ClassVar[str] = "Variational autoencoder (beta-VAE)"
    summary: ClassVar[str] = "Codes follow a prior, so that new images can be sampled."
    formula: ClassVar[str] = "−log p(x|z) + β KL(q(z|x) ‖ p(z))"

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
    capacity: float = setting(
        0.0,
        title="Capacity C",
        unit="nats, 0 = off",
        ge=0.0,
        le=1000.0,
        help="The KL is drawn to C instead of 0 (Burgess et al. 2018): choose a large β then.",
    )
    capacity_epochs: float = setting(
        10.0,
        title="Capacity rises in",
        unit="epochs",
        ge=0.0,
        le=1000.0,
        help="Epochs in which the capacity grows from 0 to C, so that one dimension after another is used.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("kl", "KL", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )
