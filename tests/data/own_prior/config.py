"""A generator whose prior is one of its own, and fails as its setting says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, NormalPrior, Prior
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.types import CodeArray

Fault = Literal["none", "raises", "length", "nan", "size"]


@dataclass(eq=False)
class UniformPrior:
    """Uniform from 0 to 1, as a user may write it: without `==`, in double precision."""

    size: int
    fault: Fault

    def sample(self, count: int, generator: np.random.Generator, temperature: float = 1.0) -> CodeArray:
        if self.fault == "raises":
            raise LookupError("no codes")  # sampling
        codes = temperature * generator.random((count, self.size + (self.fault == "length")))
        return np.full_like(codes, np.nan) if self.fault == "nan" else codes  # type: ignore[return-value]

    def log_density(self, codes: CodeArray) -> NDArray[np.float64]:
        if self.fault == "raises":
            raise LookupError("no density")  # density
        return np.zeros((len(codes), *[1] * (self.fault == "length")))


class OwnPriorGenerator(Objective):
    title: ClassVar[str] = "Generator with a prior of its own"
    summary: ClassVar[str] = "For tests."
    encodes: ClassVar[bool] = False

    fault: Fault = setting("none", title="Fault", unit="-", help="What is wrong with it.")

    def terms(self) -> tuple[Term, ...]:
        return (Term("loss", "Loss", "nats per image"),)

    def image_loss(self) -> Term:
        return Term("loss", "Loss", "nats per image")

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        prior: Prior = UniformPrior(latent_size, self.fault)
        if self.fault == "size":
            prior = NormalPrior(latent_size + 1)
        return Latent("vector", (latent_size,), prior=prior)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, 1)
