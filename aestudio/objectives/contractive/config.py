"""A contractive autoencoder (Rifai, Vincent, Muller, Glorot & Bengio 2011)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.datasets.image_shape import MNIST
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.residual import Residual
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aestudio.layers.layer import Layer
    from aestudio.recipes.network import Network
    from aestudio.recipes.objective import GroupName


class Contractive(Reconstruction):
    """d(x, decoder(h(x))) + lambda ||dh/dx||_F^2: small changes of an image hardly move its code.

    Reconstruction needs directions in which images really differ; in all others the code stays where it is.
    """

    title: ClassVar[str] = "Contractive autoencoder"
    summary: ClassVar[str] = "Small changes of an image hardly move its code."
    formula: ClassVar[str] = "d(x, y) + λ ‖∂z/∂x‖²"
    group: ClassVar[GroupName] = "robust"

    contraction: float = setting(
        0.1,
        title="Contraction λ",
        unit="× squared derivatives",
        ge=0.0,
        le=1000.0,
        live=True,
        help="How much the derivatives of the code by the pixels count against the reconstruction.",
    )
    probes: int = setting(
        1,
        title="Probes",
        unit="directions per step",
        ge=1,
        le=32,
        help="Random directions of the code by which the derivatives are estimated (Hutchinson 1990). "
        "Without hidden layers they are computed exactly.",
    )

    def added_terms(self) -> tuple[Term, ...]:
        return (Term("contraction", "Squared derivatives", "‖∂code/∂image‖² per image"),)

    def refuses(self, network: Network) -> str:
        layers = list(_all_layers(network.encoder(MNIST.image.array)))
        if any(isinstance(one, Normalisation) and one.statistics == "batch" for one in layers):
            return "with batch normalisation, the code of an image also depends on the others of its batch"
        if any(isinstance(one, Recurrent) for one in layers):
            return "derivatives of a recurrent layer cannot be differentiated again on every device"
        return super().refuses(network)


def _all_layers(layers: Iterable[Layer]) -> Iterator[Layer]:
    for one in layers:
        yield one
        if isinstance(one, Residual):
            yield from _all_layers(one.layers)
