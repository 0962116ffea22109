"""What the layers of a model give for an image, and the weights of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.datasets.dataset import located
from aestudio.gui.inference.requests.subjects import OfImageSets, OfSnapshot
from aestudio.inference.conditions import condition_of_image
from aestudio.recipes.network_layers import chains

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.analysis.layer_weights import WeightPictures
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.activations import Activations
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.recipes.network_layers import LayerChain, NetworkLayer


@dataclass(frozen=True, eq=False)
class LayersOfImage:
    """original: uint8 (C, H, W); chains: the layers that the activations are of."""

    original: NDArray[np.uint8]
    chains: tuple[LayerChain, ...]
    activations: Activations


@dataclass(frozen=True)
class LayerActivity(OfImageSets):
    """The selected image through every layer.

    index: counted through all the sets, the test set first (`StudioState.image_at`)
    code, condition: what is decoded by a model without an encoder, and what it is told; None for others
    """

    channel: ClassVar[str] = "layer activity"
    urgent: ClassVar[bool] = True
    index: int
    code: tuple[float, ...] | None = None
    condition: ConditionRow | None = None

    def compute(self, cache: InferenceCache, progress: Progress) -> LayersOfImage:
        """The activations of all layers."""
        from aestudio.inference.activations import activations

        found = located(self.image_sets, self.index)
        if found is None:
            raise IndexError(self.index)
        image_set, index = found
        architecture = self.snapshot.architecture
        told = condition_of_image(architecture, image_set, index) if architecture.encodes else self.condition
        layers = chains(architecture)
        modules = [layer.result for chain in layers for layer in chain.layers if layer.result]
        image = image_set.images[index]
        model = cache.frozen_model(self.snapshot)
        return LayersOfImage(image, layers, activations(model, modules, image, self.code, told))


@dataclass(frozen=True)
class LayerWeights(OfSnapshot):
    """One matrix of a layer, by its name among the weights."""

    channel: ClassVar[str] = "layer weights"
    urgent: ClassVar[bool] = True
    layer: NetworkLayer
    matrix: str

    def compute(self, cache: InferenceCache, progress: Progress) -> WeightPictures:
        """The weights as signed pictures."""
        from aestudio.analysis.layer_weights import weight_pictures

        return weight_pictures(self.layer, self.snapshot, self.matrix)
