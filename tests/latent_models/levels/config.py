"""Codes of two levels, of 2 and 4 numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, Level, NormalPrior
from aestudio.recipes.objective import Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class LevelCodes(Objective):
    """All levels are read off the same features."""

    title: ClassVar[str] = "Levels"
    summary: ClassVar[str] = "A code of two levels."

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "nats per image"),)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        levels = (Level("top", 2), Level("bottom", 4))
        return Latent("levels", (6,), levels=levels, prior=NormalPrior(6))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, 6)
