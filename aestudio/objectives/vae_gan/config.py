"""A VAE whose reconstructions are judged by the features of a GAN's critic (Larsen et al. 2016, VAE/GAN)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten
from aestudio.networks.mirrored_convolutions import halving
from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent, NormalPrior
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.objective import GroupName

FIRST_BETA = 0.5
ENCODER, DECODER, CRITIC = "encoder", "decoder", "critic"
NATS = "nats per image"


class VaeGan(Objective):
    """Three losses, per image, in turn; z ~ q(z|x), y is decoded of z, p of a draw of the prior N(0, I).

    f(x) are the features of the critic D, the maps below its last layer. In f an image has the likelihood
    N(f(y), I), so that its error is e = |f(x) - f(y)|^2 / 2 (equation 7; a constant is left out).

    Encoder: beta KL(q(z|x) || N(0, I)) + e. Decoder: gamma e - log D(y) - log D(p). Critic: -log D(x) -
    (log(1 - D(y)) + log(1 - D(p))) / 2, as many made images as real ones. The source's decoder minimises
    log(1 - D) instead of -log D, which has no slope where the critic is sure (Goodfellow et al. 2014); and it
    takes one pass for the three losses, where each phase here sees what the one before it has changed.
    """

    title: ClassVar[str] = "VAE-GAN"
    summary: ClassVar[str] = "A VAE whose errors are measured by the features of a critic."
    formula: ClassVar[str] = "β KL + e; decoder γ e − log D(y); e = ½ ‖f(x) − f(y)‖²"
    group: ClassVar[GroupName] = "adversarial"
    accuracy_of_critic: ClassVar[str] = "critic_accuracy"

    beta: float = setting(
        1.0,
        title="β",
        unit="× KL",
        ge=0.0,
        le=100.0,
        live=True,
        help="How much the KL counts beside the error of features.",
    )
    feature_weight: float = setting(
        0.1,
        title="Weight of features γ",
        unit="× error of features",
        ge=0.0,
        le=100.0,
        live=True,
        help="How much the decoder minds the error of features beside deceiving the critic: "
        "more is nearer to the image, less is sharper.",
    )
    critic_channels: int = setting(
        32,
        title="Critic's channels",
        unit="filters",
        ge=1,
        le=256,
        help="Filters of the critic's first convolution; its second has twice as many.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("encoder_loss", "Encoder's loss", NATS, ENCODER),
            Term("feature_error", "Error of features", NATS, ENCODER),
            Term("kl", "KL", NATS, ENCODER),
            Term("squared_error", "Squared error", "squared error per image", ENCODER),
            Term("decoder_loss", "Decoder's loss", NATS, DECODER),
            Term("deception", "Deception, −log D", NATS, DECODER),
            Term("critic_loss", "Critic's loss", NATS, CRITIC),
            Term("critic_accuracy", "Critic's accuracy", "share of images", CRITIC),
        )

    def phases(self) -> tuple[Phase, ...]:
        return (
            Phase(ENCODER, "Encoder", ("encoder", "objective.head"), "encoder_loss"),
            Phase(DECODER, "Decoder", ("decoder",), "decoder_loss", first_beta=FIRST_BETA),
            Phase(CRITIC, "Critic", (f"objective.{CRITIC}",), "critic_loss", first_beta=FIRST_BETA),
        )

    def networks(
        self,
        features: Shape,  # noqa: ARG002 - the critic sees images
        latent_size: int,  # noqa: ARG002
        data: DataShape,
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        first, leaky = self.critic_channels, Activation("leaky_relu")
        return {
            CRITIC: (
                data.image.array,
                (halving(first), leaky, halving(2 * first), leaky, Flatten(), Dense(1)),
            )
        }

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("gaussian", (latent_size,), prior=NormalPrior(latent_size))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return flat_code(features, 2 * latent_size)

    @property
    def draws_codes(self) -> bool:
        return True
