"""A small convolutional network with batch normalisation and dropout, and two phases of training."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.dropout import Dropout
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.recipe import Recipe
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape


class Normalised(Network):
    """A convolution, batch normalisation, dropout; dense layers back."""

    title: ClassVar[str] = "Normalised"
    summary: ClassVar[str] = "A test."

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        convolution = Convolution(4, 4, stride=2, padding=1)
        return (convolution, Normalisation(), Activation(), Flatten(), Dropout(0.2))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        return (Dense(12), Normalisation(), Activation("prelu"), Dense(prod(image)), Reshape(image))


class TwoPhases(Objective):
    """The first phase reconstructs and pleases a critic of the codes, the second trains the critic."""

    title: ClassVar[str] = "Two phases"
    summary: ClassVar[str] = "A test."

    first_every: int = setting(1, title="First", help="Steps.", ge=1)
    critic_every: int = setting(3, title="Critic", help="Steps.", ge=1)
    critic_begins: float = setting(0.0, title="Critic begins", help="Epochs.", ge=0.0)
    critic_rate: float = setting(0.5, title="Critic's rate", help="Factor.", gt=0.0)
    pleasure: float = setting(0.1, title="Pleasure", help="Weight of the critic.", ge=0.0, live=True)

    def phases(self) -> tuple[Phase, ...]:
        parts = ("encoder", "decoder", "objective.head", "objective.unused")
        return (
            Phase("autoencoder", "Autoencoder", parts, every=self.first_every),
            Phase(
                "critic",
                "Critic",
                ("objective.critic",),
                "critic_loss",
                every=self.critic_every,
                begins=self.critic_begins,
                learning_rate=self.critic_rate,
                optimiser="sgd",
            ),
        )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", "squared error per image", "autoencoder"),
            self.image_loss(),
            Term("critic_loss", "Critic", "squared score", "critic"),
        )

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        return Latent("vector", (latent_size,))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return flat_code(features, latent_size)

    def networks(
        self,
        features: Shape,
        latent_size: int,
        data: DataShape,
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        return {"critic": ((latent_size,), (Dense(6), Normalisation("layer"), Activation("silu"), Dense(1)))}


def two_phases(**settings: object) -> Recipe:
    """The recipe: 9 steps an epoch on 270 digits."""
    recipe = Recipe(
        name="two-phases",
        title="Two phases",
        purpose="A test.",
        network=Normalised(latent_size=3),
        objective=TwoPhases(),
    )
    return recipe.with_settings({"epochs": 2, "batch_size": 32, **settings})
