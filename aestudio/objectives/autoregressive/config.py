"""MADE: an autoencoder as a distribution of images, pixel by pixel (Germain et al. 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.network import Network

NATS = "nats per image"
LOSS = "negative_log_likelihood"


class AutoregressiveLikelihood(Objective):
    """-log p(x) = -sum_i [x_i log p_i + (1 - x_i) log(1 - p_i)], p_i = p(x_i = 1 | x_1 ... x_(i-1)), exact.

    One pass of a masked network gives all p_i, because each sees only the numbers before it. x is black or
    white: in each step, and in each evaluation, every pixel of a grey image is drawn with its grey level as
    its probability. There is no smaller code: the code of an image is the image, and the prior that is
    learned is p itself, from which images are drawn pixel by pixel.
    """

    title: ClassVar[str] = "Pixel by pixel (MADE)"
    summary: ClassVar[str] = "The exact probability of an image, each pixel given those before it."
    formula: ClassVar[str] = "−Σᵢ log p(xᵢ | x₁ … xᵢ₋₁)"

    def terms(self) -> tuple[Term, ...]:
        return (Term(LOSS, "−log p(x), binarised", NATS),)

    def phases(self) -> tuple[Phase, ...]:
        return (Phase(loss=LOSS),)

    def image_loss(self) -> Term:
        return Term("cross_entropy", "Cross-entropy, each pixel given those before it", NATS)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("vector", features, learned_prior=True, is_image=True)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return ()

    @property
    def draws_codes(self) -> bool:
        return True  # the black and white images

    @property
    def likelihood_text(self) -> str:
        return "pixels drawn black or white anew, exact, nats per image"

    def settings_without_effect(self) -> frozenset[str]:
        return super().settings_without_effect() | {"latent_size", "initial_weights"}

    def refuses(self, network: Network) -> str:
        if network.autoregressive:
            return ""
        return "it needs a network that predicts each pixel from those before it"
