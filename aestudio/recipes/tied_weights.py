"""Which objectives a decoder with the encoder's matrices can be trained with. No torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST
from aestudio.layers.dense import Dense
from aestudio.layers.layer import output_shape
from aestudio.layers.tied_dense import TiedDense

if TYPE_CHECKING:
    from aestudio.recipes.network import Network
    from aestudio.recipes.objective import Objective


def tying_refused(network: Network, objective: Objective) -> str:
    """Why the decoder's matrices cannot be the encoder's, or "" if they can, or are not to be.

    Images of any size have the same answer, so it is asked for MNIST's.
    """
    size, image = network.latent_size, MNIST.image.array
    if network.spatial or not any(isinstance(one, TiedDense) for one in network.decoder((size,), image)):
        return ""
    if not objective.decodes:
        return ""  # there is no decoder
    if not objective.encodes or objective.condition != "none":
        return (
            "with tied weights, the decoder takes what the encoder gives: nothing else, and nothing besides"
        )
    features = output_shape(network.encoder(image), image)
    head, latent = objective.head(features, size, MNIST), objective.latent(features, size, MNIST)
    # Means and variances are one matrix; the decoder takes the rows of the means.
    rows = (size, 2 * size) if latent.kind == "gaussian" else (size,)
    if latent.size == size and len(head) == 1 and isinstance(head[0], Dense) and head[0].units in rows:
        return ""
    return "with tied weights, one matrix makes the code of the features: its transpose leads back"
