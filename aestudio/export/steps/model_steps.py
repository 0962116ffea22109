"""A trained network as plain steps with their weights, for what has no torch or none of this program.

The steps come from the same lists of layers of which diagram and module are made, so there is no second
description of any network: a kind of layer is one entry of `_STEPS`, whatever network uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aestudio.layers.activation import Activation
from aestudio.layers.attention import Attention
from aestudio.layers.convolution import Convolution
from aestudio.layers.crop import Crop
from aestudio.layers.dense import Dense
from aestudio.layers.dropout import Dropout
from aestudio.layers.layer import Layer, PlacedLayer, Shape, place
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.patches import ImageToPatches, PatchesToImage, Positions
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.reshape import Flatten, ImageToRows, Repeat, Reshape, RowsToImage
from aestudio.layers.residual import Residual
from aestudio.layers.tied_dense import TiedDense
from aestudio.layers.transformer_block import TransformerBlock
from aestudio.layers.transposed_convolution import TransposedConvolution

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.recipes.architecture import Architecture

    Weights = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Step:
    """One step of an evaluation, of one image, (C, H, W) -> (F,) for instance, as `inputs` and `shape` say.

    kind:     what it does, a word of `_STEPS` or of `code_form`
    settings: what it needs to know besides, plain numbers and texts
    arrays:   its weights by the names that torch gives them, float32
    parts:    steps within it, by name
    """

    kind: str
    inputs: Shape
    shape: Shape
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    arrays: Weights = field(default_factory=dict[str, Any])
    parts: Mapping[str, tuple[Step, ...]] = field(default_factory=dict[str, Any])


class NoSteps(ValueError):
    """A layer or an objective that has no steps; the text is a sentence for people without a full stop."""


@dataclass(frozen=True)
class _Found:
    """A layer at its place, and the weights of the model, of which its own begin with `prefix`."""

    placed: PlacedLayer
    weights: Weights
    prefix: str

    def arrays(self, *names: str) -> Weights:
        return {name: self.weights[f"{self.prefix}{name}"] for name in names}

    def step(self, kind: str, arrays: Weights | None = None, **settings: Any) -> Step:
        return Step(kind, self.placed.inputs, self.placed.shape, settings, arrays or {})


def layer_steps(layers: Sequence[Layer], inputs: Shape, weights: Weights, prefix: str) -> tuple[Step, ...]:
    """The steps of a list of layers, weights each in its own shape; raises NoSteps.

    prefix: with which the names of its weights begin, "encoder."

    Layers that do nothing outside training (dropout) have none.
    """
    steps: list[Step] = []
    for number, one in enumerate(place(layers, inputs)):
        found = _Found(one, weights, f"{prefix}{one.layer.name or number}.")
        make = _STEPS.get(type(one.layer))
        if make is None:
            raise NoSteps(f"The layer {type(one.layer).__name__} cannot be written so yet")
        steps += make(one.layer, found)
    return tuple(steps)


def has_unknown_layer(architecture: Architecture) -> bool:
    """Whether a layer between image, code and image has no steps."""
    encodes = architecture.encodes
    used = [*(architecture.encoder if encodes else ()), *(architecture.head if encodes else ())]
    return any(type(layer) not in _STEPS for layer in (*used, *architecture.decoder))


def network_steps(architecture: Architecture, weights: Weights, part: str) -> tuple[Step, ...]:
    """The steps of a part: "encoder", image (C, H, W) -> features; "head" -> numbers of the code; "decoder".

    Raises NoSteps.
    """
    if part == "head":
        # A single layer is not numbered among the weights.
        single = len(architecture.head) == 1 and not architecture.head[0].name
        named = (
            {
                f"objective.head.0.{name.removeprefix('objective.head.')}": value
                for name, value in weights.items()
                if name.startswith("objective.head.")
            }
            if single
            else weights
        )
        return layer_steps(architecture.head, architecture.features, named, "objective.head.")
    if part == "encoder":
        return layer_steps(architecture.encoder, architecture.encoder_input, weights, "encoder.")
    return layer_steps(
        architecture.decoder, architecture.decoder_input, _untied(architecture, weights), "decoder."
    )


def _untied(architecture: Architecture, weights: Weights) -> Weights:
    """The weights, and for each tied layer of the decoder a matrix of its own."""
    tied = [
        (f"decoder.{one.layer.name or number}.weight", one.inputs[0])
        for number, one in enumerate(place(architecture.decoder, architecture.decoder_input))
        if isinstance(one.layer, TiedDense)
    ]
    if not tied:
        return weights
    single = len(architecture.head) == 1
    lists = (
        ("encoder.", architecture.encoder, False),
        ("objective.head.", architecture.head, single),
    )
    sources = [
        f"{prefix}weight" if alone else f"{prefix}{layer.name or number}.weight"
        for prefix, layers, alone in lists
        for number, layer in enumerate(layers)
        if isinstance(layer, Dense)
    ]
    own = {
        name: weights[source][:inputs].T.copy()
        for (name, inputs), source in zip(tied, reversed(sources), strict=True)
    }
    return {**weights, **own}


# ---- one function for each kind of layer ----------------------------------------------------------------


def _dense(_: Any, found: _Found) -> Step:
    return found.step("linear", found.arrays("weight", "bias"))


def _convolution(layer: Convolution, found: _Found) -> Step:
    return found.step(
        "convolution",
        found.arrays("weight", "bias"),
        kernel=layer.kernel,
        stride=layer.stride,
        padding=layer.padding,
    )


def _transposed(layer: TransposedConvolution, found: _Found) -> Step:
    rest = tuple(
        after - ((before - 1) * layer.stride - 2 * layer.padding + layer.kernel)
        for before, after in zip(found.placed.inputs[1:], layer.sides, strict=True)
    )
    return found.step(
        "transposed_convolution",
        found.arrays("weight", "bias"),
        kernel=layer.kernel,
        stride=layer.stride,
        padding=layer.padding,
        output_padding=rest,
    )


def _activation(layer: Activation, found: _Found) -> Step:
    arrays = found.arrays("weight") if layer.function == "prelu" else None
    return found.step("activation", arrays, function=layer.function)


def _normalisation(layer: Normalisation, found: _Found) -> Step:
    built: Any = layer.build(found.placed.inputs)  # its sizes and its small number are torch's
    if layer.statistics == "batch":
        names = ("weight", "bias", "running_mean", "running_var")
        return found.step("batch_normalisation", found.arrays(*names), epsilon=built.eps)
    settings: dict[str, Any] = {"epsilon": built.eps}
    if layer.statistics == "group":
        return found.step(
            "group_normalisation", found.arrays("weight", "bias"), groups=built.num_groups, **settings
        )
    shape = tuple(built.normalized_shape)
    return found.step("layer_normalisation", found.arrays("weight", "bias"), last=shape, **settings)


def _recurrent(layer: Recurrent, found: _Found) -> Step:
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    return found.step("recurrent", found.arrays(*names), cell=layer.cell, last=layer.result == "last")


def _attention(layer: Attention, found: _Found) -> Step:
    names = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")
    inner = _Found(found.placed, found.weights, f"{found.prefix}attention.")
    return found.step("attention", inner.arrays(*names), heads=layer.heads)


def _residual(layer: Residual, found: _Found) -> Step:
    inputs, shape = found.placed.inputs, found.placed.shape
    lists = {"inner": layer.layers, "projection": layer.projection(inputs, shape)}
    parts = {
        name: layer_steps(layers, inputs, found.weights, f"{found.prefix}{name}.")
        for name, layers in lists.items()
    }
    return Step("residual", inputs, shape, parts=parts)


def _plain(kind: str) -> Callable[[Any, _Found], Step]:
    """A step that only changes the shape."""
    return lambda _, found: found.step(kind)


def _patches(kind: str) -> Callable[[Any, _Found], Step]:
    return lambda layer, found: found.step(kind, side=layer.side)


def _positions(_: Any, found: _Found) -> Step:
    return found.step("positions", found.arrays("table.weight"))


def _transformer_block(layer: TransformerBlock, found: _Found) -> tuple[Step, ...]:
    inputs = found.placed.inputs
    return layer_steps(layer.parts(inputs), inputs, found.weights, found.prefix)


def _one(make: Callable[[Any, _Found], Step]) -> Callable[[Any, _Found], tuple[Step, ...]]:
    return lambda layer, found: (make(layer, found),)


_STEPS: dict[type[Layer], Callable[[Any, _Found], tuple[Step, ...]]] = {
    Dense: _one(_dense),
    TiedDense: _one(_dense),
    Convolution: _one(_convolution),
    TransposedConvolution: _one(_transposed),
    Activation: _one(_activation),
    Normalisation: _one(_normalisation),
    Recurrent: _one(_recurrent),
    Attention: _one(_attention),
    Residual: _one(_residual),
    Crop: _one(_plain("crop")),
    Flatten: _one(_plain("flatten")),
    Reshape: _one(_plain("reshape")),
    ImageToRows: _one(_plain("image_to_rows")),
    RowsToImage: _one(_plain("rows_to_image")),
    Repeat: _one(_plain("repeat")),
    ImageToPatches: _one(_patches("image_to_patches")),
    PatchesToImage: _one(_patches("patches_to_image")),
    Positions: _one(_positions),
    TransformerBlock: _transformer_block,
    Dropout: lambda _layer, _found: (),
}
