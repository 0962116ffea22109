"""beta-TCVAE (Chen, Li, Grosse & Duvenaud 2018): only a part of the KL has a weight."""

from __future__ import annotations

from typing import ClassVar

from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting


class TotalCorrelation(GaussianCode):
    """-E[log p(x|z)] + I(x; z) + beta TC(z) + sum_j KL(q(z_j) || N(0, 1)).

    The three sum up to the KL of a VAE. TC = KL(q(z) || prod_j q(z_j)) is 0 if the numbers of a code are
    independent; q(z) and q(z_j) are mixtures of the posteriors of the batch.
    """

    title: ClassVar[str] = "Total correlation (β-TCVAE)"
    summary: ClassVar[str] = "The numbers of a code become independent of one another."
    formula: ClassVar[str] = "−log p(x|z) + I + β TC + Σⱼ KL(zⱼ)"

    tc_weight: float = setting(
        6.0,
        title="Weight of TC β",
        unit="× total correlation",
        ge=0.0,
        le=100.0,
        live=True,
        help="How much the dependence between the numbers of a code counts. 1 is a VAE.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("mutual_information", "Mutual information of image and code", NATS),
            Term("total_correlation", "Total correlation", NATS),
            Term("dimension_kl", "KL of single dimensions", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def batch_bytes(self, batch_size: int, latent_size: int) -> int:
        return 24 * batch_size**2 * latent_size  # each sample under each posterior, number by number

    @property
    def compares_batches(self) -> bool:
        return True
