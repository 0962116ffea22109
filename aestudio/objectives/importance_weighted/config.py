"""An importance-weighted autoencoder (Burda, Grosse & Salakhutdinov 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape


class ImportanceWeighted(GaussianCode):
    """-L_k = -E[log 1/k sum_i p(x|z_i) p(z_i) / q(z_i|x)], z_1..z_k from the posterior of x.

    L_1 is the evidence lower bound; with more samples the bound is tighter, log p(x) in the limit.
    """

    title: ClassVar[str] = "Importance-weighted autoencoder"
    summary: ClassVar[str] = "A tighter bound, from several samples of each image's posterior."
    formula: ClassVar[str] = "−log 1/k Σᵢ p(x|zᵢ) p(zᵢ) / q(zᵢ|x)"

    samples: int = setting(
        5,
        title="Samples k",
        unit="per image",
        ge=1,
        le=100,
        help="Codes that are drawn and decoded for each image. 1 is a VAE; the time of a step grows with k.",
    )

    def decodings(self, data: DataShape) -> int:  # noqa: ARG002 - for images of any shape
        return self.samples

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Negative bound −Lₖ", NATS),
            self.image_loss(),
            Term("kl", "KL", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )
