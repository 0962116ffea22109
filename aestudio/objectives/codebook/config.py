"""A VQ-VAE (van den Oord, Vinyals & Kavukcuoglu 2017): each place of the code is an entry of a codebook."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.recurrent import Recurrent
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.network import Network
    from aestudio.recipes.objective import GroupName

NATS = "nats per image"
AUTOENCODER, PRIOR = "autoencoder", "prior"
PRIOR_RATE = 3.0  # times the learning rate: it has fewer epochs, and nothing else depends on it


class Codebook(Objective):
    """-log p(x|e) + c ||z - sg[e]||^2, with e the entry nearest to z at each place, sg: without gradient.

    The gradient of z is that of e (straight-through). The entries are moving averages of what is nearest to
    them (appendix A.1), so that ||sg[z] - e||^2 needs no gradient. A second phase learns the prior of the
    codes, place by place from the upper left: -sum_i log p(e_i | e_1, ..., e_i-1), by a recurrent network.
    """

    title: ClassVar[str] = "Codebook (VQ-VAE)"
    summary: ClassVar[str] = "Each place of the code is one entry of a codebook, and a prior learns which."
    formula: ClassVar[str] = "−log p(x|e) + c ‖z − e‖²; prior −Σᵢ log p(eᵢ | e₁ … eᵢ₋₁)"
    group: ClassVar[GroupName] = "discrete"

    entries: int = setting(
        128,
        title="Entries",
        unit="entries",
        ge=2,
        le=1024,
        help="How many entries the codebook has. Those that nothing is near to begin again elsewhere.",
    )
    commitment: float = setting(
        0.25,
        title="Commitment c",
        unit="× squared distance",
        ge=0.0,
        le=10.0,
        live=True,
        help="Keeps what the encoder gives near the entries.",
    )
    prior_units: int = setting(
        128,
        title="Units of the prior",
        unit="units",
        ge=1,
        le=1024,
        help="Of the GRU that says which entry comes next. New images are drawn from it.",
    )
    prior_begins: float = setting(
        1.0,
        title="Prior begins after",
        unit="epochs",
        ge=0.0,
        le=1000.0,
        help="Before, the codes change too fast to be worth learning.",
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS, AUTOENCODER),
            Term("reconstruction", "Reconstruction", NATS, AUTOENCODER),
            Term("commitment", "Commitment", "squared distance per image", AUTOENCODER),
            Term("perplexity", "Perplexity", "entries", AUTOENCODER),
            Term("prior_loss", "Codes under the prior", NATS, PRIOR),
        )

    def phases(self) -> tuple[Phase, ...]:
        parts = "encoder", "objective.head", "decoder"
        return (
            Phase(AUTOENCODER, "Autoencoder", parts, "loss"),
            Phase(
                PRIOR,
                "Prior",
                (f"objective.{PRIOR}",),
                "prior_loss",
                begins=self.prior_begins,
                learning_rate=PRIOR_RATE,
            ),
        )

    def image_loss(self) -> Term:
        return Term("reconstruction", "Reconstruction", NATS)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        return Latent("codebook", features[1:], self.entries, learned_prior=True)

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return (Convolution(latent_size, 1),)

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:  # noqa: ARG002
        return head

    def networks(
        self,
        features: Shape,
        latent_size: int,  # noqa: ARG002
        data: DataShape,  # noqa: ARG002
    ) -> Mapping[str, tuple[Shape, tuple[Layer, ...]]]:
        units, places = self.prior_units, prod(features[1:])
        layers = (Dense(units), Recurrent(units), Dense(self.entries))
        return {PRIOR: ((places, self.entries), layers)}

    @property
    def compares_batches(self) -> bool:
        return True  # the perplexity is that of the entries of a batch

    def refuses(self, network: Network) -> str:
        return "" if network.spatial else "a codebook needs a network whose features are maps"
