"""A class-conditional VAE: the class is told as further channels of the image, and beside the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.conditioning import with_channels
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import ConditionKind, Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class LabelVAE(Objective):
    """The evidence lower bound of an image, given its class."""

    title: ClassVar[str] = "Class-conditional VAE"
    summary: ClassVar[str] = "Encoder and decoder are told the class."
    condition: ClassVar[ConditionKind] = "labels"

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "nats per image"), self.image_loss())

    def image_loss(self) -> Term:
        return Term("reconstruction", "Reconstruction", "nats per image")

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("gaussian", (latent_size,), prior=NormalPrior(latent_size))

    def encoder_input(self, data: DataShape) -> Shape:
        return with_channels(self.condition, data)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, 2 * latent_size)
