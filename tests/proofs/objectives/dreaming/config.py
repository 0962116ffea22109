"""The wake-sleep algorithm (Hinton et al. 1995) for a Gaussian code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

NATS = "nats per image"


class Dreaming(Objective):
    """Awake the decoder learns from images, asleep the encoder learns from the decoder's dreams."""

    title: ClassVar[str] = "Wake-sleep"
    summary: ClassVar[str] = "Decoder and encoder learn in turn."

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("reconstruction", "Reconstruction", NATS, "wake"),
            Term("negative_elbo", "Negative ELBO", NATS, "wake"),
            Term("recognition", "Recognition", NATS, "sleep"),
        )

    def phases(self) -> tuple[Phase, ...]:
        return (
            Phase("wake", "Wake", ("decoder",), "reconstruction"),
            Phase("sleep", "Sleep", ("encoder", "objective"), "recognition"),
        )

    def image_loss(self) -> Term:
        return Term("reconstruction", "Reconstruction", NATS)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("gaussian", (latent_size,), prior=NormalPrior(latent_size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, 2 * latent_size)
