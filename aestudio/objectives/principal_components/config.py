"""Principal component analysis: the directions along which the images differ most, computed exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.objectives.code_layers import flat_code
from aestudio.recipes.latent import Latent
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.phase import Phase

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Layer, Shape
    from aestudio.recipes.network import Network
    from aestudio.recipes.objective import GroupName

_DOUBLE = 8  # bytes
# Numbers of an image: the covariance of more is in every checkpoint, and takes minutes to be decomposed.
MOST_NUMBERS = 4096


class PrincipalComponents(Objective):
    """PCA (Pearson 1901, Hotelling 1933): the linear code with the least squared error.

    Number j of a code is how far the image is from the mean along component j, in pixel values; the images
    differ most along the first. So distances of codes are those of the reconstructions.
    """

    title: ClassVar[str] = "Principal components"
    summary: ClassVar[str] = "The best linear code, computed instead of learned."
    formula: ClassVar[str] = "‖x − m − V Vᵀ(x − m)‖²"
    group: ClassVar[GroupName] = "linear"

    def terms(self) -> tuple[Term, ...]:
        total, error = Term("loss", "Loss", "squared error per image"), self.image_loss()
        return (
            total,
            Term(error.name, error.title, error.unit, same_as=total.name),
            Term("explained_variance", "Explained variance", "share"),
        )

    def phases(self) -> tuple[Phase, ...]:
        return (Phase("fit", "Fit", exact=True),)

    def latent(self, features: Shape, latent_size: int, data: DataShape) -> Latent:  # noqa: ARG002
        numbers = data.image.size
        if numbers > MOST_NUMBERS:
            raise StudioError(
                f"Images of {numbers:,} numbers have a covariance of {_DOUBLE * numbers**2 / 1e9:.1f} GB",
                where=self.title,
                advice="Choose smaller images, or the linear autoencoder, which learns the same plane.",
            )
        return Latent("vector", (latent_size,))

    def head(self, features: Shape, latent_size: int, data: DataShape) -> tuple[Layer, ...]:  # noqa: ARG002
        return flat_code(features, latent_size)

    @property
    def compares_batches(self) -> bool:
        return True  # the explained variance is a share of a batch's variance

    def fit_bytes(self, data: DataShape) -> int:
        return _DOUBLE * (data.image.size**2 + data.image.size + 1)

    def settings_without_effect(self) -> frozenset[str]:
        # Hidden layers are refused, and there is nothing to drop out between them.
        return super().settings_without_effect() | {
            *("hidden", "activation", "normalisation", "dropout", "decoder_weights")
        }

    def refuses(self, network: Network) -> str:
        image = MNIST.image.array
        decoder = [type(layer) for layer in network.decoder((network.latent_size,), image)]
        if decoder == [Dense, Reshape] and all(type(one) is Flatten for one in network.encoder(image)):
            return ""
        return "principal components are linear: choose a fully connected network without hidden layers"
