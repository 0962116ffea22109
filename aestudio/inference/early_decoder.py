"""Decodes with numpy until torch is imported: the first digit of a shipped model appears seconds earlier.

Only what the shipped models need: dense layers, transposed convolutions, ReLU, and images that are the
sigmoid of the logits. For any other model `early_decoder` returns None, and the image waits for torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.layers.layer import Layer, PlacedLayer, place
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.transposed_convolution import TransposedConvolution
from aestudio.objectives.variational.config import Variational
from aestudio.recipes.latent import NormalPrior

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot
    from aestudio.types import CodeArray, Condition, Reconstructed

    Values = NDArray[np.float32]
    Parameters = Mapping[str, Values]  # weight and bias of one layer


class EarlyDecoder:
    """Decodes as `FrozenModel` does, to one grey level, with what a slider needs of its methods."""

    decodes = True

    def __init__(self, snapshot: Snapshot) -> None:
        """Raises TypeError for a layer that it does not know."""
        self.snapshot: Snapshot = snapshot
        architecture = snapshot.architecture
        layers: list[tuple[PlacedLayer, Parameters]] = []
        for number, one in enumerate(place(architecture.decoder, architecture.decoder_input)):
            if not isinstance(one.layer, _KNOWN) or not _is_known(one.layer):
                raise TypeError(f"{type(one.layer).__name__} is not decoded without torch")
            prefix = f"decoder.{one.layer.name or number}."
            own = {
                name.removeprefix(prefix): np.asarray(array, np.float32)
                for name, array in snapshot.weights.items()
                if name.startswith(prefix)
            }
            layers.append((one, own))
        self._layers = layers

    def decode(self, codes: CodeArray, condition: Condition | None = None) -> Reconstructed:
        """Codes float32 (N, L) -> images uint8 (N, C, H, W). The models that it decodes are told nothing."""
        del condition
        values = np.asarray(codes, np.float32)
        for one, parameters in self._layers:
            values = _forward(one.layer, values, parameters)
        images = 1 / (1 + np.exp(-values.reshape(len(codes), *self.snapshot.data.image.array)))
        return np.rint(images * 255).astype(np.uint8)

    def points(self, codes: CodeArray) -> CodeArray:
        """The codes (N, L) themselves: those of a variational autoencoder have distances with a meaning."""
        return codes

    def prior_log_density(self, codes: CodeArray) -> NDArray[np.float64]:
        """The log-density of codes float32 (N, L) under the prior, float64 (N,), in nats."""
        return NormalPrior(self.snapshot.architecture.latent.size).log_density(codes)


def early_decoder(snapshot: Snapshot) -> EarlyDecoder | None:
    """The decoder of this snapshot without torch; None if the model has parts that are not known here."""
    objective = snapshot.recipe.objective
    if type(objective) is not Variational or objective.likelihood != "bernoulli":
        return None
    try:
        return EarlyDecoder(snapshot)
    except TypeError:
        return None


def _is_known(layer: Layer) -> bool:
    return not isinstance(layer, Activation) or layer.function == "relu"


def _forward(layer: Layer, values: Values, parameters: Parameters) -> Values:
    """Values (N, *inputs) -> (N, *output_shape); raises TypeError for another kind of layer."""
    match layer:
        case Dense():
            return values @ parameters["weight"].T + parameters["bias"]
        case Activation():
            return np.maximum(values, 0)
        case Flatten():
            return values.reshape(len(values), -1)
        case Reshape():
            return values.reshape(len(values), *layer.shape)
        case TransposedConvolution():
            return _transposed_convolution(layer, values, parameters)
        case _:
            raise TypeError(f"{type(layer).__name__} is not decoded without torch")


def _transposed_convolution(layer: TransposedConvolution, values: Values, parameters: Parameters) -> Values:
    """Add each input's multiple of the kernel to the result, `stride` apart; then cut the padding off."""
    count, _, rows, columns = values.shape
    stride, kernel, padding = layer.stride, layer.kernel, layer.padding
    height, width = layer.sides
    high = max((rows - 1) * stride + kernel, height + padding)
    wide = max((columns - 1) * stride + kernel, width + padding)
    full = np.zeros((count, layer.channels, high, wide), np.float32)
    products = np.einsum("nchw,cokl->noklhw", values, parameters["weight"], optimize=True)
    for i in range(kernel):
        for j in range(kernel):
            below, right = i + (rows - 1) * stride + 1, j + (columns - 1) * stride + 1
            full[:, :, i:below:stride, j:right:stride] += products[:, :, i, j]
    shown = full[:, :, padding : padding + height, padding : padding + width]
    return shown + parameters["bias"][:, None, None]


_KNOWN = (Dense, Activation, Flatten, Reshape, TransposedConvolution)
