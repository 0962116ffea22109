"""A decoder whose codes are drawn from a prior; nothing is encoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Objective, Term

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class Generator(Objective):
    """Decodes, and does not encode."""

    title: ClassVar[str] = "Generator"
    summary: ClassVar[str] = "Draws images."
    encodes: ClassVar[bool] = False

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "nats per image"),)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("vector", (latent_size,), prior=NormalPrior(latent_size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return ()
