"""A regularised autoencoder (Ghosh, Sajjadi, Vergari, Black & Schölkopf 2020): samples without noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Shape
    from aestudio.recipes.network import Network
    from aestudio.recipes.objective import GroupName

LARGEST_CODE = 256


class Regularised(Reconstruction):
    """d(x, decoder(z)) + beta ||z||^2 / 2 + lambda sum w^2 over the decoder's weights (RAE-L2).

    A VAE's noise smooths the decoder; here a penalty does. The prior is fitted to the codes: a mixture of
    Gaussians with full covariances, which follows them from step to step (the source fits it afterwards).
    """

    title: ClassVar[str] = "Regularised autoencoder (RAE)"
    summary: ClassVar[str] = "A smooth decoder without noise, and a prior that is fitted to the codes."
    formula: ClassVar[str] = "d(x, y) + β ‖z‖²/2 + λ Σ w²"
    group: ClassVar[GroupName] = "variational"

    code_penalty: float = setting(
        0.1,
        title="Code penalty β",
        unit="× ‖code‖² / 2",
        ge=0.0,
        le=100.0,
        live=True,
        help="Keeps the codes near 0, so that there are few gaps between them.",
    )
    decoder_penalty: float = setting(
        1e-3,
        title="Decoder penalty λ",
        unit="per squared weight",
        ge=0.0,
        le=10.0,
        live=True,
        help="Keeps the decoder smooth: λ times the sum of its squared weights (biases not counted).",
    )
    components: int = setting(
        10,
        title="Components",
        unit="Gaussians",
        ge=1,
        le=100,
        help="Of the mixture that is fitted to the codes, from which new ones are drawn.",
    )

    def added_terms(self) -> tuple[Term, ...]:
        return (
            Term("code_size", "Code size", "‖code‖² / 2 per image"),
            Term("decoder_weights", "Squared weights of the decoder", "sum"),
            Term("prior", "Codes under the fitted prior", "nats per image"),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("vector", (latent_size,), learned_prior=True)

    def refuses(self, network: Network) -> str:
        if network.latent_size > LARGEST_CODE:
            return f"the covariances of its prior are for codes of at most {LARGEST_CODE} numbers"
        return super().refuses(network)
