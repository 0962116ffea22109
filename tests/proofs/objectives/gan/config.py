"""A generative adversarial network (Goodfellow et al. 2014) with the non-saturating loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class Gan(Objective):
    """The network's decoder is the generator; its encoder, with one number on top, is the critic."""

    title: ClassVar[str] = "Generative adversarial network"
    summary: ClassVar[str] = "A generator learns to deceive a critic."
    encodes: ClassVar[bool] = False

    critic_steps: int = setting(
        1, title="Critic steps", unit="per step of the generator", ge=1, le=20, help="Steps of the critic."
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("critic_loss", "Critic's loss", "nats per image", "critic"),
            Term("critic_accuracy", "Critic's accuracy", "share of images", "critic"),
            Term("generator_loss", "Generator's loss", "nats per image", "generator"),
        )

    def phases(self) -> tuple[Phase, ...]:
        return (
            Phase("critic", "Critic", ("encoder", "objective"), "critic_loss", first_beta=0.5),
            Phase(
                "generator",
                "Generator",
                ("decoder",),
                "generator_loss",
                every=self.critic_steps,
                first_beta=0.5,
            ),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("vector", (latent_size,), prior=NormalPrior(latent_size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, 1)

    def image_loss(self) -> Term:
        return Term("critic_loss", "Critic's loss", "nats per image")
