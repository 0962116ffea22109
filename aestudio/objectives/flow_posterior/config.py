"""A posterior that planar flows bend (Rezende & Mohamed 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.objectives.weighted_kl import WeightedKl
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

FLOW = "flow"


class FlowPosterior(WeightedKl, GaussianCode):
    """-E[log p(x|zK)] + beta E[log q0(z0|x) - sum_k log|det dz_k/dz_(k-1)| - log p(zK)].

    z0 is drawn from N(mu(x), diag sigma(x)^2), and z_k = z_(k-1) + u tanh(w . z_(k-1) + b), with u, w and b
    of each flow from the encoder: so the posterior of an image need not be Gaussian. The KL is estimated by
    one draw. The code of an image is where the flows bring its mean.
    """

    title: ClassVar[str] = "VAE with planar flows"
    summary: ClassVar[str] = "Simple maps, one after the other, bend the posterior of each image."
    formula: ClassVar[str] = "−log p(x|z) + β [log q₀(z₀|x) − Σₖ log|det Jₖ| − log p(z)]"

    flows: int = setting(
        8,
        title="Flows K",
        unit="maps",
        ge=1,
        le=100,
        help="How many planar maps, one after the other, bend the posterior.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("kl", "KL, by one draw", NATS),
            Term("log_determinant", "Log-determinant of the flows", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        # No mean and variance describe such a posterior.
        return Latent("vector", (latent_size,), prior=NormalPrior(latent_size))

    def networks(
        self,
        features: Shape,
        latent_size: int,
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        return {FLOW: (features, flat_code(features, self.flows * (2 * latent_size + 1)))}
