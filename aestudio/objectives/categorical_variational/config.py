"""A variational autoencoder with categorical codes (Jang, Gu & Poole 2017; Maddison, Mnih & Teh 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.objectives.gaussian_code import NATS
from aestudio.objectives.weighted_kl import FreeBits
from aestudio.recipes.latent import CategoricalPrior, Latent
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName


class CategoricalVariational(FreeBits):
    """-E[log p(x|z)] + beta sum_n KL(q(z_n|x) || uniform), each z_n one of K categories.

    Training decodes softmax((log q + g) / tau) with Gumbel noise g, which has a gradient and comes near a
    draw of q as tau falls; an evaluation decodes draws of q themselves, so that its negative ELBO is one.
    """

    title: ClassVar[str] = "Categorical VAE (Gumbel-softmax)"
    summary: ClassVar[str] = "Each number of the code is one of a few categories."
    formula: ClassVar[str] = "−log p(x|z) + β Σₙ KL(q(zₙ|x) ‖ 1/K)"
    group: ClassVar[GroupName] = "discrete"

    categories: int = setting(
        10,
        title="Categories",
        unit="per number of the code",
        ge=2,
        le=256,
        help="One of how many each number of the code is: a category.",
    )
    first_temperature: float = setting(
        1.0,
        title="First temperature τ",
        ge=0.05,
        le=10.0,
        help="Of the softmax at the beginning: the higher, the smoother what is decoded, and its gradient.",
    )
    last_temperature: float = setting(
        0.5,
        title="Last temperature τ",
        ge=0.05,
        le=10.0,
        help="Of the softmax in the end: the lower, the more like a draw of one category.",
    )
    cooling_epochs: float = setting(
        5.0,
        title="Cooling",
        unit="epochs",
        ge=0.0,
        le=1000.0,
        help="Epochs in which the temperature goes from the first to the last, by one factor a step.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("kl", "KL", NATS),
            Term("negative_elbo", "Negative ELBO", NATS),
        )

    def image_loss(self) -> Term:
        return Term("reconstruction", "Reconstruction", NATS)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        prior = CategoricalPrior(latent_size, self.categories)
        return Latent("categorical", (latent_size,), self.categories, prior=prior)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return flat_code(features, latent_size * self.categories)

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:  # noqa: ARG002
        return (latent.size * self.categories,)

    @property
    def draws_codes(self) -> bool:
        return True

    @property
    def likelihood_text(self) -> str:
        return "grey pixels, evidence lower bound from one posterior sample per image, nats per image"
