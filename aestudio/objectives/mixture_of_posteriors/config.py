"""VampPrior (Tomczak & Welling 2018): the prior is a mixture of posteriors of images that are learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Reshape
from aestudio.objectives.gaussian_code import NATS, GaussianCode
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

PSEUDO_INPUTS = "pseudo_inputs"


class MixtureOfPosteriors(GaussianCode):
    """-E[log p(x|z)] + E[log q(z|x) - log p(z)], p(z) = sum_k q(z|u_k) / K, over z drawn from q(z|x).

    The pseudo-inputs u_k are images, learned with the rest. A prior like the codes of all images asks less of
    each of them than N(0, I) does. The KL is estimated by one draw, as it has no closed form.
    """

    title: ClassVar[str] = "VAE with VampPrior"
    summary: ClassVar[str] = "The prior is a mixture of the codes of images that are learned."
    formula: ClassVar[str] = "−log p(x|z) + log q(z|x) − log (1/K) Σₖ q(z|uₖ)"

    components: int = setting(
        100,
        title="Pseudo-inputs",
        unit="images",
        ge=1,
        le=1000,
        help="How many images are learned whose posteriors, all together, are the prior.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("kl", "KL, by one draw", NATS),
            Term("negative_elbo", "Negative ELBO", NATS, same_as="loss"),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("gaussian", (latent_size,), learned_prior=True)

    def networks(
        self,
        features: Shape,  # noqa: ARG002
        latent_size: int,  # noqa: ARG002
        data: DataShape,
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        # A matrix whose column k is an image: as in the source, applied to the number of a component.
        image = data.image
        return {PSEUDO_INPUTS: ((self.components,), (Dense(image.size), Reshape(image.array)))}
