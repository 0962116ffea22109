"""An adversarial autoencoder (Makhzani et al. 2015, arXiv:1511.05644, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName

FIRST_BETA = 0.5
CRITIC = "critic"


class AdversarialAutoencoder(Reconstruction):
    """Three losses, per image, in turn; q(x) is the code of an image and z ~ N(0, I) one of the prior.

    Autoencoder: distance(x, decoder(q(x))). Critic of codes: -log D(z) - log(1 - D(q(x))). Encoder, against
    the new critic: -log D(q(x)). So the codes of all images together come to be distributed as the prior.
    """

    title: ClassVar[str] = "Adversarial autoencoder"
    summary: ClassVar[str] = "A critic of codes makes them follow a prior."
    formula: ClassVar[str] = "d(x, y); critic −log D(p) − log(1 − D(z)); encoder −log D(z)"
    group: ClassVar[GroupName] = "adversarial"
    accuracy_of_critic: ClassVar[str] = "critic_accuracy"

    critic_units: int = setting(
        256,
        title="Critic's units",
        unit="units",
        ge=1,
        le=4096,
        help="Size of both hidden layers of the critic that tells codes from draws of the prior.",
    )
    encoder_rate: float = setting(
        0.2,
        title="Rate against the critic",
        unit="× learning rate",
        gt=0.0,
        le=10.0,
        logarithmic=True,
        help="How fast critic and encoder learn against each other, compared with reconstructing.",
    )

    @model_validator(mode="after")
    def _codes_can_follow_the_prior(self) -> AdversarialAutoencoder:
        # Codes of one sign, or between bounds, are never distributed as N(0, I).
        if self.code_activation != "linear":
            context = {"name": "code_activation", "allowed": "linear, because the prior is N(0, I)"}
            raise PydanticCustomError("combination", "{name} must be {allowed}", context)
        return self

    def terms(self) -> tuple[Term, ...]:
        phase = "autoencoder"
        own = tuple(Term(term.name, term.title, term.unit, phase, term.same_as) for term in super().terms())
        return (
            *own,
            Term("critic_loss", "Critic's loss", "nats per image", CRITIC),
            Term("critic_accuracy", "Critic's accuracy", "share of codes", CRITIC),
            Term("encoder_loss", "Encoder's loss", "nats per image", "encoder"),
        )

    def phases(self) -> tuple[Phase, ...]:
        encoder = "encoder", "objective.head"
        rate = self.encoder_rate
        return (
            Phase("autoencoder", "Autoencoder", (*encoder, "decoder"), "loss"),
            Phase(
                CRITIC,
                "Critic",
                (f"objective.{CRITIC}",),
                "critic_loss",
                learning_rate=rate,
                first_beta=FIRST_BETA,
            ),
            Phase("encoder", "Encoder", encoder, "encoder_loss", learning_rate=rate, first_beta=FIRST_BETA),
        )

    def networks(
        self,
        features: Shape,  # noqa: ARG002 - the critic sees codes only
        latent_size: int,
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        units = self.critic_units
        hidden = (Dense(units), Activation("leaky_relu"), Dense(units), Activation("leaky_relu"))
        return {CRITIC: ((latent_size,), (*hidden, Dense(1)))}

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("vector", (latent_size,), prior=NormalPrior(latent_size))
