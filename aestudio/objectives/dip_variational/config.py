"""DIP-VAE-II (Kumar, Sattigeri & Balakrishnan 2018): codes of all images together are uncorrelated."""

from __future__ import annotations

from typing import ClassVar

from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting


class DipVariational(GaussianCode):
    """-ELBO + a sum_{i != j} C_ij^2 + b sum_i (C_ii - 1)^2, C = E[diag sigma^2] + Cov(mu).

    C is the covariance of codes that are drawn for all images: the prior's is I.
    """

    title: ClassVar[str] = "Disentangled inferred prior (DIP-VAE-II)"
    summary: ClassVar[str] = "A VAE whose codes are uncorrelated over all images."
    formula: ClassVar[str] = "−ELBO + a Σ Cᵢⱼ² + b Σ (Cᵢᵢ − 1)²"

    off_diagonal: float = setting(
        10.0,
        title="Correlations a",
        unit="× squared covariances",
        ge=0.0,
        le=10_000.0,
        live=True,
        help="How much covariances between two numbers of the code count.",
    )
    diagonal: float = setting(
        10.0,
        title="Variances b",
        unit="× squared deviations from 1",
        ge=0.0,
        le=10_000.0,
        live=True,
        help="How much it counts that the variance of a number of the code is not 1.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("kl", "KL", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
            Term("covariances", "Squared covariances", "code units⁴"),
            Term("variances", "Squared deviations of variances", "code units⁴"),
        )

    @property
    def compares_batches(self) -> bool:
        return True
