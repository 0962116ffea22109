"""A variational autoencoder (Kingma & Welling 2013): the loss is the negative evidence lower bound."""

from __future__ import annotations

from typing import ClassVar

from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.objectives.weighted_kl import FreeBits
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting


class Variational(FreeBits, GaussianCode):
    """-E[log p(x|z)] + beta KL(q(z|x) || N(0, I)), with a Gaussian posterior of diagonal covariance.

    With a capacity C the second term is beta |KL - C|, and C rises from 0 (Burgess et al. 2018).
    """

    title: ClassVar[str] = "Variational autoencoder (beta-VAE)"
    summary: ClassVar[str] = "Codes follow a prior, so that new images can be sampled."
    formula: ClassVar[str] = "−log p(x|z) + β KL(q(z|x) ‖ p(z))"

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
