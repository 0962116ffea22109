"""What objectives with a Gaussian posterior have in common: likelihood, head, latent. No torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName

NATS = "nats per image"


class GaussianPosterior(Objective):
    """A posterior N(mu(x), diag sigma(x)^2) for each image, and the prior N(0, I)."""

    group: ClassVar[GroupName] = "variational"

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
        return f"{self.pixels_text}, evidence lower bound from one posterior sample per image, nats per image"

    @property
    def pixels_text(self) -> str:
        """What the pixels are, of which the likelihood is one."""
        return "grey pixels"


class GaussianCode(GaussianPosterior):
    """A Gaussian posterior, and a likelihood that one chooses."""

    likelihood: Literal["bernoulli", "gaussian", "learned_gaussian", "discretised_logistic"] = setting(
        "bernoulli",
        title="Likelihood",
        help="What the decoder's output means: the probability of ink, or the mean of a Gaussian, whose "
        "variance is set or learned, or of a logistic distribution over the 256 grey levels.",
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

    @property
    def pixels_text(self) -> str:
        return "256 grey levels" if self.likelihood == "discretised_logistic" else super().pixels_text
