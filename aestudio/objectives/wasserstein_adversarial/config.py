"""A Wasserstein GAN with gradient penalty (Gulrajani et al. 2017, arXiv:1704.00028)."""

from __future__ import annotations

import math
from dataclasses import replace
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
"""Adam's average of the gradients; 0 in algorithm 1 of the paper, 0.5 for its networks with convolutions."""


class WassersteinAdversarial(Objective):
    """Critic: f(G(z)) - f(x) + lambda (|grad f(u)| - 1)^2; generator: -f(G(z)), with z ~ N(0, I), per image.

    u = e x + (1 - e) G(z) with e ~ U(0, 1) lies between a real and a made image. f(x) - f(G(z)), at its
    largest under |grad f| = 1, is the Wasserstein distance of real and made images, which keeps a slope where
    the two have nothing in common. The network's decoder is the generator, its encoder with one number on
    top the critic f.
    """

    title: ClassVar[str] = "Wasserstein GAN with gradient penalty"
    summary: ClassVar[str] = "The critic measures how far made images are from real ones."
    formula: ClassVar[str] = "critic f(G(z)) − f(x) + λ (‖∇f‖ − 1)²; generator −f(G(z))"
    group: ClassVar[GroupName] = "adversarial"
    encodes: ClassVar[bool] = False

    critic_steps: int = setting(
        3,
        title="Critic steps",
        unit="per step of the generator",
        ge=1,
        le=20,
        help="How many steps the critic takes for each one of the generator; 5 in the paper.",
    )
    gradient_penalty: float = setting(
        10.0,
        title="Gradient penalty λ",
        unit="× (slope − 1)²",
        gt=0.0,
        le=1000.0,
        logarithmic=True,
        live=True,
        help="How much it counts that the critic's slope between real and made images is not 1.",
    )

    def terms(self) -> tuple[Term, ...]:
        unit = self.image_loss().unit
        return (
            self.image_loss(),
            Term("wasserstein_distance", "Wasserstein distance", unit, "critic"),
            Term("slope_penalty", "Gradient penalty", unit, "critic"),
            Term("generator_loss", "Generator's loss", unit, "generator"),
        )

    def phases(self) -> tuple[Phase, ...]:
        # The losses have no scale: a critic may add any number to all that it says.
        critic = Phase(
            "critic",
            "Critic",
            ("encoder", "objective"),
            self.image_loss().name,
            first_beta=FIRST_BETA,
            out_of_bounds=math.inf,
        )
        generator = replace(
            critic,
            name="generator",
            title="Generator",
            parameters=("decoder",),
            loss="generator_loss",
            every=self.critic_steps,
        )
        return critic, generator

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("vector", (latent_size,), prior=NormalPrior(latent_size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return flat_code(features, 1)

    def image_loss(self) -> Term:
        return Term("critic_loss", "Critic's loss", "critic's units", "critic")
