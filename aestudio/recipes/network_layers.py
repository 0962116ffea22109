"""The layers of a model one by one, as they are drawn and looked into. No torch.

`Architecture.layers` is one row of boxes for the small diagram; here each layer also knows what it is in
words, which shapes it reads and writes, and which modules of the model have its weights and its result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from aestudio.layers.layer import place
from aestudio.layers.reshape import Flatten, Reshape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.layers.layer import Layer, LayerKind, PlacedLayer, Shape
    from aestudio.recipes.architecture import Architecture

MODEL = "model"


@dataclass(frozen=True)
class NetworkLayer:
    """One layer.

    kind, text:     how it is drawn, and what it is in a few words: "convolution 4 × 4, stride 2, ReLU"
    inputs, shape:  of one image before and after it; what it gives may be reshaped to maps at once
    reads:          what its inputs were before they were flattened, so that its weights can be drawn as that
    parameters:     its trainable numbers, and those of layers that are not drawn (normalisation)
    modules:        of the model, by name, which have its weights; () for images
    result:         the module whose result the next layer gets; "" for images and codes
    """

    kind: LayerKind
    text: str
    inputs: Shape
    shape: Shape
    reads: Shape
    parameters: int = 0
    modules: tuple[str, ...] = ()
    result: str = ""

    @property
    def size(self) -> int:
        """Numbers per image after the layer."""
        return prod(self.shape)


@dataclass(frozen=True)
class LayerChain:
    """Layers one after the other. name: `MODEL`, "critic", or that of a further network of the objective."""

    name: str
    layers: tuple[NetworkLayer, ...]

    @property
    def parameters(self) -> int:
        """Trainable numbers of all of them."""
        return sum(layer.parameters for layer in self.layers)


def chains(architecture: Architecture) -> tuple[LayerChain, ...]:
    """The model from image to image (from code to image, from image to classes), then its other networks.

    Without codes of images the encoder, with what lies above it, is a network of its own: a critic.
    """
    image = _image("image", architecture)
    head = tuple(architecture.head)
    # As `ObjectiveModule` builds it: a single layer is the head itself.
    heads = ["objective.head"] if len(head) == 1 else _names("objective.head", head)
    below = [
        *_named("encoder", architecture.encoder, architecture.encoder_input),
        *zip(heads, place(head, architecture.features), strict=True),
    ]
    encoder = _grouped(below)
    decoder = _grouped(_named("decoder", architecture.decoder, architecture.decoder_input))
    decoded = (_image("decoded image", architecture),) if architecture.decodes else ()
    others: list[LayerChain] = []
    if architecture.encodes:
        first = (image, *_with_code(encoder, architecture))
    else:
        first = _with_code((), architecture)
        critic = "critic" if architecture.recipe.objective.accuracy_of_critic else "encoder"
        others.append(LayerChain(critic, (image, *encoder)))
    for name, (inputs, layers) in architecture.networks.items():
        others.append(
            LayerChain(name.replace("_", " "), _grouped(_named(f"objective.{name}", layers, inputs)))
        )
    return (
        LayerChain(MODEL, (*first, *decoder, *decoded)),
        *(chain for chain in others if chain.layers),
    )


def _image(text: str, architecture: Architecture) -> NetworkLayer:
    shape = architecture.data.image.array
    return NetworkLayer("image", text, shape, shape, shape)


def _with_code(layers: Sequence[NetworkLayer], architecture: Architecture) -> tuple[NetworkLayer, ...]:
    """The layers, the last of the head replaced by the code that the objective makes of it."""
    latent = architecture.latent
    kind: LayerKind = "code" if latent.exists else "classes"
    if not layers or not any(name.startswith("objective.") for name in layers[-1].modules):
        return (*layers, NetworkLayer(kind, kind, latent.shape, latent.shape, latent.shape))
    last = layers[-1]
    text = f"{kind}, {last.text}"
    return (*layers[:-1], replace(last, kind=kind, text=text, shape=latent.shape, result=""))


def _names(prefix: str, layers: Sequence[Layer]) -> list[str]:
    return [f"{prefix}.{layer.name or index}" for index, layer in enumerate(layers)]


def _named(prefix: str, layers: Sequence[Layer], inputs: Shape) -> list[tuple[str, PlacedLayer]]:
    """The layers in their places, each with the name of its module."""
    return list(zip(_names(prefix, layers), place(layers, inputs), strict=True))


def _grouped(named: Sequence[tuple[str, PlacedLayer]]) -> tuple[NetworkLayer, ...]:
    """Each layer that is drawn, with those that follow it; the first one also with those before it."""
    starts = [index for index, (_, one) in enumerate(named) if one.layer.kind]
    ends = [*starts[1:], len(named)] if starts else []
    return tuple(
        _layer(named, start, end, 0 if start == starts[0] else start)
        for start, end in zip(starts, ends, strict=True)
    )


def _layer(named: Sequence[tuple[str, PlacedLayer]], start: int, end: int, first: int) -> NetworkLayer:
    """The layer drawn at `start`; to it belong those from `first` to before `end`."""
    drawn = named[start][1]
    assert drawn.layer.kind
    followers = named[start:end]
    after = next((one.shape for _, one in followers if isinstance(one.layer, Reshape)), drawn.shape)
    # Activation and normalisation keep the shape; what is flattened for the next layer is not its result.
    result = next(name for name, one in reversed(followers) if one.shape == after)
    words = dict.fromkeys(one.layer.text for _, one in followers if one.layer.text)
    before = start
    while before and isinstance(named[before - 1][1].layer, Flatten):
        before -= 1
    return NetworkLayer(
        drawn.layer.kind,
        ", ".join(words),
        drawn.inputs,
        after,
        named[before][1].inputs,
        sum(one.parameters for _, one in named[first:end]),
        tuple(name for name, _ in named[first:end]),
        result,
    )
