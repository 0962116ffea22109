"""An autoencoder that minimises the absolute error: the smallest objective that one can write."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class MeanAbsolute(Objective):
    """The code is a point; its decoder's absolute errors are summed."""

    title: ClassVar[str] = "Absolute error"
    summary: ClassVar[str] = "Sums the absolute errors of an image."

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "absolute error per image"),)

    def image_loss(self) -> Term:
        return Term("loss", "Loss", "absolute error per image")

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("vector", (latent_size,))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, latent_size)
