"""A variational autoencoder with two levels of codes (Rezende et al. 2014; Burda et al. 2016, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, Level, NormalPrior
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape

NATS = "nats per image"


class TwoLevel(Objective):
    """p(x|z1) p(z1|z2) p(z2) with q(z1|x) q(z2|z1), all Gaussian.

    A code is z2, and z1 as its deviation from p(z1|z2) in standard deviations: its prior is N(0, I).
    """

    title: ClassVar[str] = "Two-level variational autoencoder"
    summary: ClassVar[str] = "A few numbers decide on the whole, others on the details."

    top_size: int = setting(
        4, title="Top level", unit="numbers", ge=1, le=256, help="How many numbers the top level has."
    )
    level_units: int = setting(
        64, title="Hidden units", unit="units", ge=1, le=2048, help="Of the networks between the levels."
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("top_kl", "KL, top level", NATS),
            Term("bottom_kl", "KL, bottom level", NATS),
        )

    def image_loss(self) -> Term:
        return Term("reconstruction", "Reconstruction", NATS)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        levels = (Level("Top", self.top_size), Level("Bottom", latent_size))
        size = self.top_size + latent_size
        return Latent("levels", (size,), levels=levels, prior=NormalPrior(size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, 2 * latent_size)

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:
        return (latent.levels[1].size,)

    def networks(
        self,
        features: Shape,
        latent_size: int,
        data: DataShape,
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        return {
            "upward": ((latent_size,), self._between(2 * self.top_size)),
            "downward": ((self.top_size,), self._between(2 * latent_size)),
        }

    def _between(self, outputs: int) -> tuple[Layer, ...]:
        return (Dense(self.level_units), Activation("tanh"), Dense(outputs))

    @property
    def draws_codes(self) -> bool:
        return True

    @property
    def likelihood_text(self) -> str:
        return "grey pixels, evidence lower bound from one posterior sample per image, nats per image"
