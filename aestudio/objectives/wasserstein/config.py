"""A Wasserstein autoencoder (Tolstikhin, Bousquet, Gelly & Schölkopf 2018, algorithm 2: WAE-MMD)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Shape
    from aestudio.recipes.objective import GroupName


class Wasserstein(Reconstruction):
    """distance(x, decoder(encoder(x))) + lambda MMD^2(codes of a batch, N(0, I)), per image.

    The codes of all images together are to be distributed as the prior; in a VAE each one's posterior is
    drawn to it. An image has one code, without a variance, so there is no noise in the reconstruction.
    """

    title: ClassVar[str] = "Wasserstein autoencoder (WAE-MMD)"
    summary: ClassVar[str] = "All codes together follow a prior, and each is a point."
    formula: ClassVar[str] = "d(x, y) + λ MMD²(z, N(0, I))"
    group: ClassVar[GroupName] = "variational"

    # With 300 the codes of MNIST's test images had means up to 0.05 and standard deviations of 0.98 to 1.03
    # (`aestudio train wae-mmd --dataset mnist --seed 0`).
    mmd_weight: float = setting(
        300.0,
        title="MMD weight λ",
        unit="× MMD²",
        gt=0.0,
        le=100_000.0,
        logarithmic=True,
        live=True,
        help="How much the distance between the codes of a batch and the prior counts.",
    )

    @model_validator(mode="after")
    def _codes_can_follow_the_prior(self) -> Wasserstein:
        # Codes of one sign, or between bounds, are never distributed as N(0, I).
        if self.code_activation != "linear":
            context = {"name": "code_activation", "allowed": "linear, because the prior is N(0, I)"}
            raise PydanticCustomError("combination", "{name} must be {allowed}", context)
        return self

    def added_terms(self) -> tuple[Term, ...]:
        return (Term("mmd", "MMD² to the prior", "squared distance of distributions"),)

    def batch_bytes(self, batch_size: int, latent_size: int) -> int:  # noqa: ARG002 - distances only
        return 250 * batch_size**2  # three matrices of distances, at seven scales

    @property
    def compares_batches(self) -> bool:
        return True

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("vector", (latent_size,), prior=NormalPrior(latent_size))
