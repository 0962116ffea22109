"""Codes that are entries of a codebook, one for each place of a grid of 2 x 3."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import CategoricalPrior, Latent
from aestudio.recipes.objective import Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

PLACES = (2, 3)
ENTRIES, WIDTH = 8, 4


class CodebookCodes(Objective):
    """Each place takes the entry that is nearest to its features."""

    title: ClassVar[str] = "Codebook"
    summary: ClassVar[str] = "Takes the nearest entries."

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "nats per image"),)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("codebook", PLACES, choices=ENTRIES, prior=CategoricalPrior(prod(PLACES), ENTRIES))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, prod(PLACES) * WIDTH)

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:
        return (prod(PLACES) * WIDTH,)
