"""Codes of 4 variables, each one of 5 categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import CategoricalPrior, Latent
from aestudio.recipes.objective import Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

VARIABLES, CATEGORIES = 4, 5


class CategoricalCodes(Objective):
    """Each variable takes its most probable category."""

    title: ClassVar[str] = "Categorical"
    summary: ClassVar[str] = "Takes the most probable categories."

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "nats per image"),)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        prior = CategoricalPrior(VARIABLES, CATEGORIES)
        return Latent("categorical", (VARIABLES,), choices=CATEGORIES, prior=prior)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, VARIABLES * CATEGORIES)

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:
        return (VARIABLES * CATEGORIES,)
