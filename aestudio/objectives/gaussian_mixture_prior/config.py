"""Variational deep embedding, VaDE (Jiang, Zheng, Tan, Tang & Zhou 2017): the prior is a Gaussian mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.dense import Dense
from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.objectives.weighted_kl import WeightedKl
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.network import Network

COMPONENTS = "components"
LARGEST_CODE = 256


class GaussianMixturePrior(WeightedKl, GaussianCode):
    """-E[log p(x|z)] + beta (sum_c q(c) KL(q(z|x) || N(mu_c, diag sigma_c^2)) + KL(q(c) || pi)).

    q(c) = p(c|z) = pi_c N(z; mu_c, sigma_c) / sum_c' ... at a draw z of the posterior; pi, mu_c and sigma_c
    are learned. During the warm-up of the KL the mixture follows the codes by steps of EM instead, as the
    source fits one to the codes of an autoencoder before it trains: from a random beginning, components
    share the images badly.
    """

    title: ClassVar[str] = "VAE with Gaussian mixture (VaDE)"
    summary: ClassVar[str] = "The prior is a mixture of Gaussians, so that codes come in groups."
    formula: ClassVar[str] = "−log p(x|z) + β [Σ_c q(c) KL(q(z|x) ‖ N_c) + KL(q(c) ‖ π)]"

    mixture_size: int = setting(
        10,
        title="Components",
        unit="Gaussians",
        ge=1,
        le=100,
        help="How many Gaussians the prior is made of: groups into which the codes are divided.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("code_kl", "KL of the code in its group", NATS),
            Term("group_kl", "KL of the group", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("gaussian", (latent_size,), learned_prior=True)

    def networks(
        self,
        features: Shape,  # noqa: ARG002 - of the number of a component alone
        latent_size: int,
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        # A matrix whose column c is what component c is made of: mean, log-variance and share.
        return {COMPONENTS: ((self.mixture_size,), (Dense(2 * latent_size + 1),))}

    def refuses(self, network: Network) -> str:
        if network.latent_size > LARGEST_CODE:
            return f"the mixture that it begins with is for codes of at most {LARGEST_CODE} numbers"
        return super().refuses(network)
