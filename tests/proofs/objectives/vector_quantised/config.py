"""A vector-quantised autoencoder (van den Oord et al. 2017) whose codebook is a moving average."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.convolution import Convolution
from aestudio.recipes.latent import CategoricalPrior, Latent
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.network import Network

NATS = "nats per image"


class VectorQuantised(Objective):
    """Each place of the code is the nearest entry of a codebook."""

    title: ClassVar[str] = "Vector-quantised autoencoder"
    summary: ClassVar[str] = "Each place of the code is one entry of a codebook."

    entries: int = setting(
        32, title="Entries", unit="entries", ge=2, le=4096, help="How many entries the codebook has."
    )
    commitment: float = setting(
        0.25, title="Commitment", unit="× squared distance", ge=0.0, le=10.0, help="Weight of the commitment."
    )

    def terms(self) -> tuple[Term, ...]:
        return (
            Term("loss", "Loss", NATS),
            self.image_loss(),
            Term("commitment", "Commitment", "squared distance per image"),
            Term("perplexity", "Perplexity", "entries"),
        )

    def image_loss(self) -> Term:
        return Term("reconstruction", "Reconstruction", NATS)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:
        places = features[1:]
        return Latent("codebook", places, self.entries, prior=CategoricalPrior(prod(places), self.entries))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:
        return (Convolution(latent_size, 1),)

    def decoder_input(self, latent: Latent, head: Shape, data: DataShape) -> Shape:
        return head

    def refuses(self, network: Network) -> str:
        return "" if network.spatial else "a codebook needs a network whose features are maps"
