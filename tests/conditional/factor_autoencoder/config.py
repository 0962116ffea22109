"""An autoencoder whose decoder is told the factors of variation of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import ConditionKind, Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class FactorAutoencoder(Objective):
    """Squared error of an image, given its factors."""

    title: ClassVar[str] = "Autoencoder with factors"
    summary: ClassVar[str] = "The decoder is told the factors."
    condition: ClassVar[ConditionKind] = "factors"

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "squared error per image"),)

    def image_loss(self) -> Term:
        return Term("loss", "Loss", "squared error per image")

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("vector", (latent_size,))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, latent_size)
