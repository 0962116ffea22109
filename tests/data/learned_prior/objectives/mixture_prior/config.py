"""An autoencoder, and a mixture of Gaussians that is fitted to its codes as a second phase."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class MixturePrior(Objective):
    """The prior changes nothing of the autoencoder: it only learns where the codes are."""

    title: ClassVar[str] = "Mixture prior"
    summary: ClassVar[str] = "A mixture of Gaussians learns how the codes are distributed."

    components: int = setting(3, title="Components", ge=1, le=100, help="Gaussians of the mixture.")
    prior_begins: float = setting(
        1.0, title="Prior begins", unit="epochs", ge=0.0, le=100.0, help="The prior is trained after so many."
    )
    has_density: bool = setting(True, title="Density", help="Whether the module tells the prior's density.")

    def phases(self) -> tuple[Phase, ...]:
        parts = ("encoder", "decoder", "objective.head")
        return (
            Phase("autoencoder", "Autoencoder", parts, "distance"),
            Phase(
                "prior",
                "Prior",
                ("objective.mixture",),
                "surprise",
                begins=self.prior_begins,
                learning_rate=30.0,
            ),
        )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("distance", "Distance", "squared error per image", "autoencoder"),
            Term("surprise", "Surprise", "nats per code", "prior"),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("vector", (latent_size,), learned_prior=True)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, latent_size)
