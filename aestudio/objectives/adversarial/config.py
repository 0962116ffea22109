"""A generative adversarial network (Goodfellow et al. 2014, arXiv:1406.2661)."""

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
    from aestudio.recipes.objective import GroupName

FIRST_BETA = 0.5
"""Adam's average of the gradients: with 0.9 the two networks swing about each other (Radford et al. 2016)."""


class Adversarial(Objective):
    """Critic: -log D(x) - log(1 - D(G(z))); generator: -log D(G(z)), with z ~ N(0, I), per image.

    The network's decoder is the generator G; its encoder with one number on top is the critic's logit. In
    each step the critic takes its step first, then the generator one against the new critic.
    """

    title: ClassVar[str] = "Generative adversarial network (GAN)"
    summary: ClassVar[str] = "A generator learns to make images that a critic takes for real."
    formula: ClassVar[str] = "critic −log D(x) − log(1 − D(G(z))); generator −log D(G(z))"
    group: ClassVar[GroupName] = "adversarial"
    encodes: ClassVar[bool] = False
    accuracy_of_critic: ClassVar[str] = "critic_accuracy"

    critic_steps: int = setting(
        1,
        title="Critic steps",
        unit="per step of the generator",
        ge=1,
        le=20,
        help="How many steps the critic takes for each one of the generator.",
    )
    label_smoothing: float = setting(
        0.0,
        title="Label smoothing",
        unit="of a real image",
        ge=0.0,
        le=0.5,
        live=True,
        help="How much of a real image the critic is told to call made: it is never quite sure.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            self.image_loss(),
            Term("critic_accuracy", "Critic's accuracy", "share of images", "critic"),
            Term("generator_loss", "Generator's loss", "nats per image", "generator"),
        )

    def phases(self) -> tuple[Phase, ...]:
        return (
            Phase(
                "critic", "Critic", ("encoder", "objective"), self.image_loss().name, first_beta=FIRST_BETA
            ),
            Phase(
                "generator",
                "Generator",
                ("decoder",),
                "generator_loss",
                every=self.critic_steps,
                first_beta=FIRST_BETA,
            ),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("vector", (latent_size,), prior=NormalPrior(latent_size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return flat_code(features, 1)

    def image_loss(self) -> Term:
        return Term("critic_loss", "Critic's loss", "nats per image", "critic")
